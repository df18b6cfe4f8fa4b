"""A mark of repeated messages 重复诉求 on a caller's own page: what the room `heat` decided, read by its dockets alone."""

from __future__ import annotations

from datetime import datetime

from tongban.kernel import api as kernel
from tongban.kernel.models import DocketLink

REPEAT = "repeat"
"""Kind of docket under which repeats are reviewed, marked, appealed; linked to every ticket that it counts."""


def marks_told(ticket: int, *, at: datetime) -> tuple[tuple[datetime, str], ...]:
    """What the caller of a ticket is told of marks: marked, appealed, kept, lifted; newest first. One query without any."""
    links = DocketLink.objects.filter(target=ticket, kind="grouped", source__kind=REPEAT).select_related(
        "source"
    )
    found = [
        (item.happening.at, item.told)
        for link in links
        for item in kernel.timeline(kernel.row_of(link.source), at=at, for_applicant=True)
    ]
    return tuple(sorted(found, key=lambda one: one[0], reverse=True))


def with_marks(
    events: tuple[tuple[datetime, str], ...], ticket: int, *, at: datetime
) -> tuple[tuple[datetime, str], ...]:
    """A ticket's own events with what is told of marks, newest first."""
    marks = marks_told(ticket, at=at)
    return tuple(sorted((*events, *marks), key=lambda one: one[0], reverse=True)) if marks else events
