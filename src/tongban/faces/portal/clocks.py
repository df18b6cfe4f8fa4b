"""A running limit as the applicant sees it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from tongban.kernel.api import ClockRow, late
from tongban.kernel.calendar import rules as days
from tongban.kernel.calendar.selectors import calendar_for
from tongban.web.contracts import ClockState, ClockView, clock_state

_MOMENT = timedelta(microseconds=1)


def nearest(clocks: Iterable[ClockRow], *, whose: str = "") -> ClockRow | None:
    """The running clock that falls due first (of the applicant, with ``whose="applicant"``)."""
    wanted = [clock for clock in clocks if clock.stopped_at is None and (not whose or clock.whose == whose)]
    running = [clock for clock in wanted if clock.running]
    return min(running or wanted, key=lambda clock: clock.due_at, default=None)


def view(clock: ClockRow | None, *, at: datetime) -> ClockView | None:
    """What is left of a limit at `at`; None for None."""
    if clock is None:
        return None
    overdue = clock.stopped_at is None and clock.suspended_at is None and late(clock, at)
    state = ClockState.OVERDUE if overdue else clock_state(
        at=at, due_at=clock.due_at, warn_at=clock.warn_at, suspended_at=clock.suspended_at,
        stopped_at=clock.stopped_at,
    )  # fmt: skip
    left, unit = _left(clock, clock.suspended_at or at)
    midnight = timezone.localtime(clock.due_at).strftime("%H:%M") == "00:00"
    why = (
        _("因“%s”暂停，恢复后顺延") % clock.suspended_for
        if clock.suspended_at and clock.suspended_for
        else ""
    )
    return ClockView(
        state=state, due_at=clock.due_at, left=left, unit=unit, whole_day=midnight,
        provisional=clock.provisional, note=why, label=clock.label,
    )  # fmt: skip


def last_day(clock: ClockRow) -> datetime:
    """An instant on the last day on which the reader may act."""
    return clock.due_at - _MOMENT


def _left(clock: ClockRow, at: datetime) -> tuple[int | None, str]:
    if clock.basis == "natural_days":
        return (days.local_day(last_day(clock)) - days.local_day(at)).days, "natural_days"
    if clock.basis == "working_hours":
        return int((clock.due_at - at) / timedelta(hours=1)), "working_hours"
    try:
        return days.remaining(at, clock.due_at, calendar_for(clock.region)), "working_days"
    except days.CalendarError:
        return None, "working_days"
