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
    from tongban.kernel.clock.limits import Limit, Span

__all__ = ["again", "begin", "drop", "due", "extend", "iso", "late", "resume", "stop", "suspend"]

SHANGHAI = ZoneInfo("Asia/Shanghai")
_DAY, _MOMENT = timedelta(days=1), timedelta(microseconds=1)


def due(*, basis: str, amount: int, start: datetime, region: str, unit: str) -> days.Due:
    """When a limit that starts at `start` falls due, and whether that is provisional.

    :param basis: ``working_days``, ``natural_days``, ``working_hours`` or ``minutes``
    :raises CalendarError: `start` lies before the first published year
    """
    if basis == "minutes":
        return days.Due(start + timedelta(minutes=amount), provisional=False)
    calendar = calendar_for(region)
    if basis == "natural_days":  # a last day that is none of work ends on the next one (民法典 第二百零三条)
        return days.due_after_natural_days(start=start, days=amount, calendar=calendar)
    if basis == "working_hours":
        return days.due_after_working_hours(
            start=start, hours=amount, calendar=calendar, timetable=timetable_for(unit)
        )
    closing = timetable_for(unit).closing
    return days.due_after_working_days(start=start, days=amount, calendar=calendar, closing=closing)


def _warn_at(limit_warn: Span | None, row: ClockRow) -> datetime | None:
    if limit_warn is None:
        return None
    if limit_warn.basis == "working_hours":
        warn = row.due_at - timedelta(hours=limit_warn.amount)
    elif limit_warn.basis == "minutes":
        warn = row.due_at - timedelta(minutes=limit_warn.amount)
    elif limit_warn.basis == "natural_days":
        warn = row.due_at - timedelta(days=limit_warn.amount)
    else:
        warn = _working_days_before(row.due_at, limit_warn.amount, row.region)
    return warn if warn > row.started_at else None


def _working_days_before(moment: datetime, amount: int, region: str) -> datetime:
    calendar = calendar_for(region)
    while amount > 0:
        if calendar.is_workday(days.local_day(moment - _MOMENT)):
            amount -= 1
        moment -= _DAY
    return moment


def begin(limit: Limit, span: Span, *, at: datetime, docket: int, region: str, unit: str) -> ClockRow:
    """A new clock that starts at `at`."""
    reckoned = due(basis=span.basis, amount=span.amount, start=at, region=region, unit=unit)
    row = ClockRow(
        id=0, docket=docket, name=limit.name, label=str(limit.label),
        whose=unit if limit.whose == "unit" else "applicant", region=region, amount=span.amount,
        basis=span.basis, source=span.source or limit.source, started_at=at, due_at=reckoned.at, warn_at=None,
        provisional=reckoned.provisional, suspended_at=None, suspended_for="", spans=[], stopped_at=None,
        outcome="", on_due=limit.on_due, next_at=None, fired_at=None,
    )  # fmt: skip
    row.warn_at = _warn_at(span.warn or limit.warn, row)
    row.next_at = row.warn_at or row.due_at
    return row


def said_at_start(row: ClockRow) -> dict[str, str]:
    """What the ledger says of a clock that begins; one that nobody's unit has to keep says whose it is."""
    said = {"clock": row.name, "act": "start", "due": iso(row.due_at)}
    return said | {"whose": row.whose} if row.whose == "applicant" else said


def late(row: ClockRow, at: datetime) -> bool:
    """Whether the due instant (the first one outside the limit) has come, standing still not counted."""
    return (row.suspended_at or at) >= row.due_at


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
    if stood >= before:  # it was late before it stood still: nothing is given back
        row.next_at = None
        return row
    _push_back(row, stood, at)
    if row.warn_at:
        row.warn_at += row.due_at - before
    row.next_at = row.warn_at if row.warn_at and row.warn_at > at else row.due_at
    return row


def _push_back(row: ClockRow, stood: datetime, at: datetime) -> None:
    if row.basis == "minutes":
        row.due_at += at - stood
        return
    if row.basis == "natural_days":
        shift = (at.astimezone(SHANGHAI).date() - stood.astimezone(SHANGHAI).date()).days
        row.due_at += timedelta(days=shift)
        return
    if row.basis == "working_hours":
        _end_after_hours(row, start=at, hours=_hours(row, stood, row.due_at))
    else:
        _shift(row, _workdays(row, stood, at))


def _workdays(row: ClockRow, since: datetime, until: datetime) -> int:
    return days.working_days_between(
        days.local_day(since), days.local_day(until), calendar=calendar_for(row.region)
    )


def _hours(row: ClockRow, since: datetime, until: datetime) -> float:
    return days.working_hours_between(
        start=since, end=until, calendar=calendar_for(row.region), timetable=timetable_for(row.whose)
    )


def _shift(row: ClockRow, amount: int) -> None:
    """Move the due instant on by working days; it keeps its hour."""
    if amount <= 0:
        return
    calendar = calendar_for(row.region)
    last = days.local_day(row.due_at - _MOMENT)
    day = calendar.workday_after(last, amount)
    row.due_at += day - last
    row.provisional = day > calendar.provisional_after


def _end_after_hours(row: ClockRow, *, start: datetime, hours: float) -> None:
    moved = days.due_after_working_hours(
        start=start, hours=hours, calendar=calendar_for(row.region), timetable=timetable_for(row.whose)
    )
    row.due_at, row.provisional = moved.at, moved.provisional


def extend(row: ClockRow, span: Span, *, at: datetime) -> ClockRow:
    """More time on top of what is left; a late clock may not be extended after the fact."""
    if late(row, at):
        raise ValueError("late")
    if span.basis != row.basis:
        raise ValueError(f"a limit in {row.basis} is extended in {row.basis}")
    if row.basis == "natural_days":
        row.due_at += timedelta(days=span.amount)
    elif row.basis == "minutes":
        row.due_at += timedelta(minutes=span.amount)
    elif row.basis == "working_hours":
        _end_after_hours(row, start=row.due_at, hours=span.amount)
    else:
        _shift(row, span.amount)
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
            _shift(row, _workdays(row, start, end))
        elif row.basis == "working_hours":
            _end_after_hours(row, start=row.due_at, hours=_hours(row, start, end))
        elif row.basis == "minutes":
            row.due_at += end - start
        else:
            row.due_at += timedelta(days=(days.local_day(end) - days.local_day(start)).days)
    if row.warn_at:
        row.warn_at += row.due_at - before
    if row.next_at:
        row.next_at = row.warn_at if row.warn_at and row.warn_at > at else row.due_at
    return row
