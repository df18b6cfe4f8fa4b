"""One more message: into which group it belongs, in a few milliseconds.

The same measure as for a whole stretch (`linking`): a message joins the group whose sum it is most like; groups found to be
one are put together. What was read before, and how it was grouped, is loaded once (`load`), after that messages are added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from tongban.desks.hotline.heat.grouping.linking import ELSEWHERE, Bounds
from tongban.desks.hotline.heat.grouping.reading import read
from tongban.desks.hotline.heat.grouping.weighing import MOST_PAIRS, Counts, Ints, Sheet
from tongban.desks.hotline.heat.grouping.words import Words

CANDIDATES = 6  # groups that are compared in full
LONGEST_LIST = 400  # groups that one run leads to; more and it is no place
MOST_OF_A_GROUP = 600  # runs and pairs that a group remembers, the heaviest
AT_ONCE = 20_000


@dataclass(slots=True)
class Profile:
    """What a message or a group has said: keys ascending, and how much of each."""

    keys: Ints
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
    districts: Counter[str] = field(default_factory=Counter)
    townships: Counter[str] = field(default_factory=Counter)
    messages: int = 1


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

    def load(
        self, texts: Sequence[tuple[str, str]], groups: Sequence[int], townships: Sequence[str] = ()
    ) -> None:
        """Take in messages that were grouped before, many at once. :param groups: the group of each"""
        for start in range(0, len(texts), AT_ONCE):
            part = texts[start : start + AT_ONCE]
            sheet = self.counts.add(read(part, self.words))
            for row, group in enumerate(groups[start : start + AT_ONCE]):
                one = self._known(sheet, row, group)
                one.townships.update(filter(None, townships[start + row : start + row + 1]))
                self._join(group, one)

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
            one = self._known(sheet, row, message.id)
            one.districts.update(set(message.districts))
            one.townships.update([message.township] if message.township else ())
            placed.append(self._place(one))
        return placed

    def _place(self, one: Known) -> Placed:
        near = self._near(one)
        scored = sorted(((self._alike(one, other), other.id) for other in near), reverse=True)
        for alike, group in scored:
            if alike >= (self.bounds.member if self.groups[group].messages == 1 else self.bounds.whole):
                self._join(group, one)
                return Placed(group, alike, self._merge(group, [other.id for other in near]))
        self._join(one.id, one)
        return Placed(one.id, 0.0)

    def _known(self, sheet: Sheet, row: int, group: int) -> Known:
        pairs = slice(sheet.pair_from[row], sheet.pair_from[row + 1])
        pair, counts = sheet.pair[pairs].astype(np.int64), 1 + np.log(sheet.pair_counts[pairs])
        if len(pair) > MOST_PAIRS:
            weight = counts * self.counts.pair_weights(pair.astype(np.int32), self.plain)
            kept = np.sort(np.argpartition(-weight, MOST_PAIRS)[:MOST_PAIRS])
            pair, counts = pair[kept], counts[kept]
        names = slice(sheet.name_from[row], sheet.name_from[row + 1])
        key = sheet.name[names].view(np.int64)
        order = np.argsort(key)
        name_counts = (1 + np.log(sheet.name_counts[names])).astype(np.float32)
        return Known(
            group, Profile(key[order], name_counts[order]), Profile(pair, counts.astype(np.float32)),
            Counter({name for document, name in sheet.districts if document == row}),
        )  # fmt: skip

    def _join(self, group: int, one: Known) -> None:
        known = self.groups.get(group)
        for key in one.names.keys.tolist():
            held = self._lists.setdefault(key, [])
            if len(held) < LONGEST_LIST and (not held or held[-1] != group):
                held.append(group)
        if known is None:
            one.id = group
            self.groups[group] = one
            return
        known.names, known.matter = known.names.plus(one.names), known.matter.plus(one.matter)
        known.districts.update(one.districts)
        known.townships.update(one.townships)
        known.messages += one.messages

    def now(self, group: int) -> int:
        """The group that a group went into; itself if it stands."""
        while group in self._went:
            group = self._went[group]
        return group

    def _near(self, one: Known) -> list[Known]:
        """The groups that share the rarest names with a message."""
        weight = self._name_weights(one.names)
        score: dict[int, float] = {}
        for key, value in zip(one.names.keys.tolist(), weight.tolist(), strict=True):
            if value > 0:
                for group in {self.now(group) for group in self._lists.get(key, ())}:
                    score[group] = score.get(group, 0.0) + value
        best = sorted(score, key=lambda group: (-score[group], group))[:CANDIDATES]
        return [self.groups[group] for group in best]

    def _name_weights(self, profile: Profile) -> NDArray[np.float32]:
        return self.counts.weights_of_names(profile.keys.view(np.uint64), self.words.kinds)

    def _pair_weights(self, profile: Profile) -> NDArray[np.float32]:
        return self.counts.pair_weights(profile.keys.astype(np.int32), self.plain)

    def _alike(self, one: Known, other: Known) -> float:
        there = 1.0
        for mine, theirs in ((one.districts, other.districts), (one.townships, other.townships)):
            if mine and theirs:
                there *= ELSEWHERE + (1 - ELSEWHERE) * _cosine(mine, theirs)
        if there < self.bounds.place:
            return 0.0
        place = there * one.names.alike(
            self._name_weights(one.names), other.names, self._name_weights(other.names)
        )
        if place < self.bounds.place:
            return 0.0
        matter = one.matter.alike(
            self._pair_weights(one.matter), other.matter, self._pair_weights(other.matter)
        )
        return float(np.sqrt(place * matter))

    def _merge(self, group: int, near: list[int]) -> tuple[int, ...]:
        """Groups near a group that has just grown, and now found to be the same."""
        merged = []
        for other in near:
            if other == group or (self.groups[other].messages == 1 and self.groups[group].messages == 1):
                continue
            if self._alike(self.groups[group], self.groups[other]) >= self.bounds.whole:
                self._absorb(group, other)
                merged.append(other)
        return tuple(merged)

    def _absorb(self, into: int, other: int) -> None:
        if into != other:
            self._join(into, self.groups.pop(other))
            self._went[other] = into


def _cosine(one: Counter[str], other: Counter[str]) -> float:
    same = sum(count * other[name] for name, count in one.items())
    length = sum(count**2 for count in one.values()) * sum(count**2 for count in other.values())
    return float(same / length**0.5)
