"""What a new definition would have made of the past: the old number beside the new one, by month and by unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from tongban.oversight.insight.contracts import Figure, Period, Scope
from tongban.oversight.insight.counting import Asked
from tongban.oversight.insight.packs import Indicator
from tongban.oversight.insight.selectors import month
from tongban.oversight.insight.shelf import counted

MONTHS = 12
UNITS = 20
_OLD, _NEW = "old", "new"
_NOUGHT = Decimal(0)


@dataclass(frozen=True, slots=True)
class Change:
    """One number by the old definition and by the new one. `moved` is None where they cannot be taken from each other."""

    group: str
    old: Figure | None
    new: Figure | None
    moved: Decimal | None


@dataclass(frozen=True, slots=True)
class Effect:
    """The last months, oldest first, with their sum up; and the units that move most."""

    period: Period
    whole: Change
    months: tuple[Change, ...]
    units: tuple[Change, ...]


def effect(*, old: Indicator | None, new: Indicator, until: date, scope: Scope) -> Effect:
    """Count the last twelve months by both definitions.

    :param old: what holds now; None for a new indicator
    :param until: a day of the last month
    """
    asked = [Asked(_NEW, new.version, new.formula)]
    if old is not None:
        asked.append(Asked(_OLD, old.version, old.formula))
    alike = old is not None and old.measured == new.measured
    period = Period(month(until, back=MONTHS - 1).first, month(until).last)
    months = _changes(asked, period, scope, ("month",), alike=alike)
    whole = _changes(asked, period, scope, (), alike=alike)
    units = [one for one in _changes(asked, period, scope, ("unit",), alike=alike) if one.group]
    units.sort(key=lambda one: (-abs(one.moved or _NOUGHT), one.group))
    by_name = {one.group: one for one in months}
    names = [f"{month(until, back=back).first:%Y-%m}" for back in reversed(range(MONTHS))]
    nothing = Change("", None, None, None)
    return Effect(
        period,
        whole[0] if whole else nothing,
        tuple(by_name.get(name, Change(name, None, None, None)) for name in names),
        tuple(units[:UNITS]),
    )


def _changes(
    asked: Sequence[Asked], period: Period, scope: Scope, by: tuple[str, ...], *, alike: bool
) -> list[Change]:
    found = counted(asked, period=period, scope=scope, by=by)
    olds = found[_OLD].figures if _OLD in found else {}
    news = found[_NEW].figures
    changes = []
    for group in sorted({*olds, *news}):
        old, new = olds.get(group), news.get(group)
        moved = None
        if alike and old is not None and new is not None and old.value is not None and new.value is not None:
            moved = new.value - old.value
        changes.append(Change(group[0] if group else "", old, new, moved))
    return changes
