"""The measures that the benchmarks match: those of `tongban policies generate`, 2,349 of 31 departments unless asked for fewer."""

from __future__ import annotations

from functools import cache
from typing import Any

from benchmarks.companies import elements
from tongban.desks.policies import generating
from tongban.desks.policies.format import Pack
from tongban.desks.policies.trying import load
from tongban.kernel.rules.columns.matching import Measure

CITY = generating.CITY
Logic = Any


@cache
def packs(count: int = CITY) -> tuple[Pack, ...]:
    """The files, read."""
    return tuple(Pack.model_validate(one) for one in generating.written(count=count).values())


def written(*, count: int = CITY) -> list[tuple[str, Logic, Logic]]:
    """Key, condition and amount of each measure, in JSONLogic."""
    found = (one for pack in packs(count) for policy in pack.policies for one in policy.measures)
    return sorted((one.key, one.condition, one.amount) for one in found)


def measures(*, count: int = CITY) -> list[Measure]:
    """All of them, ready to run."""
    return [measure(*one) for one in written(count=count)]


def measure(key: str, rule: Logic, amount: Logic) -> Measure:
    """One of them, read as the desk reads it."""
    ready = load(rule, amount, elements=elements())
    return Measure(key, ready.rule, ready.amount)
