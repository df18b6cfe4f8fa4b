"""One more message: into which group it belongs, in a few milliseconds.

The same measure as for a whole stretch (`linking`): a message joins the group whose sum it is most like; groups found to be
one are put together. What was read before, and how it was grouped, is loaded once (`load`), after that messages are added.
Messages that stayed alone for long are let go (`forget`), so that what it takes does not grow from month to month.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongban.desks.hotline.heat.grouping.linking import ELSEWHERE, Bounds
from tongban.desks.hotline.heat.grouping.reading import read
from tongban.desks.hotline.heat.grouping.weighing import MOST_PAIRS, Counts, Ints, Sheet
from tongban.desks.hotline.heat.grouping.words import Words

CANDIDATES = 6  # groups that are compared in full
MANY = 48  # of those that share a name: so many are put in order, since some of the best may have been let go
TELLS_NOTHING = 0.1  # groups with which a message has no matter in common stay in the order of their names
LONGEST_LIST = 400  # groups that one run leads to, those told last
MOST_OF_A_GROUP = 600  # runs and pairs that a group remembers, the heaviest
AT_ONCE = 20_000


Tally = Mapping[str, int]
"""How often each name was told; never changed, so that all who tell the same have the same one."""


@lru_cache(maxsize=10_000)
def _tally(names: tuple[str, ...]) -> Tally:
    return dict(Counter(names))


def _sum(one: Tally, other: Tally) -> Tally:
    return dict(Counter(one) + Counter(other))


@dataclass(slots=True)
class Profile:
    """What a message or a group has said: keys ascending, and how much of each."""

    keys: NDArray[Any]
    counts: NDArray[np.float32]

    def plus(self, other: Profile) -> Profile:
        """Both together, the heaviest kept."""
        keys, at = np.unique(np.concatenate((self.keys, other.keys)), return_inverse=True)
        counts = np.bincount(at, weights=np.concatenate((self.counts, other.counts))).astype(np.float32)
        if len(keys) > 2 * MOST_OF_A_GROUP:
            kept = np.sort(np.argpartition(-counts, MOST_OF_A_GROUP)[:MOST_OF_A_GROUP])
            keys, counts = keys[kept], counts[kept]
        return Profile(keys, counts)

    def alike(self, weights: NDArray[np.float32], other: Profile, others: NDArray[np.float32]) -> float:
        """The cosine of two profiles under the weights of their keys."""
        mine, theirs = self.counts * weights, other.counts * others
        length = float(np.sqrt((mine @ mine) * (theirs @ theirs)))
        if not length:
            return 0.0
        at = np.searchsorted(other.keys, self.keys)
        at[at == len(other.keys)] = 0
        same = other.keys[at] == self.keys if len(other.keys) else np.zeros(len(self.keys), dtype=np.bool_)
        return float(mine[same] @ theirs[at[same]]) / length


@dataclass(slots=True)
class Known:
    """A group as the stream knows it."""

    id: int
    names: Profile
    matter: Profile
    districts: Tally
    townships: Tally
    messages: int = 1


class _Weighed:
    """A message or a group under the weights of now, reckoned once for all that it is compared with."""

    def __init__(self, stream: Stream, one: Known) -> None:
        self.one, self._stream = one, stream
        self.names = stream.name_weights(one.names)
        self._pairs: NDArray[np.float32] | None = None

    @property
    def pairs(self) -> NDArray[np.float32]:
        """Few come so far that they are asked for."""
        if self._pairs is None:
            self._pairs = self._stream.pair_weights(self.one.matter)
        return self._pairs


@dataclass(frozen=True, slots=True)
class Message:
    """A message to be placed; see `Stream.add`."""

    id: int
    title: str
    text: str
    districts: tuple[str, ...] = ()
    township: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a message went.

    :ivar group: id of the group; a message alone is a group of its own
    :ivar alike: how much it is like that group, 0 for a new one
    :ivar merged: groups that were found to be the same and went into it
    """

    group: int
    alike: float
    merged: tuple[int, ...] = ()


