"""Matching as the desk does it: everything for everybody with results written to the database, one measure republished, one
company with every measure, and why with one. The measures are loaded and published, the companies are registered; their columns
are in memory when time begins, and those who are asked about one by one have their portrait in the database.

The floor of writing is the same bytes in as many rows, given to the bare driver in one transaction.
"""

from __future__ import annotations

import random
import resource
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from django.conf import settings

from benchmarks import companies, place, policies, portrait_stock
from benchmarks import figures as say
from tongban.actors import api as actors
from tongban.actors.models import Organisation, Region, Unit
from tongban.desks.policies import api as published
from tongban.desks.policies import loading
from tongban.desks.policies.matching import running, selectors, standing, storing
from tongban.desks.policies.matching.computing import Found, compute
from tongban.desks.policies.matching.contracts import Cause
from tongban.desks.policies.matching.models import Run
from tongban.kernel import api as kernel
from tongban.kernel.rules.columns.population import Population
from tongban.kernel.rules.elements import Dated
from tongban.registers.portraits import api as portraits
from tongban.registers.portraits.contracts import Census, NewFact

QUICK = (60, 20_000)
ROUNDS = 30
AT = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
KIND = "organisation"


class City:
    """The companies of the database, and what is known of them in columns."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.population: Population = companies.companies(size=size)
        self.roll = tuple(
            f"{KIND}:{pk}" for pk in Organisation.objects.order_by("pk").values_list("pk", flat=True)
        )
        self.keys = tuple(one.key for one in published.measures(on=companies.AS_OF, party_kind=KIND))

    def census(self, kind: str, *, at: datetime) -> Census:
        """Stands for that of the portraits, which `bench_portraits` measures."""
        return Census(kind, self.roll, self.population, "city", at)

    def known(self, row: int) -> str:
        """Write down the portrait of the company of a row, consent given to all that is known; gives the party."""
        party, infos = self.roll[row], portraits.elements(KIND)
        record = self.population.record(row, keys=infos)
        facts = [
            NewFact(
                party,
                key,
                list(one.value) if isinstance(one.value, tuple) else one.value,
                infos[key].source,
                one.known_at,
            )
            for key, one in record.items()
            if isinstance(one, Dated)
        ]
        portraits.note(facts, actor=kernel.SYSTEM, at=AT)
        asked = [one.element for one in facts if infos[one.element].consent]
        portraits.consent(party=party, given=asked, actor=kernel.SYSTEM, at=AT)
        return party


def prepare(count: int, size: int) -> None:
    """Departments, their policies, companies: what `_prepared` runs in a process of its own, so that the memory that it takes
    is not the job's.
    """
    Region.objects.create(code=settings.ROOT_REGION, name="咸宁市", level="3")
    packs = policies.packs(count)
    Unit.objects.bulk_create(
        Unit(
            id=f"421200-{one.department}",
            name=one.department,
            region_id=settings.ROOT_REGION,
            department=one.department,
        )
        for one in packs
    )
    actors.forget()
    rows = [(actors.unit(f"421200-{pack.department}"), policy) for pack in packs for policy in pack.policies]
    loading.bring_in(rows, actor=kernel.SYSTEM, at=AT)
    portrait_stock.register(size)


def _prepared(count: int, size: int) -> None:
    code = (
        "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tongban.config.settings'; django.setup(); "
        f"from benchmarks.bench_matching import prepare; prepare({count}, {size})"
    )
    place.close()
    subprocess.run([sys.executable, "-c", code], check=True)


def figures(*, quick: bool) -> Iterator[say.Figure]:
    place.migrate()
    count, size = QUICK if quick else (policies.CITY, companies.CITY)
    _prepared(count, size)
    city = City(size)
    with patch.object(portraits, "census", city.census):
        published.plan(KIND, on=companies.AS_OF)
        yield from _everything(city)
        yield from _one_measure(city)
        yield from _one_party(city)


def _everything(city: City) -> Iterator[say.Figure]:
    """First of all, so that the peak of memory is the job's own."""
    run = Run.objects.create(party_kind=KIND, cause=Cause.NIGHT, asked_by="system", at=AT)
    began, cpu = time.perf_counter(), time.process_time()
    storing.store(run, compute(KIND, at=AT), at=AT)
    wall, used = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    run.refresh_from_db()
    scale = f"{len(city.keys):,} measures × {city.size:,} companies"
    yield say.Figure(
        "all policies for all companies, matched and written", f"{used:.2f} s", aim_says="< 8 s", measured=used, aim=8,
        note=f"{scale}: {run.entitled:,} entitled, {run.unknown:,} unknown, {run.nearest:,} just miss; CPU of one core, "
        f"{wall:.2f} s by the clock",
    )  # fmt: skip
    yield say.Figure(
        "the same, peak of memory", f"{peak:,.0f} MB", aim_says="≤ 1,024 MB", measured=peak, aim=1024,
        note="the whole process with Django and columns",
    )  # fmt: skip
    parts = list(compute(KIND, at=AT))
    again = Run.objects.create(party_kind=KIND, cause=Cause.ASKED, asked_by="system", at=AT)
    Run.objects.filter(pk=run.pk).update(day=None)  # not the same, so that it is written
    ours = _seconds(lambda: storing.store(again, parts, at=AT))
    found = [one for one in parts if isinstance(one, Found)]
    bare = _seconds(lambda: _bare(found))
    size = sum(len(blob) for one in found for blob in _blobs(one)) / 2**20
    yield say.ratio(
        "writing the results of a run, replacing those before", [ours], [bare], aim=4, against="bare sqlite3, one transaction",
        note=f"{len(found):,} rows, {size:.0f} MB packed; ours in batches, the old ones thrown away",
    )  # fmt: skip
    reading = [
        _seconds(lambda key=key: selectors.entitled(key))
        for key in city.keys[:: max(1, len(city.keys) // 20)]
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
    taken = [_seconds(lambda key=key: running.run_measure(key, AT)) for key in chance.sample(city.keys, 20)]
    yield say.below(
        "one measure republished: matched, written, in force, slowest of 20", max(taken), most_ms=1000,
        note=f"{city.size:,} companies; median {median(taken) * 1e3:.3g} ms",
    )  # fmt: skip


def _one_party(city: City) -> Iterator[say.Figure]:
    chance = random.Random(3)
    parties = [city.known(chance.randrange(city.size)) for _ in range(ROUNDS)]
    keys = [chance.choice(city.keys) for _ in parties]
    standing.why(parties[0], keys[0], at=AT)  # the names of departments are read once, in both languages
    pair = [
        _seconds(lambda party=party, key=key: standing.why(party, key, at=AT))
        for party, key in zip(parties, keys, strict=True)
    ]
    yield say.below(
        f"why one company is (not) entitled to one measure, in words, slowest of {ROUNDS}", max(pair), most_ms=5,
        note=f"every condition in both languages with value, source, day, remedy; median {median(pair) * 1e3:.3g} ms",
    )  # fmt: skip
    every = [_seconds(lambda party=party: standing.standing(party, at=AT)) for party in parties]
    yield say.below(
        f"how one company stands with every measure, slowest of {ROUNDS}", max(every), most_ms=50,
        note=f"{len(city.keys):,} measures, what just misses in words; median {median(every) * 1e3:.3g} ms",
    )  # fmt: skip


def _seconds(job: Callable[[], Any]) -> float:
    began = time.process_time()
    job()
    return time.process_time() - began
