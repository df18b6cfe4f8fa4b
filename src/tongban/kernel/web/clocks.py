"""Limits as a reader sees them: the view that the shell's clock component draws."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from tongban.kernel.calendar import rules as days
from tongban.kernel.calendar.selectors import calendar_for
from tongban.kernel.clock.reckoning import late
from tongban.kernel.contracts import ClockRow
from tongban.kernel.models import Docket
from tongban.web.contracts import ClockState, ClockView, clock_state

_DAY, _MOMENT = timedelta(days=1), timedelta(microseconds=1)


def view_of(clock: ClockRow | None, *, at: datetime) -> ClockView | None:
    """One limit at `at`: its state, what is left of it, why it stands still; None for None."""
    if clock is None:
        return None
    state = _state(clock, at)
    left, unit = _left(clock, at=clock.suspended_at or at)
    local = timezone.localtime(clock.due_at)
    note = ""
    if clock.suspended_at:
        note = _("因“%s”暂停，恢复后顺延") % clock.suspended_for if clock.suspended_for else ""
    return ClockView(
        state=state, due_at=clock.due_at, left=left, unit=unit, whole_day=local.time() == time(),
        provisional=clock.provisional, note=note, label=_(clock.label) if clock.label else "",
    )  # fmt: skip


def late_by_unit(units: Sequence[str], *, at: datetime) -> dict[str, int]:
    """How many open dockets of each unit are past their limit; units without one are absent. One query."""
    rows = Docket.objects.filter(unit__in=units, closed_at=None, due_at__lte=at).values("unit")
    return dict(rows.annotate(n=Count("id")).order_by("unit").values_list("unit", "n"))


def _state(clock: ClockRow, at: datetime) -> ClockState:
    if clock.stopped_at is None and clock.suspended_at is None and late(clock, at):
        return ClockState.OVERDUE  # at the due instant itself the limit is over
    return clock_state(
        at=at, due_at=clock.due_at, warn_at=clock.warn_at, suspended_at=clock.suspended_at,
        stopped_at=clock.stopped_at,
    )  # fmt: skip


def _left(clock: ClockRow, *, at: datetime) -> tuple[int | None, str]:
    ahead = clock.due_at - at
    if timedelta() < ahead < _DAY or clock.basis in {"working_hours", "minutes"}:
        return _hours(abs(ahead))
    if clock.basis == "natural_days":
        whole = (days.local_day(clock.due_at - _MOMENT) - days.local_day(at)).days
        return (whole if ahead > timedelta() else min(whole, -1)), "natural_days"
    try:
        return days.remaining(at, clock.due_at, calendar_for(clock.region)), "working_days"
    except days.CalendarError:
        return None, "working_days"


def _hours(length: timedelta) -> tuple[int, str]:
    if length < timedelta(hours=1):
        return max(1, math.ceil(length / timedelta(minutes=1))), "minutes"
    return math.floor(length / timedelta(hours=1)), "working_hours"


def nearest(clocks: Iterable[ClockRow], *, whose: str = "") -> ClockRow | None:
    """The clock that a list shows: the running one that falls due first, else a suspended one.

    :param whose: only clocks of this one: ``applicant``, or a unit's id
    """
    unstopped = [
        clock for clock in clocks if clock.stopped_at is None and (not whose or clock.whose == whose)
    ]
    running = [clock for clock in unstopped if clock.running]
    return min(running or unstopped, key=lambda clock: clock.due_at, default=None)


def last_day(clock: ClockRow) -> datetime:
    """An instant on the last day on which the reader may act."""
    return clock.due_at - _MOMENT
