"""Calendars and timetables as the rules want them, read once per process and again when they change."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Sum

from tongban.kernel.calendar.models import NATIONAL, Calendar, CalendarDay, CalendarYear
from tongban.kernel.calendar.models import Timetable as TimetableRow
from tongban.kernel.calendar.rules import OFFICE_HOURS, CalendarError, Timetable, WorkCalendar

_CHECK_SECONDS = (
    5.0  # within this time another process' change may go unnoticed; provisional clocks are recomputed anyway
)


@dataclass(slots=True)
class _Cache:
    revision: int | None = None
    checked: float = 0.0
    by_region: dict[str, WorkCalendar] = field(default_factory=dict)
    by_code: dict[str, WorkCalendar] = field(default_factory=dict)
    timetables: dict[str, Timetable] = field(default_factory=dict)


_cache = _Cache()
_lock = threading.RLock()
_chains: list[Callable[[str], list[str]]] = []
_listeners: list[Callable[[], object]] = []


def register_chain(resolver: Callable[[str], list[str]]) -> None:
    """Tell how a region's superiors are found: own code first, the root last. The last one registered counts.

    Without a resolver a region has its own calendar or the national one.
    """
    _chains.append(resolver)
    forget()


def on_calendar_loaded(listener: Callable[[], object]) -> None:
    """Have `listener` called after a load is committed, once per load, to recompute what was provisional."""
    if listener not in _listeners:
        _listeners.append(listener)


def announce_loaded() -> None:
    """Call the listeners. The loading service does."""
    forget()
    for listener in _listeners:
        listener()


def forget() -> None:
    """Drop what this process holds; the next question reads the database."""
    global _cache  # noqa: PLW0603 - one cache per process, swapped whole so that readers need no lock
    with _lock:
        _cache = _Cache()


def _current() -> _Cache:
    """The cache, emptied when the revision in the database is another."""
    global _cache  # noqa: PLW0603 - as above
    cache = _cache
    moment = time.monotonic()
    interval = getattr(settings, "CALENDAR_CHECK_SECONDS", _CHECK_SECONDS)
    if cache.revision is not None and moment - cache.checked < interval:
        return cache
    with _lock:
        revision = Calendar.objects.aggregate(total=Sum("revision"))["total"] or 0
        if cache.revision != revision:
            cache = _Cache(revision=revision)
        cache.checked = moment
        _cache = cache
    return cache


def calendar_for(region: str) -> WorkCalendar:
    """The calendar that holds in a region: its own, its nearest superior's, or the national one.

    :param region: opaque code; "" for the national calendar
    :raises CalendarError: no calendar is loaded, or a year in the middle is missing
    """
    cache = _current()
    found = cache.by_region.get(region)
    if found is None:
        found = _work_calendar(_code_for(region), cache)
        cache.by_region[region] = found
    return found


def _code_for(region: str) -> str:
    chain = _chains[-1](region) if _chains and region else [region]
    own = set(Calendar.objects.filter(code__in=chain).values_list("code", flat=True))
    return next((code for code in chain if code in own), NATIONAL)


def _work_calendar(code: str, cache: _Cache) -> WorkCalendar:
    if code not in cache.by_code:
        cache.by_code[code] = read_calendar(code)
    return cache.by_code[code]


def read_calendar(code: str) -> WorkCalendar:
    """Read a calendar and those it inherits from. What is published is said by the topmost; days of the nearer win.

    :raises CalendarError: it does not exist, inherits in a circle, or lacks a year in the middle
    """
    rows: list[Calendar] = []
    row = Calendar.objects.filter(code=code).first()
    if row is None:
        raise CalendarError(f"没有装入日历 {code}，请运行 tongban calendar seed 或 tongban calendar load")
    while row is not None:
        if row in rows:
            raise CalendarError(f"日历 {code} 的继承关系成环")
        rows.append(row)
        row = row.inherits
    days: dict[object, bool] = {}
    names: dict[object, str] = {}
    for calendar in reversed(rows):
        for day, workday, name in CalendarDay.objects.filter(calendar=calendar).values_list(
            "date", "workday", "name"
        ):
            days[day], names[day] = workday, name
    years = CalendarYear.objects.filter(calendar=rows[-1]).values_list("year", flat=True)
    return WorkCalendar.build(code=code, years=years, days=days, names=names)  # type: ignore[arg-type]  # dates


def timetable_for(unit: str) -> Timetable:
    """The opening hours of a unit: its own, the city's (unit ""), or 9:00–12:00 and 13:30–17:30 from Monday to Friday."""
    cache = _current()
    if unit not in cache.timetables:
        rows = {row.unit: row for row in TimetableRow.objects.filter(unit__in=[unit, ""])}
        row = rows.get(unit) or rows.get("")
        cache.timetables[unit] = Timetable.read(row.spans, closing=row.closing) if row else OFFICE_HOURS
    return cache.timetables[unit]
