from datetime import date, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tongban.kernel.calendar import selectors
from tongban.kernel.calendar.models import Calendar, CalendarDay, CalendarYear, Timetable
from tongban.kernel.calendar.rules import OFFICE_HOURS, ZONE, CalendarError, due_after_working_days
from tongban.kernel.calendar.selectors import calendar_for, on_calendar_loaded, register_chain, timetable_for
from tongban.kernel.calendar.services import (
    LoadError,
    load_calendar,
    save_calendar,
    seed_national,
    seed_when_empty,
    set_timetable,
)

pytestmark = pytest.mark.django_db

NEW_YEAR = """date,workday,name
2027-01-01,false,元旦
2027-01-02,false,元旦
2027-01-03,否,元旦
2027-01-09,是,元旦调休
"""


@pytest.fixture(autouse=True)
def _fresh(settings, monkeypatch):
    settings.CALENDAR_CHECK_SECONDS = 0
    monkeypatch.setattr(selectors, "_chains", [])
    monkeypatch.setattr(selectors, "_listeners", [])
    selectors.forget()
    yield
    selectors.forget()


@pytest.fixture
def new_year(tmp_path):
    path = tmp_path / "2027.csv"
    path.write_text(NEW_YEAR, encoding="utf-8")
    return path


def test_a_new_installation_has_the_national_calendar():
    calendar = calendar_for("421200000000")
    assert calendar.code == "national"
    assert calendar.provisional_after == date(2026, 12, 31)
    assert not calendar.is_workday(date(2026, 2, 16))
    assert calendar.is_workday(date(2026, 2, 14))


def test_seeding_happens_once_and_names_years_it_has_not():
    before = Calendar.objects.get().revision
    seed_when_empty()
    assert Calendar.objects.get().revision == before
    CalendarYear.objects.all().delete()
    seed_when_empty()
    assert CalendarYear.objects.filter(year=2026).exists()
    with pytest.raises(LoadError, match="2031"):
        seed_national([2026, 2031])


def test_loading_a_year_makes_its_limits_final_and_tells_who_listens(
    new_year, django_capture_on_commit_callbacks
):
    told = []
    on_calendar_loaded(lambda: told.append(calendar_for("").provisional_after))
    start = datetime(2026, 12, 30, 9, tzinfo=ZONE)
    before = due_after_working_days(start, 5, calendar_for(""))
    with django_capture_on_commit_callbacks(execute=True):
        done = load_calendar("national", new_year, published_on=date(2026, 11, 4), source="国办通知")
    assert (done.years, done.days) == ((2027,), 4)
    assert told == [date(2027, 12, 31)]
    after = due_after_working_days(start, 5, calendar_for(""))
    assert (before.provisional, before.last_day) == (True, date(2027, 1, 6))
    assert (after.provisional, after.last_day) == (False, date(2027, 1, 7))
    assert CalendarYear.objects.get(year=2027).published_on == date(2026, 11, 4)


def test_loading_again_replaces_the_year(new_year):
    load_calendar("national", new_year)
    new_year.write_text("date,workday,name\n2027-01-01,false,元旦\n", encoding="utf-8")
    load_calendar("national", new_year)
    assert list(CalendarDay.objects.filter(date__year=2027).values_list("date", flat=True)) == [
        date(2027, 1, 1)
    ]


