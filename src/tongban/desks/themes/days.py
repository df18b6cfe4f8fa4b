"""The kernel's calendar as planning asks it: whole days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from tongban.kernel.calendar import rules
from tongban.kernel.calendar.selectors import calendar_for
from tongban.registers.catalogue.contracts import LimitSpec


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """`order.Calendar` over the published working days of a region."""

    calendar: rules.WorkCalendar

    def due(self, start: date, limit: LimitSpec) -> date:
        """Last day of a limit; 0 = `start` or the next working day.

        :raises CalendarError: before the first published year, or over ten years ahead
        """
        if limit.amount == 0:
            return start if self.calendar.is_workday(start) else self.calendar.workday_after(start, 1)
        begin = datetime.combine(start, time(), rules.ZONE)
        if limit.unit == "natural_days":
            return rules.due_after_natural_days(
                start=begin, days=limit.amount, calendar=self.calendar
            ).last_day
        if limit.unit == "working_hours":
            begin += timedelta(days=1)
            return rules.due_after_working_hours(
                start=begin, hours=limit.amount, calendar=self.calendar
            ).last_day
        return self.calendar.workday_after(start, limit.amount)

    def working_days(self, start: date, end: date) -> int:
        return rules.working_days_between(start, end, calendar=self.calendar)

    def is_provisional(self, day: date) -> bool:
        return day > self.calendar.provisional_after


def working_days_of(region: str) -> WorkingDays:
    """Working days as published for a region.

    :raises CalendarError: no calendar is loaded; says how to load one
    """
    return WorkingDays(calendar_for(region))
