"""What the decision rules will say before anything is submitted: on the check page, and for programs that ask."""

from __future__ import annotations

from datetime import datetime

from tongban.desks.cases import api as cases
from tongban.desks.themes.contracts import Plan
from tongban.desks.themes.holdings import Holdings
from tongban.desks.themes.submission import Asked, prepare
from tongban.kernel.contracts import Actor


def outlooks(
    plan: Plan,
    asked: Asked,
    *,
    applicant: str,
    actor: Actor,
    at: datetime,
    draft: str = "",
    held: Holdings | None = None,
) -> tuple[cases.InstantOutlook, ...]:
    """Each matter with rules that may be decided at once; empty while the application cannot be submitted yet.

    :param held: what was looked up for the page that shows it; else it is looked up
    """
    try:
        made = prepare(plan, asked, applicant=applicant, actor=actor, at=at, draft=draft, held=held)
    except cases.SubmissionRefused:
        return ()
    return cases.instant_preview(made, at=at, draft=draft)
