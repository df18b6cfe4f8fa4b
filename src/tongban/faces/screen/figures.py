"""What the leader's screen says, counted from the platform's own rows by index and scoped to regions.

Days are days in Shanghai. Rates keep numerator and denominator; nothing to divide by is None, never zero.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Q
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
    kept = _kept(units, since=first, until=at)
    before = _kept(units, since=first - timedelta(days=DAYS), until=first)
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
    days = _days(units, first=first, today=today, at=at)
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


def _ended(units: Sequence[str], *, since: datetime, until: datetime) -> Q:
    """Limits of the units that ended in a period: kept or missed, none that fell away or was the applicant's."""
    return Q(whose__in=units, stopped_at__gte=since, stopped_at__lte=until, outcome__in=("kept", "missed"))


def _kept(units: Sequence[str], *, since: datetime, until: datetime) -> dict[str, Share]:
    rows = (
        Clock.objects.filter(_ended(units, since=since, until=until))
        .values("whose")
        .annotate(kept=Count("id", filter=Q(outcome="kept")), every=Count("id"))
        .order_by("whose")
    )
    return {row["whose"]: Share(row["kept"], row["every"]) for row in rows}


def _longest_late(units: Sequence[str], *, at: datetime) -> list[kernel.DocketRow]:
    rows = Docket.objects.filter(unit__in=units, closed_at=None, due_at__lte=at).order_by("due_at", "id")
    return [kernel.row_of(row) for row in rows[:EXCEPTIONS]]


def _due(units: Sequence[str], *, today: date, at: datetime) -> tuple[list[kernel.DocketRow], int]:
    """What still falls due today, the next first, and how much it is; the end of today is midnight."""
    rows = Docket.objects.filter(
        unit__in=units, closed_at=None, due_at__gt=at, due_at__lte=midnight(today + timedelta(days=1))
    )
    return [kernel.row_of(row) for row in rows.order_by("due_at", "id")[:DUE]], rows.count()


def _days(units: Sequence[str], *, first: datetime, today: date, at: datetime) -> list[Day]:
    opened = dict(
        Docket.objects.filter(kind="application", opened_at__gte=first, opened_at__lte=at, unit__in=units)
        .annotate(day=TruncDate("opened_at", tzinfo=SHANGHAI))
        .values("day")
        .annotate(n=Count("id"))
        .order_by("day")
        .values_list("day", "n")
    )
    ended = (
        Clock.objects.filter(_ended(units, since=first, until=at))
        .annotate(day=TruncDate("stopped_at", tzinfo=SHANGHAI))
        .values("day")
        .annotate(kept=Count("id", filter=Q(outcome="kept")), missed=Count("id", filter=Q(outcome="missed")))
        .order_by("day")
    )
    by_day = {row["day"]: (row["kept"], row["missed"]) for row in ended}
    days = (today - timedelta(days=back) for back in range(DAYS - 1, -1, -1))
    return [Day(day, opened.get(day, 0), *by_day.get(day, (0, 0))) for day in days]
