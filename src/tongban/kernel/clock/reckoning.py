"""What happens to a clock: it begins, stands still, runs on, is extended, stops.

All arithmetic of days and hours is the calendar's; here a clock row is changed and nothing is
read or written but the calendars (cached in the process).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tongban.kernel.calendar import rules as days
from tongban.kernel.calendar.selectors import calendar_for, timetable_for
from tongban.kernel.contracts import ClockRow
from tongban.kernel.ledger.rules import instant as iso

if TYPE_CHECKING:
    from tongban.kernel.flow.declaration import Limit, Span

__all__ = ["again", "begin", "drop", "due", "extend", "iso", "late", "resume", "stop", "suspend"]

SHANGHAI = ZoneInfo("Asia/Shanghai")


def due(*, basis: str, amount: int, start: datetime, region: str, unit: str) -> days.Due:
    """When a limit that starts at `start` falls due, and whether that is provisional."""
    if basis == "natural_days":
        return days.due_after_natural_days(start, amount)
    calendar = calendar_for(region)
    if basis == "working_hours":
        return days.due_after_working_hours(start, amount, calendar, timetable_for(unit))
    return days.due_after_working_days(start, amount, calendar)


def _warn_at(limit_warn: Span | None, row: ClockRow) -> datetime | None:
    if limit_warn is None:
        return None
    if limit_warn.basis == "working_hours":
        warn = row.due_at - timedelta(hours=limit_warn.amount)
    elif limit_warn.basis == "natural_days":
        warn = row.due_at - timedelta(days=limit_warn.amount)
    else:
        warn = days.working_days_before(row.due_at, limit_warn.amount, calendar_for(row.region))
    return warn if warn > row.started_at else None


def begin(limit: Limit, span: Span, *, at: datetime, docket: int, region: str, unit: str) -> ClockRow:
    """A new clock that starts at `at`."""
    reckoned = due(basis=span.basis, amount=span.amount, start=at, region=region, unit=unit)
    row = ClockRow(
        id=0, docket=docket, name=limit.name, label=str(limit.label),
        whose=unit if limit.whose == "unit" else "applicant", region=region, amount=span.amount,
        basis=span.basis, source=limit.source, started_at=at, due_at=reckoned.at, warn_at=None,
        provisional=reckoned.provisional, suspended_at=None, suspended_for="", spans=[], stopped_at=None,
        outcome="", on_due=limit.on_due, next_at=None, fired_at=None,
    )  # fmt: skip
    row.warn_at = _warn_at(limit.warn, row)
    row.next_at = row.warn_at or row.due_at
    return row


def late(row: ClockRow, at: datetime) -> bool:
    """Whether the clock was or is past its due instant, standing still not counted."""
    return (row.suspended_at or at) > row.due_at


def stop(row: ClockRow, *, at: datetime) -> ClockRow:
    """End the clock because what it asks for is done: kept or missed."""
    row.outcome = "missed" if late(row, at) else "kept"
    return _ended(row, at)


def drop(row: ClockRow, *, at: datetime) -> ClockRow:
    """End the clock because it no longer applies; one that is already late stays missed."""
    row.outcome = "missed" if late(row, at) else "dropped"
    return _ended(row, at)


def _ended(row: ClockRow, at: datetime) -> ClockRow:
    if row.suspended_at:
        row.spans.append([iso(row.suspended_at), iso(at), row.suspended_for])
        row.suspended_at = None
    row.stopped_at, row.next_at = at, None
    return row


def suspend(row: ClockRow, *, at: datetime, reason: str) -> ClockRow:
    """Let the clock stand still from `at` (行政许可法 第四十五条)."""
    row.suspended_at, row.suspended_for, row.next_at = at, reason, None
    return row


def resume(row: ClockRow, *, at: datetime) -> ClockRow:
    """Let the clock run on: the time it stood still is added, counted as the clock counts."""
    stood = row.suspended_at
    if stood is None:
        return row
    row.spans.append([iso(stood), iso(at), row.suspended_for])
    row.suspended_at, row.suspended_for = None, ""
    before = row.due_at
    if stood > before:  # it was late before it stood still: nothing is given back
        row.next_at = None
        return row
    _push_back(row, stood, at)
    if row.warn_at:
        row.warn_at += row.due_at - before
    row.next_at = row.warn_at if row.warn_at and row.warn_at > at else row.due_at
    return row


def _push_back(row: ClockRow, stood: datetime, at: datetime) -> None:
    if row.basis == "natural_days":
        shift = (at.astimezone(SHANGHAI).date() - stood.astimezone(SHANGHAI).date()).days
        row.due_at += timedelta(days=shift)
        return
    calendar = calendar_for(row.region)
    if row.basis == "working_hours":
        timetable = timetable_for(row.whose)
        left = days.working_minutes_between(stood, row.due_at, calendar, timetable)
        moved = days.due_after_working_minutes(at, left, calendar, timetable)
    else:
        shift = days.working_days_between(stood, at, calendar)
        moved = days.shift_working_days(row.due_at, shift, calendar)
    row.due_at, row.provisional = moved.at, moved.provisional


def extend(row: ClockRow, span: Span, *, at: datetime) -> ClockRow:
    """More time on top of what is left; a late clock may not be extended after the fact."""
    if late(row, at):
        raise ValueError("late")
    if span.basis != row.basis:
        raise ValueError(f"a limit in {row.basis} is extended in {row.basis}")
    if row.basis == "natural_days":
        row.due_at += timedelta(days=span.amount)
    elif row.basis == "working_hours":
        moved = due(basis=row.basis, amount=span.amount, start=row.due_at, region=row.region, unit=row.whose)
        row.due_at, row.provisional = moved.at, moved.provisional
    else:
        moved = days.shift_working_days(row.due_at, span.amount, calendar_for(row.region))
        row.due_at, row.provisional = moved.at, moved.provisional
    row.amount += span.amount
    if row.suspended_at is None:
        row.next_at = row.warn_at if row.warn_at and row.warn_at > at else row.due_at
    return row


def again(row: ClockRow, *, at: datetime) -> ClockRow:
    """Reckon a running clock anew from its start, its length and the spans it stood still."""
    moved = due(basis=row.basis, amount=row.amount, start=row.started_at, region=row.region, unit=row.whose)
    before, row.due_at, row.provisional = row.due_at, moved.at, moved.provisional
    for since, until, _reason in row.spans:
        start, end = datetime.fromisoformat(since), datetime.fromisoformat(until)
        if row.basis == "working_days":
            calendar = calendar_for(row.region)
            moved = days.shift_working_days(
                row.due_at, days.working_days_between(start, end, calendar), calendar
            )
        else:
            calendar, timetable = calendar_for(row.region), timetable_for(row.whose)
            stood = days.working_minutes_between(start, end, calendar, timetable)
            moved = days.due_after_working_minutes(row.due_at, stood, calendar, timetable)
        row.due_at, row.provisional = moved.at, row.provisional or moved.provisional
    if row.warn_at:
        row.warn_at += row.due_at - before
    if row.next_at:
        row.next_at = row.warn_at if row.warn_at and row.warn_at > at else row.due_at
    return row
