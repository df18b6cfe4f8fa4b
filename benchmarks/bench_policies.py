"""Every measure for every company: 2,349 × 252,367, beside bare sets in two values and beside OpenFisca.

The floor is what one would write by hand: each distinct comparison once over bare numpy columns, as a set; sets joined;
a gap in the data means nothing. Ours decides in three values and names who cannot be told. OpenFisca runs in a virtual
environment of its own on the same conditions and numbers, and knows no gaps either.
"""

from __future__ import annotations

import random
import resource
import time
from collections.abc import Callable, Iterator
from statistics import median
from typing import Any

from benchmarks import companies, openfisca, policies
from benchmarks import figures as say
from benchmarks.bare import Bare, Packed, Roaring
from tongban.kernel.rules.columns.matching import Match, Plan
from tongban.kernel.rules.columns.population import Population
from tongban.kernel.rules.columns.single import outcomes

QUICK = (60, 20_000)
ROUNDS = 3
DAY = companies.AS_OF


def figures(*, quick: bool) -> Iterator[say.Figure]:
    count, size = QUICK if quick else (policies.CITY, companies.CITY)
    population = companies.companies(size=size)
    measures = policies.measures(count=count)
    plan = Plan(measures, elements=companies.elements())
    scale = f"{count:,} measures × {size:,} companies"
    yield from _whole(plan, population, scale)
    yield from _conditions(plan, population, scale)
    yield from _one(plan, population)
    peer = openfisca.conditions(
        population, [(key, rule) for key, rule, _sum in policies.written(count=count)]
    )
    if peer is not None:
        ours = median(_seconds(lambda: _truths(plan, population)) for _round in range(ROUNDS))
        times = peer["seconds"] / ours
        yield say.Figure(
            "conditions alone, beside OpenFisca", f"{ours * 1e3:.3g} ms", f"{peer['seconds'] * 1e3:,.0f} ms OpenFisca",
            f"{times:.1f}× faster", "≥ 3× faster", times, 3, more_is_better=True,
            note=f"{scale}; OpenFisca in two values, {peer['entitled']:,.0f} pairs",
        )  # fmt: skip


def _whole(plan: Plan, population: Population, scale: str) -> Iterator[say.Figure]:
    """First of all, so that the peak of memory is the job's own."""
    began, cpu = time.perf_counter(), time.process_time()
    found = list(plan.matches(population, as_of=DAY))
    wall, used = time.perf_counter() - began, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield say.Figure(
        "all policies for all companies, the full job", f"{used:.2f} s", aim_says="< 8 s", measured=used, aim=8,
        note=f"{scale}: {_told(found)}; CPU of one core, {wall:.2f} s by the clock",
    )  # fmt: skip
    yield say.Figure(
        "the same, peak of memory", f"{peak:,.0f} MB", aim_says="≤ 1,024 MB", measured=peak, aim=1024,
        note="the whole process with Django, columns and every result",
    )  # fmt: skip


def _told(found: list[Match]) -> str:
    entitled, unknown = sum(len(one.entitled) for one in found), sum(len(one.unknown) for one in found)
    paid = sum(len(one.sums.rows) for one in found if one.sums)
    nearest = sum(len(one.nearest) for one in found)
    return f"{entitled:,} entitled, {paid:,} amounts, {unknown:,} unknown, {nearest:,} fail one condition"


def _conditions(plan: Plan, population: Population, scale: str) -> Iterator[say.Figure]:
    jobs: dict[str, Callable[[], Any]] = {
        "ours": lambda: _truths(plan, population),
        "pyroaring": lambda: _bare(plan, population, Roaring),
        "packed": lambda: _bare(plan, population, Packed),
    }
    taken: dict[str, list[float]] = {name: [] for name in jobs}
    for _round in range(ROUNDS):
        for name, job in jobs.items():
            taken[name].append(_seconds(job))
    distinct = len({id(one) for planned in plan.measures for one in planned.conditions})
    note = f"{scale}, {distinct:,} distinct conditions; three values beside two"
    yield say.ratio(
        "conditions alone, all companies", taken["ours"], taken["pyroaring"], aim=2, against="bare pyroaring bitmaps",
        note=note,
    )  # fmt: skip
    yield say.ratio(
        "conditions alone, all companies",
        taken["ours"],
        taken["packed"],
        aim=2,
        against="bare packed words",
        note=note,
    )


def _truths(plan: Plan, population: Population) -> None:
    for _key, _truth in plan.truths(population, as_of=DAY):
        pass


def _bare(plan: Plan, population: Population, sets: Any) -> None:
    bare = Bare(population, DAY, sets(population.size))
    for planned in plan.measures:
        bare.joined(planned.conditions)


def _one(plan: Plan, population: Population) -> Iterator[say.Figure]:
    chance = random.Random(3)
    rows = [chance.randrange(population.size) for _ in range(30)]
    pair = []
    for row in rows:
        measure = chance.choice(plan.measures).measure
        pair.append(_seconds(lambda measure=measure, row=row: _explained(measure, population, row)))
    yield say.below(
        "why one company is (not) entitled to one measure, slowest of 30", max(pair), most_ms=5,
        note="decision with every reason and value on the way",
    )  # fmt: skip
    every = [
        _seconds(
            lambda row=row: list(
                outcomes(plan, record=population.record(row, keys=companies.elements()), as_of=DAY)
            )
        )
        for row in rows
    ]
    yield say.below(
        "one company against all measures, slowest of 30", max(every), most_ms=50,
        note=f"{len(plan.measures):,} measures; median {median(every) * 1e3:.3g} ms",
    )  # fmt: skip
    again = [
        _seconds(lambda one=one: _republished(one, population))
        for one in chance.sample(policies.written(count=len(plan.measures)), 20)
    ]
    yield say.below(
        "one measure republished, slowest of 20", max(again), most_ms=1000,
        note=f"read, checked, and matched with amounts over {population.size:,} companies; "
        f"median {median(again) * 1e3:.3g} ms",
    )  # fmt: skip


def _explained(measure: Any, population: Population, row: int) -> None:
    record = population.record(row, keys={*measure.rule.reads, *measure.amount.reads})
    if measure.rule.decide(record=record, as_of=DAY).value:
        measure.amount.compute(record=record, as_of=DAY)


def _republished(written: tuple[str, Any, Any], population: Population) -> None:
    plan = Plan([policies.measure(*written)], elements=companies.elements())
    list(plan.matches(population, as_of=DAY))


def _seconds(job: Callable[[], Any]) -> float:
    began = time.process_time()
    job()
    return time.process_time() - began
