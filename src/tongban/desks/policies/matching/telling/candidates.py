"""What there is to tell to everybody of a kind: reckoned today, read only, for a child process.

Nothing is compared with an earlier run: whoever is entitled and was not told is told, whatever happened to the jobs
before, and whoever was told is not, however often this is done.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tongban.actors import api as actors
from tongban.desks.policies import api as policies
from tongban.desks.policies.contracts import MeasureInfo
from tongban.desks.policies.matching.computing import matches
from tongban.desks.policies.matching.models import Told, Wishes
from tongban.desks.policies.matching.telling import pack
from tongban.desks.policies.matching.telling.easing import eased_measure
from tongban.desks.policies.matching.telling.rules import (
    Limits,
    Offer,
    closes_soon,
    fresh,
    may_tell,
    unpack_codes,
)
from tongban.desks.policies.matching.telling.topics import topics_of
from tongban.kernel.rules.columns.bits import Words
from tongban.kernel.rules.columns.matching import Plan
from tongban.kernel.rules.columns.population import Population
from tongban.registers.portraits import api as portraits

_WORD = 64
WORDS = 32
"""Parties are looked at in blocks of so many words of 64: a few megabytes of flags, however large the city."""


@dataclass(frozen=True, slots=True)
class Today:
    """What may be told of on a day: the measures open then, those that close soon, and their numbers."""

    day: date
    limits: Limits
    measures: Mapping[str, MeasureInfo]
    soon: frozenset[str]
    topics: Mapping[str, int]

    @classmethod
    def of(cls, party_kind: str, *, at: datetime) -> Today:
        """For a kind of party. Measures that have no number yet are not told of (`topics.number`)."""
        day, limits = actors.day_of(at), pack.limits()
        measures = {
            one.key: one for one in policies.measures(on=day, party_kind=party_kind) if one.open_on(day)
        }
        soon = frozenset(key for key, one in measures.items() if closes_soon(one, day=day, limits=limits))
        return cls(day, limits, measures, soon, topics_of(measures.values(), day=day))


def offers(party_kind: str, *, at: datetime) -> Iterator[tuple[str, Offer]]:
    """Parties that may be told something today, each with what is news to it, in the order of the census."""
    today = Today.of(party_kind, at=at)
    plan, census = policies.plan(party_kind, on=today.day), portraits.census(party_kind, at=at)
    keys, entitled, near = _sets(plan, census.population, today)
    for block in range(0, -(-len(census.parties) // _WORD), WORDS):
        parties = census.parties[block * _WORD : (block + WORDS) * _WORD]
        ours, almost = (_turned(sets, block, len(parties)) for sets in (entitled, near))
        found = {
            party: _offer(keys, ours[row], almost[row], today.soon)
            for row, party in enumerate(parties)
            if ours[row].any() or almost[row].any()
        }
        yield from _fresh(found, today, at)


def _sets(plan: Plan, population: Population, today: Today) -> tuple[list[str], list[Words], list[Words]]:
    """Of each measure that is open: who is entitled, and who just misses by little."""
    measures = [planned.measure for planned in plan.measures if planned.measure.key in today.measures]
    limits = today.limits
    moved = (eased_measure(one, percent=limits.percent, days=limits.near_days) for one in measures)
    nearly = Plan([one for one in moved if one is not None], elements=plan.elements)
    reached = {key: truth.true for key, truth in nearly.truths(population, as_of=today.day)}
    bare = Plan([replace(one, amount=None) for one in measures], elements=plan.elements)
    keys, entitled, near = [], [], []
    for match in matches(bare, population, day=today.day):
        keys.append(match.key)
        entitled.append(match.entitled.words)
        near.append(match.nearest.words & reached.get(match.key, np.uint64(0)))
    return keys, entitled, near


def _turned(sets: Sequence[Words], block: int, count: int) -> NDArray[np.bool_]:
    """A block of rows of sets by measure, turned to flags of measures by row."""
    if not sets:
        return np.zeros((count, 0), dtype=np.bool_)
    words = np.stack([one[block : block + WORDS] for one in sets])
    flags = np.unpackbits(words.view(np.uint8), axis=1, bitorder="little", count=count)
    return np.ascontiguousarray(flags.T).view(np.bool_)


def _offer(
    keys: Sequence[str], entitled: NDArray[np.bool_], near: NDArray[np.bool_], soon: Collection[str]
) -> Offer:
    ours = tuple(keys[one] for one in np.flatnonzero(entitled).tolist())
    return Offer(
        ours,
        tuple(key for key in ours if key in soon),
        tuple(keys[one] for one in np.flatnonzero(near).tolist()),
    )


def _fresh(found: Mapping[str, Offer], today: Today, at: datetime) -> Iterator[tuple[str, Offer]]:
    told = {one.party: one for one in Told.objects.filter(party__in=found)}
    wishes = {one.party: one for one in Wishes.objects.filter(party__in=found)}
    for party, offer in found.items():
        before, wish = told.get(party), wishes.get(party)
        if before is not None and not may_tell(before.last_at, at=at, limits=today.limits):
            continue
        news = fresh(
            offer, told=unpack_codes(bytes(before.packed)) if before else (), topics=today.topics,
            declined=wish.declined if wish else (), muted=wish.muted if wish else (),
        )  # fmt: skip
        if news:
            yield party, news


def write(path: Path, found: Iterable[tuple[str, Offer]]) -> None:
    """A line for each party; the file is there when all of them are."""
    growing = path.with_suffix(".part")
    with growing.open("w", encoding="utf-8") as file:
        for party, offer in found:
            file.write(json.dumps([party, asdict(offer)]) + "\n")
    growing.replace(path)


def read(path: Path) -> Iterator[tuple[str, Offer]]:
    """The lines, read back. :raises OSError: no such file: the child did not finish"""
    with path.open(encoding="utf-8") as file:
        for line in file:
            party, offer = json.loads(line)
            yield party, Offer(**{kind: tuple(keys) for kind, keys in offer.items()})
