"""The figures that a report is written from: each period and grouping is counted once, when it is first asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.conf import settings

from tongban.oversight.insight import api as insight
from tongban.oversight.insight.api import Closed, Figure, Indicator, Period, Scope, Series
from tongban.oversight.insight.facts import api as facts
from tongban.oversight.insight.months.selectors import whose_of

MONTHS = 13
Asked = tuple[str, tuple[str, ...]]


def month_of(day: date) -> Period:
    """The month of a day."""
    return insight.month(day)


def year_of(year: int) -> Period:
    """A year from its first day to its last."""
    return Period(date(year, 1, 1), date(year, 12, 31))


def before(period: Period) -> Period:
    """The period of the same kind that ended the day before."""
    return year_of(period.first.year - 1) if _is_year(period) else insight.month(period.first, back=1)


def year_ago(period: Period) -> Period:
    """The same period of the year before."""
    return year_of(period.first.year - 1) if _is_year(period) else insight.month(period.first, back=12)


def so_far(period: Period) -> Period:
    """From the first day of the year to the last of the period."""
    return Period(period.first.replace(month=1, day=1), period.last)


def months(period: Period) -> Period:
    """The months that a chart shows: those of the year, or thirteen to the month."""
    if _is_year(period):
        return period
    return Period(insight.month(period.first, back=MONTHS - 1).first, period.last)


def months_of(period: Period) -> list[date]:
    """The first days of the months of a period."""
    found, day = [], period.first.replace(day=1)
    while day <= period.last:
        found.append(day)
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return found


def _whose(scope: Scope) -> str:
    """Under which name the figures of a scope were published; the whole city's under the root region."""
    return settings.ROOT_REGION if scope == Scope() else whose_of(scope)


def _is_month(period: Period) -> bool:
    return period == insight.month(period.first)


def _is_year(period: Period) -> bool:
    return (period.last - period.first).days > 31


@dataclass(slots=True)
class Sheet:
    """The figures of one report, one scope.

    :param wanted: every indicator that the report tells of
    :param grouped: for each grouping, the indicators that are told by it
    """

    period: Period
    scope: Scope
    wanted: Mapping[str, Indicator]
    grouped: Mapping[str, Sequence[str]] = field(default_factory=dict)
    _counted: dict[tuple[Period, str], Mapping[str, Series]] = field(default_factory=dict)
    _published: dict[date, Mapping[str, Mapping[str, Figure]]] = field(default_factory=dict)

    def figure(self, key: str, period: Period | None = None) -> Figure | None:
        """The figure of an indicator for the whole of a period; the report's own unless told otherwise.

        Of a month that was published it is the published one, whatever the facts say since.
        """
        period = period or self.period
        own = self._out(period.first).get(_whose(self.scope), {}) if _is_month(period) else {}
        return own[key] if key in own else self._series(period, "")[key].figures.get(())

    def groups(self, key: str, by: str) -> dict[str, Figure]:
        """Figures of the report's period by group (by month: of the months that a chart shows)."""
        period = months(self.period) if by == "month" else self.period
        series = self._series(period, by).get(key)
        found = {} if series is None else {group[0]: one for group, one in series.figures.items()}
        return found | self._published_groups(key, by, found)

    def closed(self) -> Closed | None:
        """The newest edition of the report's month; None while it is open, and of a year."""
        return insight.closed(self.period.first) if _is_month(self.period) else None

    def _published_groups(self, key: str, by: str, found: Mapping[str, Figure]) -> dict[str, Figure]:
        if by == "unit" and _is_month(self.period):
            units = self._out(self.period.first)
            return {group: units[group][key] for group in found if key in units.get(group, {})}
        if by == "month":
            whose = _whose(self.scope)
            own = {label: self._out(date.fromisoformat(f"{label}-01")).get(whose, {}) for label in found}
            return {label: figures[key] for label, figures in own.items() if key in figures}
        return {}

    def _out(self, first: date) -> Mapping[str, Mapping[str, Figure]]:
        """What a month was published with, by whose and by indicator; empty while it is open."""
        if first not in self._published:
            self._published[first] = insight.published(first)
        return self._published[first]

    def recorded(self, period: Period) -> bool:
        """Whether anything was written down in a period: what was before the platform is unknown, not nought."""
        return any(period.first <= day <= period.last for day in facts.days_of(facts.folder(), "moves"))

    def _series(self, period: Period, by: str) -> Mapping[str, Series]:
        place = (period, by)
        if place not in self._counted:
            keys = list(self.grouped.get(by, ())) if by else list(self.wanted)
            self._counted[place] = insight.figures(
                [self.wanted[key] for key in keys], period=period, scope=self.scope, by=(by,) if by else ()
            )
        return self._counted[place]
