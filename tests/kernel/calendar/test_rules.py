from datetime import date, datetime, time, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.calendar.rules import (
    OFFICE_HOURS,
    ZONE,
    CalendarError,
    Timetable,
    WorkCalendar,
    due_after_natural_days,
    due_after_working_days,
    due_after_working_hours,
    remaining,
    shift_working_days,
    working_days_before,
    working_days_between,
    working_hours_between,
)

constants = chinese_calendar.constants
YEARS = range(2024, 2027)
CALENDAR = WorkCalendar.build(
    code="national",
    years=YEARS,
    days={
        **{day: False for day in constants.holidays if day.year in YEARS},
        **{day: True for day in constants.workdays if day.year in YEARS},
    },
)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-03-02T10:00", 5, "2026-03-10T00:00"),  # Monday: ends with the next Monday
        ("2026-03-06T23:59", 1, "2026-03-10T00:00"),  # Friday night: Monday, to 24:00
        ("2026-03-07T00:00", 1, "2026-03-10T00:00"),  # the midnight after Friday is Saturday's
        ("2026-02-13T09:00", 1, "2026-02-15T00:00"),  # Saturday 14 February makes up for Spring Festival
        ("2026-02-14T09:00", 1, "2026-02-25T00:00"),  # then nine days of rest
        ("2026-02-14T09:00", 4, "2026-02-28T00:00"),
        ("2026-02-14T09:00", 5, "2026-03-01T00:00"),  # Saturday 28 February is worked
        ("2026-09-18T09:00", 1, "2026-09-21T00:00"),  # Sunday 20 September is worked
        ("2026-09-30T09:00", 2, "2026-10-10T00:00"),
        ("2026-09-30T09:00", 3, "2026-10-11T00:00"),  # Saturday 10 October is worked
        (
            "2025-12-30T09:00",
            3,
            "2026-01-06T00:00",
        ),  # 1–3 January rest, Sunday 4 worked: 31 Dec, 4 and 5 January
        ("2026-03-02T10:00", 0, "2026-03-03T00:00"),
        ("2026-10-01T10:00", 0, "2026-10-09T00:00"),
    ],
)
def test_working_days_start_the_next_day_and_end_at_midnight(start, days, end):
    due = due_after_working_days(at(start), days, CALENDAR)
    assert due.at == at(end)
    assert not due.provisional


def test_a_limit_ends_at_the_closing_hour_where_declared():
    due = due_after_working_days(at("2026-03-02T10:00"), 1, CALENDAR, closing=time(17, 30))
    assert due.at == at("2026-03-03T17:30")
    assert due.last_day == date(2026, 3, 3)
    assert shift_working_days(due.at, 4, CALENDAR).at == at("2026-03-09T17:30")


def test_the_day_is_that_of_china_wherever_the_instant_was_taken():
    utc = datetime.fromisoformat("2026-03-02T16:30+00:00")  # 00:30 on Tuesday in China
    assert due_after_working_days(utc, 1, CALENDAR).at == at("2026-03-05T00:00")
    with pytest.raises(ValueError, match="time zone"):
        due_after_working_days(utc.replace(tzinfo=None), 1, CALENDAR)


def test_natural_days_and_the_rest_day_at_their_end():
    assert due_after_natural_days(at("2026-03-02T10:00"), 5).at == at("2026-03-08T00:00")
    assert due_after_natural_days(at("2026-03-02T10:00"), 5, CALENDAR).at == at("2026-03-10T00:00")
    assert due_after_natural_days(at("2026-03-02T10:00"), 0, CALENDAR).at == at("2026-03-03T00:00")


def test_beyond_the_published_years_a_limit_is_provisional_and_counts_weekends_only():
    due = due_after_working_days(at("2026-12-24T09:00"), 10, CALENDAR)
    assert due.provisional
    assert due.at == at("2027-01-08T00:00")
    later = CALENDAR.build(
        code="national",
        years=[2026, 2027],
        days={day: False for day in constants.holidays if day.year == 2026} | {date(2027, 1, 1): False},
    )
    known = due_after_working_days(at("2026-12-24T09:00"), 10, later)
    assert not known.provisional
    assert known.at == at("2027-01-09T00:00")
    assert not due_after_working_days(at("2026-12-24T09:00"), 5, CALENDAR).provisional


def test_a_gap_or_a_time_before_the_calendar_is_an_error():
    with pytest.raises(CalendarError, match="缺少 2025 年"):
        WorkCalendar.build(code="national", years=[2024, 2026], days={})
    with pytest.raises(CalendarError, match="没有已公布"):
        WorkCalendar.build(code="national", years=[], days={})
    with pytest.raises(CalendarError, match="从 2024 年开始"):
        due_after_working_days(at("2023-12-31T09:00"), 1, CALENDAR)
    with pytest.raises(CalendarError, match="从 2024 年开始"):
        working_days_between(date(2023, 5, 1), date(2024, 5, 1), CALENDAR)
    with pytest.raises(CalendarError, match="往前"):
        working_days_before(at("2024-01-03T00:00"), 20, CALENDAR)
    with pytest.raises(CalendarError, match="太长"):
        due_after_working_days(at("2026-03-02T09:00"), 99_999, CALENDAR)
    with pytest.raises(ValueError, match="negative"):
        due_after_working_days(at("2026-03-02T09:00"), -1, CALENDAR)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-03-02T09:30", 2, "2026-03-02T11:30"),
        ("2026-03-02T11:00", 2, "2026-03-02T14:30"),  # over lunch
        ("2026-03-02T16:30", 2, "2026-03-03T10:00"),
        ("2026-03-02T20:00", 2, "2026-03-03T11:00"),  # taken in the evening
        ("2026-03-06T17:00", 2, "2026-03-09T10:30"),  # over the weekend
        ("2026-02-13T17:00", 1, "2026-02-14T09:30"),  # a make-up Saturday has Monday's hours
        ("2026-02-14T17:00", 1, "2026-02-24T09:30"),
        ("2026-03-02T09:00", 7, "2026-03-02T17:30"),
        ("2026-03-02T10:00", 0, "2026-03-02T10:00"),
        ("2026-03-02T12:30", 0, "2026-03-02T13:30"),
        ("2026-03-02T09:00", 0.5, "2026-03-02T09:30"),
    ],
)
def test_hours_count_the_timetable_on_working_days(start, hours, end):
    assert due_after_working_hours(at(start), hours, CALENDAR).at == at(end)


