"""Clocks on dockets: due once, extended, provisional until the calendar is published, handed over."""

from datetime import date

import pytest

from tests.kernel.toy import CITIZEN, CLERK, at, opening
from tongban.kernel import api as kernel
from tongban.kernel.calendar import selectors as calendars
from tongban.kernel.calendar.services import Day, save_calendar
from tongban.kernel.clock import reckoning
from tongban.kernel.clock.firing import fire_due
from tongban.kernel.clock.models import Clock
from tongban.kernel.docket.models import Docket
from tongban.kernel.flow.declaration import Limit, Span, natural_days, working_days, working_hours
from tongban.kernel.ledger.models import Entry
from tongban.kernel.ledger.services import verify
from tongban.kernel.outbox.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("toy_flow")]


def open_at(text):
    (row,), _ = kernel.open_dockets([opening()], actor=CITIZEN, at=at(text))
    return row


def clock(span: Span, start="2026-11-09 10:00"):
    return reckoning.begin(
        Limit("x", "限", span), span, at=at(start), docket=1, region="421202000000", unit="u1"
    )


def test_a_due_clock_makes_its_move_once_at_its_own_instant():
    row = open_at("2026-11-09 10:00")
    assert fire_due(at=at("2026-11-16 23:59")) == 0
    assert fire_due(at=at("2026-11-18 08:00")) == 1
    assert fire_due(at=at("2026-11-18 08:01")) == 0
    entry = Entry.objects.get(act="deem")
    assert entry.at == at("2026-11-17 00:00")
    assert kernel.docket(row.number, actor=CITIZEN).state == "work"


def test_a_warning_comes_before_and_a_miss_is_announced_once():
    row = open_at("2026-11-09 10:00")
    kernel.perform(row.id, "take", actor=CLERK, at=at("2026-11-09 10:00"))
    fire_due(at=at("2026-12-03 00:00"))
    assert not Event.objects.filter(topic="clock.warned").exists()
    fire_due(at=at("2026-12-04 00:00"))
    assert Event.objects.filter(topic="clock.warned").count() == 1
    for _ in range(3):
        fire_due(at=at("2026-12-09 09:00"))
    assert Event.objects.filter(topic="clock.missed").count() == 1
    kernel.perform(row.id, "finish", actor=CLERK, at=at("2026-12-10 09:00"))
    assert Clock.objects.get(name="decide").outcome == "missed"


def test_holidays_and_makeup_days_of_the_published_calendar_count():
    # National Day 2026: 1-7 October off; which Saturdays work is the published table's word.
    due = clock(working_days(1), "2026-09-30 10:00").due_at
    assert due.date() > date(2026, 10, 7)


def test_hours_count_the_timetable_only():
    assert clock(working_hours(2), "2026-11-09 11:00").due_at == at("2026-11-09 14:30")
    assert clock(working_hours(2), "2026-11-13 17:00").due_at == at("2026-11-16 10:30")


def test_suspension_of_hours_keeps_what_was_left():
    row = clock(working_hours(4), "2026-11-09 09:00")
    reckoning.suspend(row, at=at("2026-11-09 11:00"), reason="听证")
    reckoning.resume(row, at=at("2026-11-10 09:00"))
    assert row.due_at == at("2026-11-10 11:00")


def test_natural_days_stand_still_too():
    row = clock(natural_days(7))
    before = row.due_at
    reckoning.suspend(row, at=at("2026-11-10 10:00"), reason="等")
    reckoning.resume(row, at=at("2026-11-13 10:00"))
    assert (row.due_at - before).days == 3


def test_a_late_clock_gains_nothing_by_standing_still():
    row = clock(working_days(1))
    before = row.due_at
    reckoning.suspend(row, at=at("2026-11-13 10:00"), reason="补救")
    reckoning.resume(row, at=at("2026-11-20 10:00"))
    assert row.due_at == before
    assert reckoning.stop(row, at=at("2026-11-20 11:00")).outcome == "missed"


def test_stopping_at_the_last_moment_is_in_time_and_the_next_is_not():
    row = clock(working_days(1))
    assert reckoning.late(row, at("2026-11-10 23:59")) is False
    assert reckoning.late(row, at("2026-11-11 00:00")) is True


def test_a_limit_past_the_published_calendar_is_provisional_and_reckoned_anew(
    settings, django_capture_on_commit_callbacks
):
    settings.CALENDAR_CHECK_SECONDS = 0
    row = open_at("2026-12-21 10:00")
    kernel.perform(row.id, "take", actor=CLERK, at=at("2026-12-21 10:00"))
    decide = Clock.objects.get(name="decide")
    assert decide.provisional
    try:
        holidays = [Day(date(2027, 1, day), workday=False) for day in (1, 4, 5)]
        with django_capture_on_commit_callbacks(execute=True):
            save_calendar(code="national", days=holidays, years=[2027])
        after = Clock.objects.get(name="decide")
        assert not after.provisional
        assert (after.due_at - decide.due_at).days == 3
        assert Docket.objects.get().due_at == after.due_at
        assert Entry.objects.filter(act="recompute").count() == 1
        assert verify(anchor=None, at=at("2026-12-21 10:00")).faults == []
    finally:
        calendars.forget()


def test_a_units_open_work_goes_to_its_successor_with_its_clocks():
    rows = [open_at("2026-11-09 10:00") for _ in range(3)]
    kernel.perform(rows[0].id, "drop", actor=CITIZEN, at=at("2026-11-09 11:00"))
    moved = kernel.hand_over(
        unit_from="u1", unit_to="u2", actor=kernel.SYSTEM, at=at("2026-11-10 09:00"), reason="机构合并"
    )
    assert moved == 2
    assert list(Docket.objects.order_by("id").values_list("unit", flat=True)) == ["u1", "u2", "u2"]
    assert set(Clock.objects.filter(stopped_at=None).values_list("whose", flat=True)) == {"u2"}
    assert verify(anchor=None, at=at("2026-11-10 09:00")).faults == []