def test_a_region_with_holidays_of_its_own_inherits_the_rest(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text("year: 2026\ndays:\n  - {date: 2026-04-19, workday: false, name: 三月三}\n"
                    "  - {date: 2026-04-20, workday: false, name: 三月三}\n", encoding="utf-8")  # fmt: skip
    register_chain(lambda region: [region, region[:6] + "000000", region[:4] + "00000000"])
    load_calendar("450100000000", path)
    for region in ("450100000000", "450102000000", "450102001000"):
        assert not calendar_for(region).is_workday(date(2026, 4, 20))
        assert not calendar_for(region).is_workday(date(2026, 10, 1))
    assert calendar_for("421200000000").is_workday(date(2026, 4, 20))


def test_a_region_that_publishes_early_does_not_make_the_nation_s_year_known(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text("date,workday,name\n2027-04-09,false,三月三\n", encoding="utf-8")
    load_calendar("450100000000", path)
    calendar = calendar_for("450100000000")
    assert calendar.provisional_after == date(2026, 12, 31)


def test_another_process_notices_a_change():
    assert calendar_for("").is_workday(date(2026, 3, 2))
    national = Calendar.objects.get(code="national")
    CalendarDay.objects.create(calendar=national, date=date(2026, 3, 2), workday=False, name="临时放假")
    assert calendar_for("").is_workday(date(2026, 3, 2))  # the revision is the same: still from the cache
    Calendar.objects.update(revision=national.revision + 1)
    assert not calendar_for("").is_workday(date(2026, 3, 2))


def test_asking_again_costs_no_query(settings, django_assert_num_queries):
    settings.CALENDAR_CHECK_SECONDS = 60
    calendar_for("421200000000")
    timetable_for("421200-scjg")
    with django_assert_num_queries(0):
        calendar_for("421200000000")
        timetable_for("421200-scjg")


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.csv", "day,free\n2027-01-01,1\n", "第 1 行：要有列"),
        (
            "a.csv",
            "date,workday\n2027-01-01,false\n2027-02-30,false\n2027-03-01,maybe\n",
            "第 3 行：“2027-02-30”不是日期",
        ),
        ("a.csv", "date,workday\n2027-03-01,maybe\n", "第 2 行：workday 是“maybe”"),
        ("a.csv", "date,workday\n2027-01-01,false\n2027-01-01,true\n", "写了两次"),
        ("a.csv", "date,workday\n", "哪一年"),
        ("a.csv", "date,workday\n2030-01-01,false\n", "缺少 2027、2028、2029 年"),
        ("a.yaml", "year: 2027\ndays:\n  - {date: 2028-01-01, workday: false}\n", "不在"),
        (
            "a.yaml",
            "year: 2027\ndays:\n  - {date: 2027-01-01, workday: false}\n  - nonsense\n",
            "第 4 行：要写 date",
        ),
        ("a.yaml", "year: soon\ndays: []\n", "应写成 2027"),
        ("a.yaml", "year: [2027\n", "YAML"),
        ("a.yaml", "just a text", "year 和 days"),
        ("a.yaml", "year: 2027\ninherits: nowhere\ndays: []\n", "没有可继承的日历"),
        ("a.yaml", "year: 2027\npublished_on: soon\ndays: []\n", "published_on"),
        ("a.txt", "x", "可用 .csv 或 .yaml"),
    ],
)
def test_a_faulty_file_is_refused_with_its_lines_and_nothing_is_written(tmp_path, name, text, words):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    before = CalendarDay.objects.count()
    with pytest.raises(LoadError) as caught:
        load_calendar("national", path)
    assert words in str(caught.value)
    assert CalendarDay.objects.count() == before


def test_all_faulty_lines_are_told_at_once(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("date,workday\n2027-02-30,false\n2027-03-01,maybe\n", encoding="utf-8")
    with pytest.raises(LoadError) as caught:
        load_calendar("national", path)
    assert len(caught.value.faults) == 2


def test_inheriting_in_a_circle_is_told():
    save_calendar(code="450100000000", years=[2026], days=[])
    Calendar.objects.filter(code="national").update(inherits=Calendar.objects.get(code="450100000000"))
    selectors.forget()
    with pytest.raises(CalendarError, match="成环"):
        calendar_for("")


def test_without_any_calendar_the_way_out_is_named():
    Calendar.objects.all().delete()
    selectors.forget()
    with pytest.raises(CalendarError, match="tongban calendar"):
        calendar_for("")


def test_a_unit_s_hours_then_the_city_s_then_office_hours():
    assert timetable_for("421200-scjg") == OFFICE_HOURS
    set_timetable(unit="", spans={"1": [["08:30", "12:00"]]})
    set_timetable(unit="421200-hall", spans={"1": [["09:00", "17:00"]]})
    assert timetable_for("421200-scjg").spans[1][0][0].hour == 8
    assert timetable_for("421200-hall").spans[1][0][1].hour == 17
    Timetable.objects.get(unit="421200-hall").delete()
    assert timetable_for("421200-hall").spans[1][0][0].hour == 8
    with pytest.raises(CalendarError):
        set_timetable(unit="", spans={"1": [["17:00", "08:00"]]})


def test_the_command_loads_and_shows(new_year):
    out = StringIO()
    call_command("calendar", "load", str(new_year), stdout=out)
    assert "2027" in out.getvalue()
    out = StringIO()
    call_command("calendar", "show", "2026", stdout=out)
    assert "2026-02-14 周六 班 春节" in out.getvalue()
    assert "2026-10-01 周四 休 国庆节" in out.getvalue()
    with pytest.raises(CommandError, match="没有 2031 年"):
        call_command("calendar", "show", "2031")
    with pytest.raises(CommandError, match="没有文件"):
        call_command("calendar", "load", "nowhere.csv")
