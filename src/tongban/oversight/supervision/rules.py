"""When a limit turns yellow, and when the next rung is told. Pure: instants, lengths and calendars in, instants out."""

from __future__ import annotations

from datetime import datetime, timedelta

from tongban.kernel.calendar.rules import (
    CalendarError,
    WorkCalendar,
    due_after_working_days,
    working_days_before,
)
from tongban.kernel.flow.declaration import Span
from tongban.oversight.supervision.pack import Threshold

_OTHER = {
    "natural_days": timedelta(days=1),
    "working_hours": timedelta(hours=1),
    "minutes": timedelta(minutes=1),
}
# What no holiday makes longer: so much is looked at ahead for each working day.
_STRETCHED = timedelta(days=3)
_LONGEST_HOLIDAY = timedelta(days=10)


def yellow_from(
    threshold: Threshold, *, started_at: datetime, due_at: datetime, calendar: WorkCalendar
) -> datetime:
    """The instant from which a limit is near its end; never before it began."""
    earliest = _before(threshold.before, due_at, calendar)
    if threshold.percent:
        earliest = max(earliest, due_at - (due_at - started_at) * threshold.percent / 100)
    return max(earliest, started_at)


def _before(span: Span, moment: datetime, calendar: WorkCalendar) -> datetime:
    if span.basis == "working_days":
        try:
            return working_days_before(moment, span.amount, calendar)
        except CalendarError:
            return moment - timedelta(days=span.amount)
    return moment - span.amount * _OTHER[span.basis]


def after(span: Span, start: datetime, calendar: WorkCalendar) -> datetime:
    """The instant at which a length from `start` is over; whole working days end at 24:00."""
    if span.basis == "working_days" and span.amount:
        return due_after_working_days(start=start, days=span.amount, calendar=calendar).at
    return start if not span.amount else start + span.amount * _OTHER[span.basis]


def horizon(thresholds: tuple[Threshold, ...]) -> timedelta:
    """So far ahead a limit may fall due and be near already."""
    return max(
        one.before.amount * _STRETCHED + _LONGEST_HOLIDAY
        if one.before.basis == "working_days"
        else one.before.amount * _OTHER[one.before.basis]
        for one in thresholds
    )
