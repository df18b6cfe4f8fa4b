"""Submit and handle: every step is a move of an officer who may make it, at an instant of the past."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from tongban.actors import api as actors
from tongban.desks.cases import api as cases
from tongban.desks.themes import api
from tongban.desks.themes.contracts import Party, PlanRefused
from tongban.desks.themes.demo.filling import Applicant, with_files
from tongban.desks.themes.submission import submit
from tongban.kernel import api as kernel
from tongban.kernel.calendar.rules import due_after_working_hours
from tongban.kernel.calendar.selectors import calendar_for

SEED, DAYS, APPLICATIONS = 7, 24, 36
DISTRICT = "421202000000"
HOURS_A_DAY = 7
NORMAL_STEPS = {
    ("case", "received"): (("accept", "handler", {}),),
    ("case", "review"): (("propose", "handler", {"opinion": "grant", "text": "材料齐全，符合条件。"}),),
    ("case", "approving"): (("grant", "approver", {}),),
    ("survey", "planned"): (("schedule", "surveyor", {}),),
    ("survey", "scheduled"): (
        ("report", "surveyor", {"passed": "yes", "findings": "现场与图纸一致，设施齐全，符合要求。"}),
    ),
}


def load_work(_folder: Path, at: datetime) -> dict[str, int]:
    """Fill an empty desk with some weeks of work until `at`; a desk with work is left alone."""
    present = kernel.page(kernel.SYSTEM, kernel.Filters(kind="application", open_only=False), size=1)
    if present.rows:
        return {"applications": 0}
    random = Random(SEED)  # noqa: S311 - a repeatable demo, no secret
    made = 0
    for moment in _moments(random, at):
        number = _submit(random, moment)
        if number:
            made += 1
            _handle(random, number, moment, at)
            _keep_word(random, number, moment, at)
    return {"applications": made}


def _moments(random: Random, until: datetime) -> Iterator[datetime]:
    calendar = calendar_for(DISTRICT)
    first = until - timedelta(days=DAYS)
    for _ in range(APPLICATIONS):
        moment = first + timedelta(seconds=random.random() * (until - first).total_seconds())
        if calendar.is_workday(actors.day_of(moment)):
            yield moment.replace(second=0, microsecond=0)


def _submit(random: Random, at: datetime) -> int:
    card = random.choice(api.published(DISTRICT))
    theme = api.theme(card.code, DISTRICT)
    example = random.choice(theme.examples)
    party = _party(random, example.party)
    try:
        plan = api.plan_for(card.code, example.answers, party=Party(example.party, DISTRICT), at=at)
    except PlanRefused:  # an example of who cannot be helped here
        return 0
    asked = with_files(Applicant(party, at=at).fills(plan), at)
    who = actors.actor(actor_id=party, at=at)
    try:
        return submit(plan, asked, applicant=party, actor=who, at=at, key=f"demo-{at:%m%d%H%M}").docket
    except cases.SubmissionRefused:
        return 0


def _party(random: Random, kind: str) -> str:
    if kind == "person":
        return f"person:{random.choice((1, 2, 3, 5, 7))}"
    return f"organisation:{random.choice((1, 2, 3))}"


def _handle(random: Random, application: int, start: datetime, until: datetime) -> None:
    """Make the expected next moves until now; one in twelve applications is left lying."""
    now = start
    stalls = random.random() < 1 / 12
    for _ in range(120):
        now = _later(now, hours=random.uniform(0.2, 1.6))
        if now >= until or (stalls and random.random() < 1 / 4):
            return
        if not _one_step(random, application, now):
            return


def _keep_word(random: Random, application: int, start: datetime, until: datetime) -> None:
    """What was promised is sent within the fifteen working days, and checked the day after."""
    rows = kernel.children_of([application], actor=kernel.SYSTEM)[application]
    for row in rows:
        sent_at = _later(start, hours=HOURS_A_DAY * random.uniform(2, 12))
        if (row.kind, row.state) != ("undertaking", "owed") or sent_at >= until:
            continue
        applicant = actors.actor(actor_id=row.applicant, at=sent_at)
        kernel.perform(row.id, "follow_up", actor=applicant, at=sent_at, data={"text": "已补交。"})
        checked_at = _later(sent_at, hours=HOURS_A_DAY)
        handlers = actors.officers_with(role="handler", unit_id=row.unit, at=checked_at)
        if checked_at < until and handlers:
            officer = actors.actor(actor_id=handlers[0], at=checked_at, unit_id=row.unit)
            kernel.perform(row.id, "confirm", actor=officer, at=checked_at, data={"text": "核对无误。"})


def _later(moment: datetime, *, hours: float) -> datetime:
    """Officers work in office hours only."""
    return due_after_working_hours(start=moment, hours=hours, calendar=calendar_for(DISTRICT)).at


def _one_step(random: Random, application: int, at: datetime) -> bool:
    rows = kernel.children_of([application], actor=kernel.SYSTEM)[application]
    acting = [row for row in rows if (row.kind, row.state) in NORMAL_STEPS]
    random.shuffle(acting)
    return any(_move(row, at) for row in acting)


def _move(row: kernel.DocketRow, at: datetime) -> bool:
    for move, role, data in NORMAL_STEPS[(row.kind, row.state)]:
        holders = actors.officers_with(role=role, unit_id=row.unit, at=at)
        for holder in sorted(holders, key=lambda one: one == row.officer, reverse=role != "approver"):
            who = actors.actor(actor_id=holder, at=at, unit_id=row.unit)
            extra = {"held_at": _later(at, hours=7).isoformat()} if move == "schedule" else {}
            try:
                kernel.perform(row.id, move, actor=who, at=at, data={**data, **extra})
            except kernel.MoveRefused:
                continue
            return True
    return False
