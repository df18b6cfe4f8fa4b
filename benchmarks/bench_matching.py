"""Matching as the desk does it: everything for everybody with results written to the database, one measure republished, one
company with every measure, and why with one. The city is the one of `bench_policies`; columns are in memory when time
begins, plans and records are read as the rooms below give them.

The floor of writing is the same bytes in as many rows, given to the bare driver in one transaction.
"""

from __future__ import annotations

import random
import resource
import sqlite3
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

from django.conf import settings
from django.utils import timezone

from benchmarks import companies, place, policies
from benchmarks import figures as say
from tongban.actors.contracts import PartyInfo
from tongban.desks.policies.contracts import MeasureInfo
from tongban.desks.policies.matching import computing, running, selectors, standing, storing
from tongban.desks.policies.matching.computing import Found, compute
from tongban.desks.policies.matching.contracts import Cause
from tongban.desks.policies.matching.models import Run
from tongban.kernel.rules.columns.matching import Measure, Plan
from tongban.kernel.rules.columns.population import Population
from tongban.kernel.rules.elements import Dated, Element
from tongban.registers.portraits.contracts import Census, Consent, ElementInfo, FactInfo, PortraitInfo
from tongban.registers.portraits.showing import value_text

QUICK = (60, 20_000)
ROUNDS = 30
DAY = companies.AS_OF
KIND = "organisation"


class City:
    """Stands where matching looks for portraits, policies and actors."""

    def __init__(self, count: int, size: int) -> None:
        self.count, self.size = count, size
        self.written = {key: (rule, amount) for key, rule, amount in policies.written(count=count)}
        self.population: Population = companies.companies(size=size)
        self.infos = {key: _info(key, *said) for key, said in self.written.items()}
        self.elements_ = {key: _element(one) for key, one in companies.ELEMENTS.items()}

    # portraits

    @cached_property
    def roll(self) -> tuple[str, ...]:
        return tuple(f"{KIND}:{n}" for n in range(1, self.size + 1))

    def census(self, kind: str, *, at: datetime) -> Census:
        return Census(kind, self.roll, self.population, "city", at)

    def rule_elements(self, _kind: str) -> Mapping[str, Element]:
        return companies.ELEMENTS

    def elements(self, _kind: str | None = None) -> Mapping[str, ElementInfo]:
        return self.elements_

    def record(self, party: str, *, at: datetime) -> dict[str, Any]:
        del at
        return self.population.record(int(party.partition(":")[2]) - 1, keys=companies.ELEMENTS)

    def portrait(self, party: str, *, at: datetime) -> PortraitInfo:
        facts = tuple(_fact(key, value) for key, value in self.record(party, at=at).items())
        return PortraitInfo(party, KIND, "", "", facts, (), 1)

    value_text = staticmethod(value_text)
    ElementInfo, FactInfo = ElementInfo, FactInfo

    # policies

    @cached_property
    def _plan(self) -> Plan:
        return Plan(map(self.compiled, self.infos.values()), elements=companies.ELEMENTS)

    def plan(self, _kind: str, *, on: date) -> Plan:
        del on
        return self._plan

    def compiled(self, info: MeasureInfo) -> Measure:
        return policies.measure(info.key, info.condition, info.amount)

    def measures(
        self, *, on: date, party_kind: str | None = None, keys: Collection[str] | None = None
    ) -> tuple[MeasureInfo, ...]:
        del on, party_kind
        return tuple(one for key, one in self.infos.items() if keys is None or key in keys)

    def measure(self, key: str, *, on: date | None = None) -> MeasureInfo:
        del on
        return self.infos[key]

    def stamp(self) -> str:
        return "city"

    # actors

    def party(self, party: str) -> PartyInfo:
        return PartyInfo(party, KIND, "", "", "")

    def day_of(self, _at: datetime) -> date:
        return DAY

    def english_unit_name(self, name: str) -> str:
        return name


def _info(key: str, rule: Any, amount: Any) -> MeasureInfo:
    return MeasureInfo(
        key=key, version=1, policy="", policy_key="", policy_title="", policy_title_en="", document="", unit="",
        region="", valid_from=DAY, valid_until=None, title=key, title_en=key, party=KIND, gives="subsidy", article="",
        says="", says_en="", condition=rule, amount=amount, way="none",
    )  # fmt: skip


def _element(one: Element) -> ElementInfo:
    words = companies.SORTS[one.key].words
    return ElementInfo(one.key, one.key, one.key, KIND, one.type, "swj", "", "", words, words, one.max_age)


def _fact(key: str, value: Any) -> FactInfo:
    said, as_of = (value.value, value.known_at) if isinstance(value, Dated) else (value, DAY)
    return FactInfo(key, said, "swj", "", as_of, "import", consent=True, standing=Consent.FREE, stale=False)


