"""A small year behind the demo city, up to the last working day, so that lists, warnings and figures are alive."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from tongban.kernel.calendar.selectors import calendar_for
from tongban.year import services
from tongban.year.driving.stage import SHANGHAI
from tongban.year.models import Run

CITY: Final = "xianning-2023"
SEED: Final = 7


def load(_folder: Path, at: datetime) -> dict[str, int]:
    """Replay it, or what is left of it; a second time changes nothing."""
    run = Run.objects.first()
    if not settings.DEMO_YEAR or (run and run.finished):
        return {"tickets": 0}
    if run is None:
        last = last_working_day(at.astimezone(SHANGHAI).date())
        run = services.begin(CITY, scale=settings.DEMO_YEAR, seed=SEED, last=last, beside=True)
    made = 0

    def told(_day: date, tickets: int, _moves: int) -> None:
        nonlocal made
        made += tickets

    services.replay(run, told=told)
    return {"tickets": made}


def last_working_day(today: date) -> date:
    """The last day before today on which offices were open."""
    calendar, day = calendar_for(settings.ROOT_REGION), today - timedelta(days=1)
    while not calendar.is_workday(day):
        day -= timedelta(days=1)
    return day
