"""One unit beside those of its level: its figures, its place, the peers' median, and what would lift each figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from tongban.oversight.insight import api as insight
from tongban.oversight.insight.api import Behind, Figure, Good, Indicator, Measured, Scope, Series
from tongban.oversight.insight.reports import standing
from tongban.oversight.insight.reports.definitions import PartSpec, definitions
from tongban.oversight.insight.reports.ranking import Placed, middle, needed
from tongban.oversight.insight.reports.standing import level_of
from tongban.oversight.insight.shortfall import wrong

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Lift:
    """What would bring a figure somewhere.

    :param percent: the share to be reached
    :param had: of what was counted, how many had to be otherwise
    :param more: how many of those still to come have to be right, without one more that is wrong; 0 where that cannot do it
    """

    percent: Decimal
    had: int
    more: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One indicator of one unit among its peers.

    :param place: among those that have something to count; `of` how many these are
    :param wrong: what pulls the figure down, the first of them
    """

    indicator: Indicator
    now: Figure | None
    before: Figure | None
    year_ago: Figure | None
    median: Decimal | None
    place: int | None
    of: int
    to_target: Lift | None
    to_next: Lift | None
    wrong: tuple[Behind, ...]
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Department:
    """A unit's month."""

    unit: str
    level: str
    placed: Placed | None
    of: int
    standings: tuple[Standing, ...]


def rule() -> PartSpec:
    """The ranking of the monthly bulletin, which places units here too."""
    return next(part for part in definitions()["monthly"].parts() if part.kind == "ranking")


def table(day: date, *, level: str, scope: Scope) -> list[Placed]:
    """The units of a level by points, as the bulletin of the month ranks them."""
    known = insight.indicators(on=insight.month(day).last)
    parts = standing.weighed(rule().points, known)
    figures = _by_unit([known[one.indicator] for one in parts], day, scope=scope)
    return standing.ranked(figures, parts, level=level, least=rule().least)


def department(unit: str, day: date) -> Department:
    """A unit's month beside its peers. Peers are counted and not named."""
    level = level_of(unit)
    period = insight.month(day)
    known = insight.indicators(on=period.last)
    shares = [
        one
        for one in known.values()
        if one.measured is Measured.SHARE and one.good is not Good.NEITHER and one.told_by("unit")
    ]
    now = _by_unit(shares, day)
    own = [one for one in shares if unit in now[one.id] or one.id in dict(rule().points)]
    alone = Scope(units=(unit,))
    before = insight.figures(own, period=insight.month(day, back=1), scope=alone)
    year_ago = insight.figures(own, period=insight.month(day, back=12), scope=alone)
    placed = standing.ranked(now, standing.weighed(rule().points, known), level=level, least=rule().least)
    return Department(
        unit, level, next((one for one in placed if one.unit == unit), None),
        sum(one.place is not None for one in placed),
        tuple(_standing(one, unit, _peers(now[one.id], level), (before, year_ago), day) for one in own),
    )  # fmt: skip


def _by_unit(
    wanted: Sequence[Indicator], day: date, *, scope: Scope | None = None
) -> dict[str, dict[str, Figure]]:
    found = insight.figures(wanted, period=insight.month(day), scope=scope or Scope(), by=("unit",))
    return {key: {group[0]: one for group, one in series.figures.items()} for key, series in found.items()}


def _peers(figures: Mapping[str, Figure], level: str) -> dict[str, Figure]:
    return {unit: one for unit, one in figures.items() if one.whole and level_of(unit) == level}


def _standing(
    one: Indicator,
    unit: str,
    peers: Mapping[str, Figure],
    earlier: tuple[Mapping[str, Series], Mapping[str, Series]],
    day: date,
) -> Standing:
    less = one.good is Good.DOWN
    now = peers.get(unit)
    values = {name: value for name, figure in peers.items() if (value := figure.value) is not None}
    own = values.get(unit)
    better = [
        value for value in values.values() if own is not None and (value < own if less else value > own)
    ]
    target = next_one = None
    if now is not None and one.target is not None:
        target = _lift(now, one.target, less=less)
    if now is not None and better:
        next_one = _lift(now, max(better) if less else min(better), less=less)
    others = [value for name, value in values.items() if name != unit]
    before, year_ago = (series[one.id].figures.get(()) for series in earlier)
    return Standing(
        one, now, before, year_ago, middle(others), None if own is None else len(better) + 1, len(values), target, next_one,
        _wrong(one, unit, day) if now is not None else (), _limits(one),
    )  # fmt: skip


def _lift(now: Figure, percent: Decimal, *, less: bool) -> Lift | None:
    had, more = needed(now, percent=percent, less=less)
    return Lift(percent, had, more) if had else None


def _wrong(one: Indicator, unit: str, day: date) -> tuple[Behind, ...]:
    """The first things that pull a share down: what is in the whole and not in the part, or the part where less is better."""
    leaf = wrong(one)
    if leaf is None:
        return ()
    found, _more = insight.behind(
        replace(one, formula=leaf), period=insight.month(day), scope=Scope(units=(unit,)), unit=unit
    )
    return tuple(found[:SHOWN])


def _limits(one: Indicator) -> tuple[str, ...]:
    """The kind of docket and the limit that an indicator of limits counts; empty for others."""
    leaf = wrong(one)
    if leaf is None or leaf.table != "clocks":
        return ()
    said = {
        line.column: str(line.values[0]) for line in leaf.where if line.how == "is" and len(line.values) == 1
    }
    return (said["kind"], said["name"]) if {"kind", "name"} <= set(said) else ()
