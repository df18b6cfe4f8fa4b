"""Counting everything that a month is published with: the city, each county, each unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from django.conf import settings

from tongban.actors import api as actors
from tongban.oversight.insight import packs
from tongban.oversight.insight.access import prefix
from tongban.oversight.insight.contracts import Figure, Period, Scope
from tongban.oversight.insight.definitions import selectors as definitions
from tongban.oversight.insight.packs import Indicator
from tongban.oversight.insight.selectors import figures


class Counted(NamedTuple):
    """One figure and whose it is: a division's code, or a unit's id."""

    whose: str
    figure: Figure


def counted(wanted: Sequence[Indicator], *, period: Period, counties: bool = True) -> list[Counted]:
    """Figures of a period of the city and its units, and of each county."""
    found = [
        one for code in divisions()[: None if counties else 1] for one in _of_division(wanted, period, code)
    ]
    of_units = [one for one in wanted if one.told_by("unit")]
    by_unit = figures(of_units, period=period, scope=Scope((prefix(settings.ROOT_REGION),)), by=("unit",))
    for series in by_unit.values():
        found += [Counted(unit, one) for (unit,), one in series.figures.items() if unit]
    return found


def divisions() -> list[str]:
    """The city and its counties: whose figures are published beside the units'."""
    return [settings.ROOT_REGION, *(one.code for one in actors.regions_below(settings.ROOT_REGION))]


def _of_division(wanted: Sequence[Indicator], period: Period, code: str) -> Iterator[Counted]:
    for series in figures(wanted, period=period, scope=Scope((prefix(code),))).values():
        if (one := series.figures.get(())) is not None:
            yield Counted(code, one)


def kept(one: Indicator) -> dict[str, Any]:
    """A definition as an edition keeps it."""
    return {"version": one.version, "record": packs.written(one)}


def restored(said: Mapping[str, Mapping[str, Any]]) -> list[Indicator]:
    """The definitions of an edition, as they were when it went out."""
    return [definitions.read(one["record"], number=int(one["version"])) for one in said.values()]


def same(one: Figure | None, other: Figure | None) -> bool:
    """Whether two figures say the same; nothing and 0 of nothing are the same."""
    return _told(one) == _told(other)


def _told(one: Figure | None) -> tuple[Any, ...]:
    if one is None or not (one.value or one.part or one.whole):
        return ()
    return (one.value, one.part, one.whole)
