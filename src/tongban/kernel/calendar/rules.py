"""Counting days and hours: pure, from a calendar that was read once.

Days start the next day and end at 24:00 of the last one, Asia/Shanghai (民法典 201, 203), given as the instant of
midnight following, which is no longer within the limit; or at the unit's closing hour where it declares one. In
licensing "day" means working day (行政许可法 82). Hours count the unit's opening hours on working days.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
_WEEKEND = 6  # isoweekday of Saturday; a day is a weekend day from here on
_FURTHEST = 3660  # days beyond the calendar that one computation may look at: a limit is never ten years
_ONE_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)


class CalendarError(Exception):
    """A date that the calendar cannot answer for."""


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit ends.

    :param at: the first instant outside the limit, Asia/Shanghai
    :param provisional: it reaches into a year whose holidays are not published: weekends alone were counted
    """

    at: datetime
    provisional: bool

    @property
    def last_day(self) -> date:
        """The last day that lies within the limit."""
        return (self.at - _INSTANT).date()


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working days of consecutive published years. After the last one, weekends alone are known.

    Build it with :meth:`build`. `workdays` are ordinals (``date.toordinal``), ascending.
    """

    code: str
    first: date
    last: date
    workdays: Sequence[int] = field(repr=False)
    names: Mapping[date, str] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def build(
        cls,
        *,
        code: str,
        years: Iterable[int],
        days: Mapping[date, bool],
        names: Mapping[date, str] | None = None,
    ) -> WorkCalendar:
        """Precompute a calendar.

        :param years: published years, without a gap
        :param days: days that differ from the week: True a make-up workday, False a holiday
        :raises CalendarError: no year at all, or a year in the middle missing
        """
        published = sorted(set(years))
        if not published:
            raise CalendarError(f"日历 {code} 没有已公布的年份")
        missing = sorted(set(range(published[0], published[-1] + 1)) - set(published))
        if missing:
            listed = "、".join(map(str, missing))
            raise CalendarError(f"日历 {code} 缺少 {listed} 年，请先装入这一年的安排")
        first, last = date(published[0], 1, 1), date(published[-1], 12, 31)
        workdays = [
            ordinal
            for ordinal in range(first.toordinal(), last.toordinal() + 1)
            if _works(date.fromordinal(ordinal), days)
        ]
        return cls(code, first, last, tuple(workdays), dict(names or {}))

    @property
    def provisional_after(self) -> date:
        """The last published day: a limit that ends later is provisional."""
        return self.last

    def covers(self, day: date) -> bool:
        return self.first <= day <= self.last

    def is_workday(self, day: date) -> bool:
        """Whether people work on `day`; after the last published year the week decides.

        :raises CalendarError: before the first published year
        """
        self.require(day)
        if day > self.last:
            return day.isoweekday() < _WEEKEND
        index = bisect_left(self.workdays, day.toordinal())
        return index < len(self.workdays) and self.workdays[index] == day.toordinal()

    def require(self, day: date) -> None:
        """Refuse a day of which nothing is known.

        :raises CalendarError: before the first published year
        """
        if day < self.first:
            raise CalendarError(
                f"日历 {self.code} 从 {self.first.year} 年开始，不能计算 {day.isoformat()} 的期限"
            )

    def workdays_until(self, day: date) -> int:
        """How many working days lie from the first published day up to and including `day`."""
        self.require(day)
        inside = bisect_right(self.workdays, day.toordinal())
        return inside if day <= self.last else inside + _weekdays_between(self.last, day)

    def workday_after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day` (1 = the next one).

        :raises CalendarError: before the first published year, or over ten years ahead
        """
        return self._nth(self.workdays_until(day) + count)

    def workday_before(self, day: date, count: int) -> date:
        """The `count`-th working day before `day` (1 = the last one before it).

        :raises CalendarError: before the first published year
        """
        return self._nth(self.workdays_until(day - _ONE_DAY) - count + 1)

    def _nth(self, position: int) -> date:
        if position < 1:
            raise CalendarError(f"日历 {self.code} 从 {self.first.year} 年开始，不能再往前数")
        if position <= len(self.workdays):
            return date.fromordinal(self.workdays[position - 1])
        return _weekday_after(self.last, position - len(self.workdays))


