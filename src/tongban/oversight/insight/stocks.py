"""What a register holds on a day: of each thing the newest row up to then, unless it says that the thing is gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from tongban.oversight.insight.contracts import Period
from tongban.oversight.insight.formulas import STOCKS

if TYPE_CHECKING:
    import ibis

TIMES = ("month", "day")
ENDS_AT_ONCE = 31
"""So many ends are asked in one statement; more make it slow to plan."""


def reaching(table: str, period: Period) -> Period:
    """The days whose files a question about a period reads: a stock began long before it."""
    return Period(date.min, period.last) if table == STOCKS else period


def ends(period: Period, by: Sequence[str]) -> list[tuple[str, date]]:
    """The days on which a stock is counted, and what they are called: the period's last, or each month's or day's."""
    if "day" in by:
        days = (period.last - period.first).days + 1
        return [(day.isoformat(), day) for day in (period.first + timedelta(days=n) for n in range(days))]
    if "month" not in by:
        return [("", period.last)]
    found: dict[str, date] = {}
    day = period.first
    while day <= period.last:
        following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
        found[f"{day:%Y-%m}"] = min(following - timedelta(days=1), period.last)
        day = following
    return list(found.items())


def lasting(facts: ibis.Table) -> ibis.Table:
    """Each row with the day from which a newer one of the same thing holds (`until`)."""
    import ibis

    order = [facts.at, facts.recorded_at, facts.stream, facts.sequence, facts["item"]]
    window = ibis.window(group_by=[facts.kind, facts.key], order_by=order)
    return facts.mutate(until=facts.day.lead().over(window))


def standing(facts: ibis.Table, day: date) -> Any:
    """Which rows of `lasting` hold at the end of a day."""
    newer = facts.until.isnull() | (facts.until > day)
    return (facts.day <= day) & newer & ~facts.gone


def happened(facts: ibis.Table) -> ibis.Table:
    """Calls without those that turned out to be none of that day."""
    return facts.filter(~facts.gone)
