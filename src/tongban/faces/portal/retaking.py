"""Photos of a school's enrolment that are to be taken again, among what waits for the applicant."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.desks.themes import api as themes
from tongban.faces.portal.waiting import Waiting
from tongban.kernel import api as kernel
from tongban.kernel.calendar.rules import end_of_day, local_day
from tongban.web.contracts import ClockView, clock_state


def waiting(actor: kernel.Actor, *, at: datetime) -> list[Waiting]:
    """One line a photo, with the last day."""
    language = get_language() or ""
    return [
        Waiting(
            one.school.text(language), _("重拍“%s”的照片") % one.paper.text(language), f"/schools/photos/{one.photo}",
            _("去重拍"), _clock(one.due_on, at) if one.due_on else None,
        )
        for one in themes.refused_photos({actor.id, *actor.parties}, at=at)
    ]  # fmt: skip


def _clock(day: date, at: datetime) -> ClockView:
    due = end_of_day(day)
    return ClockView(clock_state(at=at, due_at=due), due, (day - local_day(at)).days, "natural_days")