def _works(day: date, days: Mapping[date, bool]) -> bool:
    return days.get(day, day.isoweekday() < _WEEKEND)


def _weekday_after(day: date, count: int) -> date:
    """The `count`-th day from Monday to Friday after `day`."""
    if count > _FURTHEST:
        raise CalendarError(f"期限太长：超出已公布的日历 {count} 个工作日")
    weeks, rest = divmod(count - 1, 5)
    found = day + timedelta(weeks=weeks)
    for _ in range(rest + 1):
        found += _ONE_DAY
        while found.isoweekday() >= _WEEKEND:
            found += _ONE_DAY
    return found


def _weekdays_between(start: date, end: date) -> int:
    """Days from Monday to Friday after `start` up to and including `end`."""
    weeks, rest = divmod((end - start).days, 7)
    return weeks * 5 + sum((start + timedelta(days=step + 1)).isoweekday() < _WEEKEND for step in range(rest))


@dataclass(frozen=True, slots=True)
class Timetable:
    """Opening hours of a unit.

    :param spans: spans of a weekday (1 Monday … 7 Sunday), ascending and apart. On a make-up workday that has none
        of its own Monday's hold.
    :param closing: the hour at which a limit in days ends; None for 24:00
    """

    spans: Mapping[int, tuple[tuple[time, time], ...]]
    closing: time | None = None

    def of(self, day: date) -> tuple[tuple[time, time], ...]:
        return self.spans.get(day.isoweekday()) or self.spans.get(1, ())

    @classmethod
    def read(cls, spans: Mapping[str, Sequence[Sequence[str]]], *, closing: time | None = None) -> Timetable:
        """From the stored form ``{"1": [["09:00", "12:00"]]}``.

        :raises CalendarError: an hour that is none, a span that ends before it starts, or overlapping spans
        """
        try:
            parsed = {
                int(day): tuple(
                    (time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in rows
                )
                for day, rows in spans.items()
            }
        except (ValueError, TypeError) as error:
            raise CalendarError(f"作息时间写法不对：{error}") from error
        for day, rows in parsed.items():
            moments = [moment for row in rows for moment in row]
            if day not in range(1, 8) or moments != sorted(set(moments)):
                raise CalendarError(f"作息时间（星期 {day}）的时段颠倒或重叠")
        if not any(parsed.values()):
            raise CalendarError("作息时间里没有任何时段")
        return cls(parsed, closing)


_MORNING, _AFTERNOON = (time(9), time(12)), (time(13, 30), time(17, 30))
OFFICE_HOURS = Timetable(dict.fromkeys(range(1, 6), (_MORNING, _AFTERNOON)))


def end_of_day(day: date, *, closing: time | None = None) -> datetime:
    """24:00 of `day`, as the midnight that follows; or the closing hour."""
    if closing is not None:
        return datetime.combine(day, closing, ZONE)
    return datetime.combine(day + _ONE_DAY, time(), ZONE)


def local_day(moment: date | datetime) -> date:
    """The day on which an instant lies in China; a date is returned as it is.

    :raises ValueError: an instant without a time zone
    """
    return _local(moment).date() if isinstance(moment, datetime) else moment


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return moment.astimezone(ZONE)


def due_after_working_days(
    start: datetime, days: int, calendar: WorkCalendar, closing: time | None = None
) -> Due:
    """The end of a limit of `days` working days that begins at `start`.

    0 days (on the spot) end with the same day; on a day of rest with the next working day.

    :raises CalendarError: `start` lies before the first published year
    :raises ValueError: a negative number of days
    """
    day = _begin(start, days)
    on_the_spot = days == 0 and calendar.is_workday(day)
    last = day if on_the_spot else calendar.workday_after(day, max(days, 1))
    return _due(last, calendar, closing)


def due_after_natural_days(
    start: datetime, days: int, calendar: WorkCalendar | None = None, closing: time | None = None
) -> Due:
    """The end of a limit of `days` natural days that begins at `start`.

    With a `calendar`, a limit whose last day is a rest day ends on the next working day (民法典 203); without one
    it ends on that very day.

    :raises CalendarError: `start` lies before the first published year
    :raises ValueError: a negative number of days
    """
    last = _begin(start, days) + timedelta(days=days)
    if calendar is None:
        return Due(end_of_day(last, closing=closing), provisional=False)
    if days and not calendar.is_workday(last):
        last = calendar.workday_after(last, 1)
    return _due(last, calendar, closing)


def _begin(start: datetime, days: int) -> date:
    if days < 0:
        raise ValueError("a limit cannot be negative")
    return local_day(start)


def _due(last: date, calendar: WorkCalendar, closing: time | None) -> Due:
    return Due(end_of_day(last, closing=closing), provisional=last > calendar.provisional_after)


def due_after_working_hours(
    start: datetime, hours: float, calendar: WorkCalendar, timetable: Timetable = OFFICE_HOURS
) -> Due:
    """The end of a limit of `hours` opening hours. Time outside the timetable does not count.

    :raises CalendarError: `start` lies before the first published year, or the limit is over ten years
    :raises ValueError: a negative number of hours
    """
    if hours < 0:
        raise ValueError("a limit cannot be negative")
    left = timedelta(hours=hours)
    begin = _local(start)
    day = begin.date()
    if not calendar.is_workday(day):
        day = calendar.workday_after(day, 1)
    for _ in range(_FURTHEST):
        for since, until in _open(day, timetable):
            if until > begin:
                opens = max(since, begin)
                if left <= until - opens:
                    return Due(opens + left, provisional=day > calendar.provisional_after)
                left -= until - opens
        day = calendar.workday_after(day, 1)
    raise CalendarError("按这份作息时间，期限算不到尽头")


def _open(day: date, timetable: Timetable) -> list[tuple[datetime, datetime]]:
    """The spans of a working day as instants."""
    return [
        (datetime.combine(day, opens, ZONE), datetime.combine(day, closes, ZONE))
        for opens, closes in timetable.of(day)
    ]


def working_hours_between(
    start: datetime, end: datetime, calendar: WorkCalendar, timetable: Timetable = OFFICE_HOURS
) -> float:
    """Opening hours from `start` to `end`; 0 when `end` is the earlier.

    :raises CalendarError: a day before the first published year
    """
    begin, finish = _local(start), _local(end)
    total = timedelta()
    day = begin.date()
    if not calendar.is_workday(day):
        day = calendar.workday_after(day, 1)
    while day <= finish.date():
        for since, until in _open(day, timetable):
            total += max(min(until, finish) - max(since, begin), timedelta())
        day = calendar.workday_after(day, 1)
    return total / timedelta(hours=1)


def working_days_between(start: date | datetime, end: date | datetime, calendar: WorkCalendar) -> int:
    """Working days after the day of `start` up to and including the day of `end`; negative when `end` is the earlier.

    :raises CalendarError: a day before the first published year
    """
    return calendar.workdays_until(local_day(end)) - calendar.workdays_until(local_day(start))


def shift_working_days(due: datetime, days: int, calendar: WorkCalendar) -> Due:
    """Move the end of a limit by working days (extension, suspension); negative `days` move it back.

    A limit that ends at 24:00 ends at 24:00 again, one that ends at a closing hour at that hour.

    :raises CalendarError: before the first published year
    """
    local = _local(due)
    last = local_day(local - _INSTANT)
    closing = None if local.time() == time() else local.time()
    if days > 0:
        last = calendar.workday_after(last, days)
    elif days < 0:
        last = calendar.workday_before(last, -days)
    return _due(last, calendar, closing)


def working_days_before(due: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """The instant from which only `days` working days are left until `due` (for an early warning).

    :raises CalendarError: before the first published year
    """
    return shift_working_days(due, -days, calendar).at


def remaining(now: datetime, due: datetime, calendar: WorkCalendar) -> int:
    """Working days left until `due`: 0 on the last day, negative once it has passed.

    :param due: the first instant outside the limit, as in :class:`Due`
    """
    today, last = local_day(now), local_day(due - _INSTANT)
    if now < due:
        return working_days_between(today, last, calendar)
    return min(working_days_between(today, last, calendar), -1)
