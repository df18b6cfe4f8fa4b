"""What the leader's screen says, counted from the platform's own rows by index and scoped to regions.

Days are days in Shanghai. Rates keep numerator and denominator; nothing to divide by is None, never zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Case, Count, IntegerField, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDate

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.models import Clock, Docket
from tongban.kernel.web.clocks import late_by_unit
from tongban.oversight.appraisal import api as appraisal

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAYS = 30
EXCEPTIONS = 5
DUE = 8
RANKED = 20


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, kept as two counts."""

    part: int = 0
    whole: int = 0


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the trend."""

    day: date
    opened: int
    kept: int
    missed: int


@dataclass(frozen=True, slots=True)
class UnitFigures:
    """One unit: limits kept in time, dockets late now, evaluations and words on tickets that were good."""

    unit: str
    name: str
    on_time: Share
    late: int
    good: Share


@dataclass(frozen=True, slots=True)
class Screen:
    """Everything that the screen shows, as of `at`."""

    at: datetime
    region: str
    today: int
    on_time: Share
    before: Share
    late: int
    good: Share
    exceptions: list[kernel.DocketRow]
    clocks: dict[int, list[kernel.ClockRow]]
    days: list[Day]
    units: list[UnitFigures]
    late_units: list[UnitFigures]
    due: list[kernel.DocketRow]
    due_today: int


def midnight(day: date) -> datetime:
    """The first instant of a day in Shanghai."""
    return datetime.combine(day, time(), tzinfo=SHANGHAI)


def units_of(region: str) -> dict[str, str]:
    """Units of a region and below with their names; ended ones too, since their work counts."""
    return {unit.id: unit.name for unit in actors.units_in(region=region, below=True, ended=True)}


def reckon(*, region: str, at: datetime) -> Screen:
    """The figures of a region as of `at`; about eleven statements whatever the number of dockets."""
    names = units_of(region)
    units = list(names)
    today = at.astimezone(SHANGHAI).date()
    first = midnight(today - timedelta(days=DAYS - 1))
    ended = _ended(units, first=first, until=at)
    kept = _shares(ended, among=range(DAYS))
    before = _shares(ended, among=range(-DAYS, 0))
    late = late_by_unit(units, at=at)
    said = _said(units, since=first, until=at + timedelta(microseconds=1))
    lines = [
        UnitFigures(
            unit, names[unit], kept.get(unit, Share()), late.get(unit, 0),
            Share(said[unit].good, said[unit].total) if unit in said else Share(),
        )
        for unit in sorted({*kept, *late, *said})
    ]  # fmt: skip
    rows, (due, due_today) = _longest_late(units, at=at), _due(units, today=today, at=at)
    shown = [row.id for row in (*rows, *due)]
    days = _days(units, ended, first=first, today=today, at=at)
    return Screen(
        at=at, region=region, today=days[-1].opened, on_time=_sum(kept.values()), before=_sum(before.values()),
        late=sum(late.values()), good=Share(sum(one.good for one in said.values()), sum(one.total for one in said.values())),
        exceptions=rows, clocks=kernel.clocks_of(shown) if shown else {}, days=days, due=due, due_today=due_today,
        units=sorted(lines, key=_rank)[:RANKED],
        late_units=sorted((line for line in lines if line.late), key=lambda line: -line.late)[:RANKED],
    )  # fmt: skip


def _said(units: Sequence[str], *, since: datetime, until: datetime) -> dict[str, appraisal.Figures]:
    """What people said of the units, of cases and of hotline tickets, in the same five levels."""
    found = appraisal.figures(units=units, since=since, until=until)
    for unit, told in appraisal.ticket_figures(units=units, since=since, until=until).items():
        found[unit] = found.get(unit, appraisal.Figures()) + told
    return found


def _rank(line: UnitFigures) -> tuple[float, int, str]:
    """Best rate first, then who kept more limits; units without a limit in the period last."""
    share = line.on_time
    return (-share.part / share.whole if share.whole else 1.0, -share.whole, line.unit)


def _sum(shares: Iterable[Share]) -> Share:
    listed = list(shares)
    return Share(sum(one.part for one in listed), sum(one.whole for one in listed))


class _Ended(NamedTuple):
    """How many limits of a unit ended on a day, counted from the first one shown, and how."""

    unit: str
    day: int
    outcome: str
    limits: int


def _ended(units: Sequence[str], *, first: datetime, until: datetime) -> list[_Ended]:
    """Limits of the units that were kept or missed in the days shown and in as many before: none that fell away or was the
    applicant's. One reading; the database compares instants, which it does faster than making days of them.
    """
    rows = Clock.objects.filter(
        whose__in=units, stopped_at__gte=first - timedelta(days=DAYS), stopped_at__lte=until, outcome__in=("kept", "missed"),
    )  # fmt: skip
    counted = rows.annotate(day=_day_of(first, -DAYS, DAYS)).order_by()
    return [_Ended(*row) for row in counted.values_list("whose", "day", "outcome").annotate(n=Count("id"))]


def _day_of(first: datetime, least: int, beyond: int) -> Combinable:
    """The day on which a limit ended, counted from the first, found by halves: six comparisons for sixty days."""
    if beyond - least == 1:
        return Value(least, output_field=IntegerField())
    middle = (least + beyond) // 2
    later = When(stopped_at__gte=first + timedelta(days=middle), then=_day_of(first, middle, beyond))
    return Case(later, default=_day_of(first, least, middle), output_field=IntegerField())


def _shares(ended: Iterable[_Ended], *, among: range) -> dict[str, Share]:
    """Per unit how many of its limits that ended in these days were kept."""
    found: dict[str, Share] = {}
    for one in ended:
        if one.day in among:
            was = found.get(one.unit, Share())
            found[one.unit] = Share(was.part + one.limits * (one.outcome == "kept"), was.whole + one.limits)
    return found


def _longest_late(units: Sequence[str], *, at: datetime) -> list[kernel.DocketRow]:
    rows = Docket.objects.filter(unit__in=units, closed_at=None, due_at__lte=at).order_by("due_at", "id")
    return [kernel.row_of(row) for row in rows[:EXCEPTIONS]]


def _due(units: Sequence[str], *, today: date, at: datetime) -> tuple[list[kernel.DocketRow], int]:
    """What still falls due today, the next first, and how much it is; the end of today is midnight."""
    rows = Docket.objects.filter(
        unit__in=units, closed_at=None, due_at__gt=at, due_at__lte=midnight(today + timedelta(days=1))
    )
    return [kernel.row_of(row) for row in rows.order_by("due_at", "id")[:DUE]], rows.count()


def _days(
    units: Sequence[str], ended: Iterable[_Ended], *, first: datetime, today: date, at: datetime
) -> list[Day]:
    opened = dict(
        Docket.objects.filter(kind="application", opened_at__gte=first, opened_at__lte=at, unit__in=units)
        .annotate(day=TruncDate("opened_at", tzinfo=SHANGHAI))
        .values("day")
        .annotate(n=Count("id"))
        .order_by("day")
        .values_list("day", "n")
    )
    how: Counter[tuple[int, str]] = Counter()
    for one in ended:
        how[one.day, one.outcome] += one.limits
    days = ((today - timedelta(days=DAYS - 1 - day), day) for day in range(DAYS))
    return [Day(date_, opened.get(date_, 0), how[day, "kept"], how[day, "missed"]) for date_, day in days]