class Stream:
    """The groups of a running stream, in memory. Not for several threads at once.

    A group has the id of a message of it, the first as a rule.
    """

    def __init__(self, words: Words, plain: Ints, bounds: Bounds) -> None:
        self.words, self.plain, self.bounds = words, plain, bounds
        self.counts = Counts()
        self.groups: dict[int, Known] = {}
        self._lists: dict[int, list[int]] = {}
        self._went: dict[int, int] = {}
        self._gone = 0

    def load(
        self, texts: Sequence[tuple[str, str]], groups: Sequence[int], townships: Sequence[str] = ()
    ) -> None:
        """Take in messages that were grouped before, many at once. :param groups: the group of each"""
        for start in range(0, len(texts), AT_ONCE):
            part = texts[start : start + AT_ONCE]
            sheet = self.counts.add(read(part, self.words))
            for row, group in enumerate(groups[start : start + AT_ONCE]):
                of = townships[start + row] if townships else ""
                self._join(group, self._known(sheet, row, group, township=of))

    def add(
        self, message: int, title: str, text: str, *, districts: Sequence[str] = (), township: str = ""
    ) -> Placed:
        """Place one message.

        :param districts: where it is known to lie, besides what it says
        :param township: the township or street it lies in, if known: another one is another place
        """
        (placed,) = self.add_many([Message(message, title, text, tuple(districts), township)])
        return placed

    def add_many(self, messages: Sequence[Message]) -> list[Placed]:
        """Place messages in their order. They are read and counted together, which is most of what one by itself costs."""
        sheet = self.counts.add(read([(one.title, one.text) for one in messages], self.words))
        placed = []
        for row, message in enumerate(messages):
            one = self._known(sheet, row, message.id, districts=message.districts, township=message.township)
            placed.append(self._place(one))
        return placed

    def forget(self, groups: Iterable[int]) -> None:
        """Let go of those of some groups that have one message only."""
        for group in groups:
            known = self.groups.get(group)
            if known is not None and known.messages == 1:
                del self.groups[group]
                self._gone += 1
        if self._gone > len(self.groups) // 4:
            self._gone = 0
            self._lists = {key: left for key, held in self._lists.items() if (left := self._standing(held))}

    def _standing(self, groups: Iterable[int]) -> list[int]:
        """Those of some groups that stand, each once, where it comes first."""
        return [group for group in dict.fromkeys(map(self.now, groups)) if group in self.groups]

    def _place(self, one: Known) -> Placed:
        mine = _Weighed(self, one)
        near = self._near(mine)
        scored = sorted(((self._alike(mine, other), other.id) for other in near), reverse=True)
        for alike, group in scored:
            if alike >= (self.bounds.member if self.groups[group].messages == 1 else self.bounds.whole):
                self._join(group, one)
                return Placed(group, alike, self._merge(group, [other.id for other in near]))
        self._join(one.id, one)
        return Placed(one.id, 0.0)

    def _known(
        self, sheet: Sheet, row: int, group: int, *, districts: Sequence[str] = (), township: str = ""
    ) -> Known:
        pairs = slice(sheet.pair_from[row], sheet.pair_from[row + 1])
        pair, counts = sheet.pair[pairs], 1 + np.log(sheet.pair_counts[pairs])
        if len(pair) > MOST_PAIRS:
            weight = counts * self.counts.pair_weights(pair, self.plain)
            kept = np.sort(np.argpartition(-weight, MOST_PAIRS)[:MOST_PAIRS])
            pair, counts = pair[kept], counts[kept]
        names = slice(sheet.name_from[row], sheet.name_from[row + 1])
        key = sheet.name[names].view(np.int64)
        order = np.argsort(key)
        name_counts = (1 + np.log(sheet.name_counts[names])).astype(np.float32)
        named = {name for document, name in sheet.districts if document == row}
        return Known(
            group, Profile(key[order], name_counts[order]), Profile(pair.astype(np.int32), counts.astype(np.float32)),
            _tally((*sorted(named), *sorted(set(districts)))), _tally((township,) if township else ()),
        )  # fmt: skip

    def _join(self, group: int, one: Known) -> None:
        known = self.groups.get(group)
        if known is None:
            one.id = group
            self.groups[group] = one
        else:
            known.names, known.matter = known.names.plus(one.names), known.matter.plus(one.matter)
            known.districts = _sum(known.districts, one.districts)
            known.townships = _sum(known.townships, one.townships)
            known.messages += one.messages
        for key in one.names.keys.tolist():
            held = self._lists.setdefault(key, [])
            if not held or held[-1] != group:
                held.append(group)
            if len(held) > LONGEST_LIST:  # half of it goes at once, so that it costs nothing to speak of
                self._lists[key] = self._standing(reversed(held))[: LONGEST_LIST // 2][::-1]

    def now(self, group: int) -> int:
        """The group that a group went into; itself if it stands."""
        while group in self._went:
            group = self._went[group]
        return group

    def _near(self, mine: _Weighed) -> list[Known]:
        """The groups that share the rarest names with a message."""
        score: dict[int, float] = {}
        went, known = self._went, self.groups
        for key, value in zip(mine.one.names.keys.tolist(), mine.names.tolist(), strict=True):
            held = self._lists.get(key) if value > 0 else None
            if held is None:
                continue
            if not went.keys().isdisjoint(held):
                held = self._lists[key] = self._standing(held)
            for group in set(held):
                score[group] = score.get(group, 0.0) + value
        best = [group for group in _best(score) if group in known]
        if len(best) <= CANDIDATES:
            return [known[group] for group in best]
        told = self._told_by(mine, [known[group] for group in best])
        order = sorted(zip(best, told, strict=True), key=lambda one: -score[one[0]] * one[1])
        return [known[group] for group, _ in order[:CANDIDATES]]

    def _told_by(self, mine: _Weighed, others: Sequence[Known]) -> NDArray[np.float64]:
        """How much of the matter of a message each of some groups tells of: roughly, for many at once."""
        matter = mine.one.matter
        sizes = [len(other.matter.keys) for other in others]
        keys = np.concatenate([other.matter.keys for other in others])
        told = np.concatenate([other.matter.counts for other in others])
        at = np.searchsorted(matter.keys, keys)
        at[at == len(matter.keys)] = 0
        if len(matter.keys):
            told = np.where(matter.keys[at] == keys, told * (matter.counts * mine.pairs**2)[at], 0)
        which = np.repeat(np.arange(len(others)), sizes)
        common = np.bincount(which, weights=told, minlength=len(others)) / np.sqrt(np.maximum(sizes, 1))
        most: NDArray[np.float64] = common + TELLS_NOTHING
        return most

    def name_weights(self, profile: Profile) -> NDArray[np.float32]:
        """What the names of a profile say now."""
        return self.counts.weights_of_names(profile.keys.view(np.uint64), self.words.kinds)

    def pair_weights(self, profile: Profile) -> NDArray[np.float32]:
        """What the pairs of a profile say now."""
        return self.counts.pair_weights(profile.keys, self.plain)

    def _alike(self, mine: _Weighed, other: Known) -> float:
        one, there = mine.one, 1.0
        for ours, theirs in ((one.districts, other.districts), (one.townships, other.townships)):
            if ours and theirs:
                there *= ELSEWHERE + (1 - ELSEWHERE) * _cosine(ours, theirs)
        if there < self.bounds.place:
            return 0.0
        place = there * one.names.alike(mine.names, other.names, self.name_weights(other.names))
        if place < self.bounds.place:
            return 0.0
        matter = one.matter.alike(mine.pairs, other.matter, self.pair_weights(other.matter))
        return float(np.sqrt(place * matter))

    def _merge(self, group: int, near: list[int]) -> tuple[int, ...]:
        """Groups near a group that has just grown, and now found to be the same."""
        merged, mine = [], _Weighed(self, self.groups[group])
        for other in near:
            if other == group or (self.groups[other].messages == 1 and self.groups[group].messages == 1):
                continue
            if self._alike(mine, self.groups[other]) >= self.bounds.whole:
                self._absorb(group, other)
                merged.append(other)
                mine = _Weighed(self, self.groups[group])
        return tuple(merged)

    def _absorb(self, into: int, other: int) -> None:
        if into != other:
            self._join(into, self.groups.pop(other))
            self._went[other] = into


def _cosine(one: Tally, other: Tally) -> float:
    same = sum(count * other.get(name, 0) for name, count in one.items())
    length = sum(count**2 for count in one.values()) * sum(count**2 for count in other.values())
    return float(same / length**0.5)


def _best(score: Mapping[int, float]) -> list[int]:
    """The groups with the highest scores, the best first; of equal ones the elder. All that may be among them are given."""
    few = list(score)
    if len(score) > MANY:  # only those are put in order that are as good as the best of many
        values = np.fromiter(score.values(), np.float64, len(score))
        least = np.partition(values, -MANY)[-MANY]
        few = np.fromiter(score, np.int64, len(score))[values >= least].tolist()
    return sorted(few, key=lambda group: (-score[group], group))
