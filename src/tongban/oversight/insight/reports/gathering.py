"""The figures that a report is written from: each period and grouping is counted once, when it is first asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tongban.oversight.insight import api as insight
from tongban.oversight.insight.api import Figure, Indicator, Period, Scope, Series
from tongban.oversight.insight.facts import api as facts

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

    def figure(self, key: str, period: Period | None = None) -> Figure | None:
        """The figure of an indicator for the whole of a period; the report's own unless told otherwise."""
        return self._series(period or self.period, "")[key].figures.get(())

    def groups(self, key: str, by: str) -> dict[str, Figure]:
        """Figures of the report's period by group (by month: of the months that a chart shows)."""
        period = months(self.period) if by == "month" else self.period
        series = self._series(period, by).get(key)
        return {} if series is None else {group[0]: one for group, one in series.figures.items()}

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