def figures(*, quick: bool) -> Iterator[say.Figure]:
    place.migrate()
    count, size = QUICK if quick else (policies.CITY, companies.CITY)
    city = City(count, size)
    with (
        patch.multiple(computing, portraits=city, policies=city, actors=city),
        patch.multiple(standing, portraits=city, policies=city, actors=city),
        patch.multiple(running, policies=city),
    ):
        city.plan(KIND, on=DAY)
        yield from _everything(city)
        yield from _one_measure(city)
        yield from _one_party(city)


def _everything(city: City) -> Iterator[say.Figure]:
    """First of all, so that the peak of memory is the job's own."""
    now = timezone.now()
    run = Run.objects.create(party_kind=KIND, cause=Cause.NIGHT, asked_by="system", at=now)
    began, cpu = time.perf_counter(), time.process_time()
    storing.store(run, compute(KIND, at=now), at=now)
    wall, used = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    run.refresh_from_db()
    scale = f"{city.count:,} measures × {city.size:,} companies"
    yield say.Figure(
        "all policies for all companies, matched and written", f"{used:.2f} s", aim_says="< 8 s", measured=used, aim=8,
        note=f"{scale}: {run.entitled:,} entitled, {run.unknown:,} unknown, {run.nearest:,} just miss; CPU of one core, "
        f"{wall:.2f} s by the clock",
    )  # fmt: skip
    yield say.Figure(
        "the same, peak of memory", f"{peak:,.0f} MB", aim_says="≤ 1,024 MB", measured=peak, aim=1024,
        note="the whole process with Django and columns",
    )  # fmt: skip
    parts = list(compute(KIND, at=now))
    again = Run.objects.create(party_kind=KIND, cause=Cause.ASKED, asked_by="system", at=now)
    Run.objects.filter(pk=run.pk).update(day=None)  # not the same, so that it is written
    ours = _seconds(lambda: storing.store(again, parts, at=now))
    found = [one for one in parts if isinstance(one, Found)]
    bare = _seconds(lambda: _bare(found))
    size = sum(len(blob) for one in found for blob in _blobs(one)) / 2**20
    yield say.ratio(
        "writing the results of a run, replacing those before", [ours], [bare], aim=4, against="bare sqlite3, one transaction",
        note=f"{len(found):,} rows, {size:.0f} MB packed; ours in batches, the old ones thrown away",
    )  # fmt: skip
    reading = [
        _seconds(lambda key=key: selectors.entitled(key))
        for key in list(city.infos)[:: max(1, city.count // 20)]
    ]
    yield say.below(
        "who is entitled to a measure, read back, slowest of 20", max(reading), most_ms=500,
        note=f"party by party with amounts; median {median(reading) * 1e3:.3g} ms",
    )  # fmt: skip


def _blobs(one: Found) -> tuple[bytes, ...]:
    return one.entitled_set, one.unknown_set, one.nearest_set, one.unpaid_set, one.amounts


def _bare(found: list[Found]) -> None:
    connection = sqlite3.connect(Path(settings.DATA) / "floor.sqlite3")
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE kept (key TEXT PRIMARY KEY, a BLOB, b BLOB, c BLOB, d BLOB, e BLOB)")
    with connection:
        connection.executemany(
            "INSERT INTO kept VALUES (?, ?, ?, ?, ?, ?)", [(one.key, *_blobs(one)) for one in found]
        )
    connection.close()


def _one_measure(city: City) -> Iterator[say.Figure]:
    chance = random.Random(5)
    now = timezone.now()
    taken = [
        _seconds(lambda key=key: running.run_measure(key, now)) for key in chance.sample(list(city.infos), 20)
    ]
    yield say.below(
        "one measure republished: matched, written, in force, slowest of 20", max(taken), most_ms=1000,
        note=f"{city.size:,} companies; median {median(taken) * 1e3:.3g} ms",
    )  # fmt: skip


def _one_party(city: City) -> Iterator[say.Figure]:
    chance = random.Random(3)
    now = timezone.now()
    parties = [f"{KIND}:{chance.randint(1, city.size)}" for _ in range(ROUNDS)]
    keys = [chance.choice(list(city.infos)) for _ in parties]
    standing.why(parties[0], keys[0], at=now)  # the names of departments are read once, in both languages
    pair = [
        _seconds(lambda party=party, key=key: standing.why(party, key, at=now))
        for party, key in zip(parties, keys, strict=True)
    ]
    yield say.below(
        f"why one company is (not) entitled to one measure, in words, slowest of {ROUNDS}", max(pair), most_ms=5,
        note=f"every condition in both languages with value, source, day, remedy; median {median(pair) * 1e3:.3g} ms",
    )  # fmt: skip
    every = [_seconds(lambda party=party: standing.standing(party, at=now)) for party in parties]
    yield say.below(
        f"how one company stands with every measure, slowest of {ROUNDS}", max(every), most_ms=50,
        note=f"{city.count:,} measures, what just misses in words; median {median(every) * 1e3:.3g} ms",
    )  # fmt: skip


def _seconds(job: Callable[[], Any]) -> float:
    began = time.process_time()
    job()
    return time.process_time() - began
