"""The demo city's year: only where it is asked for, up to the last working day, with its tail open."""

from datetime import date

from django.conf import settings as installed

from tongban.desks.hotline import api as hotline
from tongban.kernel.models import Docket
from tongban.registers.identity import api as identity
from tongban.year import demo
from tongban.year.driving.stage import moment
from tongban.year.models import Run

SUNDAY = moment(date(2026, 11, 22), 900)


def test_without_being_asked_there_is_none(db):
    assert installed.DEMO_YEAR == 0
    assert demo.load(None, SUNDAY) == {"tickets": 0}
    assert not Run.objects.exists()
    assert identity.demo_began(SUNDAY) == SUNDAY


def test_it_ends_on_the_last_working_day_and_a_second_time_changes_nothing(month, settings, monkeypatch):
    settings.DEMO_YEAR = 0.4
    monkeypatch.setattr(demo, "CITY", month)
    assert identity.demo_began(SUNDAY).date() < date(2025, 11, 21)  # before the year of a whole city begins
    assert demo.load(None, SUNDAY) == {"tickets": 24}
    assert Run.objects.get().last == date(2026, 11, 20)
    tickets = Docket.objects.filter(kind=hotline.KIND)
    assert tickets.count() == 24
    assert tickets.filter(closed_at=None).exists()
    assert demo.load(None, SUNDAY) == {"tickets": 0}
    assert tickets.count() == 24
