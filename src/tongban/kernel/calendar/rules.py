"""PLACEHOLDER by the kernel lead so that Django starts: the calendar colleague replaces the bodies.

kernel/clock/reckoning.py calls exactly these names and signatures; keep them:
  Due(at, provisional)
  due_after_natural_days(start, amount) -> Due
  due_after_working_days(start, amount, calendar) -> Due
  due_after_working_hours(start, hours, calendar, timetable) -> Due
  due_after_working_minutes(start, minutes, calendar, timetable) -> Due
  working_minutes_between(start, end, calendar, timetable) -> int   (0 when end <= start)
  working_days_between(start, end, calendar) -> int   workdays in (date(start), date(end)]
  shift_working_days(due_at, amount, calendar) -> Due   a due instant (midnight ending a day) moved on by N workdays
  working_days_before(due_at, amount, calendar) -> datetime   instant N workdays before a due instant (warnings)
calendar/selectors.py: calendar_for(region), timetable_for(unit), on_calendar_loaded(callable), register_chain(callable)
"""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Due:
    at: datetime
    provisional: bool


def due_after_natural_days(start, amount): return Due(start + timedelta(days=amount), False)
def due_after_working_days(start, amount, calendar): return Due(start + timedelta(days=amount), False)
def due_after_working_hours(start, hours, calendar, timetable): return Due(start + timedelta(hours=hours), False)
def due_after_working_minutes(start, minutes, calendar, timetable): return Due(start + timedelta(minutes=minutes), False)
def working_minutes_between(start, end, calendar, timetable): return 0
def working_days_between(start, end, calendar): return 0
def shift_working_days(due_at, amount, calendar): return Due(due_at + timedelta(days=amount), False)
def working_days_before(due_at, amount, calendar): return due_at - timedelta(days=amount)
