"""The door of policies: which measures hold on a day, ready to be run over portraits.

Measures that the door gives were published: their examples passed and a second person checked them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from tongban.actors import api as actors
from tongban.desks.policies import generating, loading, selectors
from tongban.desks.policies.contracts import MeasureInfo, PolicyInfo
from tongban.desks.policies.editing import saying
from tongban.kernel.rules.columns.matching import Measure, Plan
from tongban.registers.portraits import api as portraits

__all__ = [
    "amount_words",
    "compiled",
    "fill_up",
    "load_pack",
    "measure",
    "measures",
    "plan",
    "policy",
    "stamp",
]


def measures(
    *, on: date, party_kind: str | None = None, keys: Collection[str] | None = None
) -> tuple[MeasureInfo, ...]:
    """Measures in force on a day, by key; one small query once they have been read.

    :param party_kind: ``organisation`` or ``person``; None: both
    :param keys: only these; one that is not in force is left out
    """
    return selectors.measures(on=on, party_kind=party_kind, keys=keys)


def measure(key: str, *, on: date | None = None, version: int | None = None) -> MeasureInfo:
    """One version of a measure that was published.

    :param on: that which held on the day; `version`: that number; neither: the last, in force or not
    :raises UnknownMeasureError: there is none
    """
    return selectors.measure(key, on=on, version=version)


def compiled(info: MeasureInfo) -> Measure:
    """One measure ready to run by itself, in a plan of one or against one record."""
    return selectors.compiled(info)


def amount_words(info: MeasureInfo) -> str:
    """How much, as a notice says it (研发费用的5%，最多50万元), in the language of the reader; empty where nothing is paid."""
    return saying.amount_words(info.amount, portraits.elements(info.party))


def plan(party_kind: str, *, on: date) -> Plan:
    """All measures of a kind of party in force on a day, compiled; kept while the same versions hold."""
    return selectors.plan(party_kind, on=on)


def stamp() -> str:
    """Changes with every publishing and withdrawal; one query. What holds also changes with the day."""
    return selectors.stamp()


def policy(number: str, *, on: date) -> PolicyInfo:
    """A policy with the measures that hold on a day. :raises UnknownMeasureError: none of that number"""
    return selectors.policy(selectors.policy_row(number), on=on)


def load_pack(folder: Path | None = None, *, at: datetime) -> Mapping[str, int]:
    """The policies of a folder (default: the packs), published by the system; again changes nothing.

    :raises PackError: with every fault, file and line
    """
    return loading.load_pack(folder, at=at)


def fill_up(*, measures: int, departments: int, seed: int, at: datetime) -> Mapping[str, int]:
    """So many made-up measures of so many departments, issued some days before `at`; again changes nothing.

    :raises PoliciesError: a city without the units of these departments
    """
    issued = actors.day_of(at) - timedelta(days=7)
    with tempfile.TemporaryDirectory() as name:
        generating.write(Path(name), count=measures, departments=departments, seed=seed, issued=issued)
        return loading.load_pack(Path(name), at=at)