def test_a_unit_has_hours_of_its_own():
    night = Timetable.read({"1": [["08:00", "20:00"]], "6": [["10:00", "12:00"]]})
    # Tuesday has no hours of its own and keeps Monday's; a make-up Saturday keeps its own
    assert due_after_working_hours(at("2026-03-02T19:00"), 2, CALENDAR, night).at == at("2026-03-03T09:00")
    assert due_after_working_hours(at("2026-02-14T08:00"), 1, CALENDAR, night).at == at("2026-02-14T11:00")


@pytest.mark.parametrize(
    "spans",
    [
        {"1": [["12:00", "09:00"]]},
        {"1": [["09:00", "12:00"], ["11:00", "17:00"]]},
        {"8": [["09:00", "12:00"]]},
        {"1": [["nine", "12:00"]]},
        {"1": ["09:00"]},
        {},
        {"1": []},
    ],
)
def test_a_timetable_with_a_fault_is_refused(spans):
    with pytest.raises(CalendarError, match="作息时间"):
        Timetable.read(spans)


def test_days_left_as_shown_to_people():
    due = due_after_working_days(at("2026-03-02T10:00"), 5, CALENDAR).at  # to Monday 9 March, 24:00
    assert remaining(at("2026-03-02T10:00"), due, CALENDAR) == 5
    assert remaining(at("2026-03-07T10:00"), due, CALENDAR) == 1
    assert remaining(at("2026-03-09T23:59"), due, CALENDAR) == 0
    assert remaining(due, due, CALENDAR) == -1
    assert remaining(at("2026-03-13T10:00"), due, CALENDAR) == -4


def test_a_warning_leaves_the_days_it_promises():
    due = due_after_working_days(at("2026-02-13T10:00"), 5, CALENDAR).at
    warn = working_days_before(due, 2, CALENDAR)
    assert remaining(warn, due, CALENDAR) in {1, 2}
    assert working_days_between(warn - timedelta(seconds=1), due - timedelta(seconds=1), CALENDAR) == 2


STARTS = st.datetimes(at("2024-01-01").replace(tzinfo=None), at("2026-12-31").replace(tzinfo=None)).map(
    lambda moment: moment.replace(tzinfo=ZONE)
)
COUNTS = st.integers(0, 400)


@given(start=STARTS, days=COUNTS)
def test_more_days_end_later(start, days):
    fewer = due_after_working_days(start, days, CALENDAR).at
    more = due_after_working_days(start, days + 1, CALENDAR).at
    if days == 0 and not CALENDAR.is_workday(start.date()):
        assert fewer == more, "what is done on the spot on a day of rest is done on the next working day"
    else:
        assert fewer < more


@given(start=STARTS, days=st.integers(1, 400))
def test_counting_back_gives_the_days_that_were_given(start, days):
    due = due_after_working_days(start, days, CALENDAR)
    assert working_days_between(start, due.last_day, CALENDAR) == days
    assert CALENDAR.is_workday(due.last_day)
    assert due.provisional == (due.last_day > date(2026, 12, 31))
    back = shift_working_days(due.at, -days + 1, CALENDAR)
    assert back.at == due_after_working_days(start, 1, CALENDAR).at


@given(start=STARTS, hours=st.integers(0, 200))
def test_counting_hours_back_gives_the_hours_that_were_given(start, hours):
    due = due_after_working_hours(start, hours, CALENDAR)
    assert working_hours_between(start, due.at, CALENDAR) == pytest.approx(hours)
    assert due.at >= start


@given(day=st.dates(date(2024, 1, 1), date(2026, 12, 31)))
def test_every_day_is_worked_or_not_as_published(day):
    assert CALENDAR.is_workday(day) == chinese_calendar.is_workday(day)


@given(day=st.dates(date(2026, 12, 1), date(2028, 12, 31)), count=st.integers(1, 60))
def test_beyond_the_published_years_counting_agrees_with_walking(day, count):
    walked, left = day, count
    while left:
        walked += timedelta(days=1)
        left -= CALENDAR.is_workday(walked)
    assert CALENDAR.workday_after(day, count) == walked
    assert CALENDAR.workday_before(walked, count) <= walked
    assert working_days_between(day, walked, CALENDAR) == count


def test_office_hours_are_seven_hours_a_day():
    start, end = at("2026-03-02T00:00"), at("2026-03-03T00:00")
    assert working_hours_between(start, end, CALENDAR, OFFICE_HOURS) == 7
    assert working_hours_between(end, start, CALENDAR) == 0
