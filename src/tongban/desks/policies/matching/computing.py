"""All measures, or one, over everybody: reads and reckons, writes nothing. What it yields is stored by `storing`, in this
process or, handed over through a file (`handing`), in the one that asked.

First comes a `Head`, then a `Found` for each measure, at the end a `Tail`; without its tail a finding is no finding.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from tongban.actors import api as actors
from tongban.desks.policies import api as policies
from tongban.desks.policies.matching import packing
from tongban.kernel.rules.columns import bits, parts
from tongban.kernel.rules.columns.bits import Rows, Words
from tongban.kernel.rules.columns.matching import Match, Measure, Plan
from tongban.kernel.rules.columns.population import Population, View
from tongban.registers.portraits import api as portraits


@dataclass(frozen=True, slots=True)
class Head:
    """What a run is about. `roll` is the packed roll of parties, `measures` how many findings follow."""

    census_stamp: str
    measures_stamp: str
    day: date
    parties: int
    measures: int
    roll: bytes


@dataclass(frozen=True, slots=True)
class Found:
    """What one measure came to: counts, sums, and the sets packed.

    :param lacking: by element, how many of the unknown rows cannot use it
    """

    key: str
    version: int
    entitled: int
    unknown: int
    nearest: int
    unpaid: int
    fen: int
    lacking: dict[str, int]
    fingerprint: str
    entitled_set: bytes
    unknown_set: bytes
    nearest_set: bytes
    unpaid_set: bytes
    amounts: bytes


@dataclass(frozen=True, slots=True)
class Tail:
    """The end: for each element that leaves pairs open, how many pairs and how many parties."""

    lacking: tuple[tuple[str, int, int], ...]


Part: TypeAlias = Head | Found | Tail


def compute(party_kind: str, *, at: datetime, key: str = "") -> Iterator[Part]:
    """Match everybody of a kind with all measures in force, or with one of them.

    :param key: of the one measure; where it is not in force no finding follows the head
    """
    day = actors.day_of(at)
    stamp = policies.stamp()
    plan, versions = _plan(party_kind, day, key)
    census = portraits.census(party_kind, at=at)
    yield Head(
        census.stamp,
        stamp,
        day,
        census.population.size,
        len(plan.measures),
        packing.pack_roll(census.parties),
    )
    marked = packing.marks(census.parties)
    gaps = Gaps(census.population, plan, day)
    for planned, match in zip(plan.measures, matches(plan, census.population, day=day), strict=True):
        lacking = gaps.of(planned.measure, match.unknown)
        yield _found(match, versions[match.key], marked, lacking)
    yield Tail(gaps.told())


def matches(plan: Plan, population: Population, *, day: date) -> Iterable[Match]:
    """Every measure of a plan over a population, on the engine that the settings name."""
    if settings.COLUMN_ENGINE == "here":
        return plan.matches(population, as_of=day)
    return parts.matches(
        [planned.measure for planned in plan.measures], population, elements=plan.elements, as_of=day,
        engine=settings.COLUMN_ENGINE, address=settings.SPARK_MASTER,
    )  # fmt: skip


def _plan(party_kind: str, day: date, key: str) -> tuple[Plan, dict[str, int]]:
    """What is to be run, and the version of each measure."""
    if key:
        infos = policies.measures(on=day, party_kind=party_kind, keys=[key])
        plan = Plan(map(policies.compiled, infos), elements=portraits.rule_elements(party_kind))
    else:
        infos, plan = policies.measures(on=day, party_kind=party_kind), policies.plan(party_kind, on=day)
    return plan, {one.key: one.version for one in infos}


class Gaps:
    """Counts which element leaves how many pairs and parties open."""

    def __init__(self, population: Population, plan: Plan, day: date) -> None:
        self._view = View(population, elements=plan.elements, as_of=day)
        self._unusable: dict[str, Words | None] = {}
        self._pairs: Counter[str] = Counter()
        self._parties: dict[str, Words] = {}

    def of(self, measure: Measure, unknown: Rows) -> dict[str, int]:
        """By element that the measure's rule reads, in how many of the unknown rows it cannot be used."""
        found = {}
        for key in measure.rule.reads if len(unknown) else ():
            gap = self._gap(key)
            if gap is None:
                continue
            here = unknown.words & gap
            count = len(Rows(here, unknown.size))
            if count:
                found[key] = count
                before = self._parties.get(key)
                self._parties[key] = here if before is None else before | here
        self._pairs.update(found)
        return found

    def _gap(self, key: str) -> Words | None:
        """Rows in which an element is missing or stale; None if there are none."""
        if key not in self._unusable:
            fresh = self._view.fresh(key)
            self._unusable[key] = None if fresh is None else bits.pack(~fresh)
        return self._unusable[key]

    def told(self) -> tuple[tuple[str, int, int], ...]:
        """By element: pairs and parties, most pairs first."""
        counted = {key: int(np.bitwise_count(words).sum()) for key, words in self._parties.items()}
        return tuple((key, pairs, counted[key]) for key, pairs in self._pairs.most_common())


def _found(match: Match, version: int, marked: NDArray[np.uint64], lacking: dict[str, int]) -> Found:
    nobody = Rows(bits.none(match.entitled.size), match.entitled.size)
    paid, unpaid, fen = match.entitled, nobody, None
    if match.sums is not None:
        paid, unpaid, fen = match.sums.rows, match.sums.unknown, match.sums.fen
    return Found(
        match.key, version, len(match.entitled), len(match.unknown), len(match.nearest), len(unpaid),
        0 if fen is None else packing.total(fen, len(paid)), lacking,
        packing.fingerprint(marked, match.entitled, unpaid, fen),
        packing.pack_rows(match.entitled), packing.pack_rows(match.unknown), packing.pack_rows(match.nearest),
        packing.pack_rows(unpaid), b"" if fen is None else packing.pack_fen(fen),
    )  # fmt: skip
