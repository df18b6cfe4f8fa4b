"""Applying for a theme or a single matter as one of its own examples would: through the submission that the wizard makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final, cast

from tongban.actors import api as actors
from tongban.desks.cases import api as cases
from tongban.desks.themes import offers
from tongban.desks.themes.contracts import Answer, Party, PartyKind, PlanRefused, UnknownTheme
from tongban.desks.themes.demo.filling import Applicant, with_files
from tongban.desks.themes.format import Theme
from tongban.desks.themes.submission import Asked, digest_of, prepare

BEFORE: Final = timedelta(days=20)
"""How long ago something was that an invented form dates after the day on which it is handed in."""
FIRST: Final = "s_1"


def example_of(
    slug: str, *, number: int, applicant: str, region: str, at: datetime, channel: str = "web"
) -> cases.Submission | None:
    """What an invented applicant submits: the answers of an example, the form filled, every paper handed in as a file.

    :param slug: a theme, or ``matter-CODE``
    :param number: which of its examples for this kind of applicant, counted round; their days move to the day of `at`
    :return: None where such an applicant cannot be helped there and then
    """
    kind = cast("PartyKind", applicant.partition(":")[0])
    try:
        offered = offers.offer(slug, region)
        party = Party(kind, region)
        plan = offers.plan_of(offered, _answers(offered.theme, kind, number, at), party=party, at=at)
        asked = with_files(Applicant(applicant, at=at).fills(plan, hands_in=True), at)
        who = actors.actor(actor_id=applicant, at=at)
        return prepare(plan, _dated(asked, at), applicant=applicant, actor=who, at=at, channel=channel)
    except (UnknownTheme, PlanRefused, cases.SubmissionRefused):
        return None


def _answers(theme: Theme, kind: PartyKind, number: int, at: datetime) -> Mapping[str, Answer]:
    own = [one for one in theme.examples if one.party == kind] or list(theme.examples)
    example = own[number % len(own)]
    later = actors.day_of(at) - date.fromisoformat(example.on)
    answers = {key: _moved(value, later) for key, value in example.answers.items()}
    situation = theme.question(offers.SITUATION)
    return {offers.SITUATION: FIRST, **answers} if situation and offers.matter_of(theme.code) else answers


def _moved(value: Answer, later: timedelta) -> Answer:
    day = _day(value)
    return (day + later).isoformat() if day else value


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None


def _dated(asked: Asked, at: datetime) -> Asked:
    """Nothing that is told of lies in the future."""
    today = actors.day_of(at)
    late = {
        key: (today - BEFORE).isoformat()
        for key, value in asked.form.items()
        if (_day(value) or today) > today
    }
    return replace(asked, form={**asked.form, **late}) if late else asked


def for_another(made: cases.Submission, *, applicant: str) -> cases.Submission:
    """The same of somebody else of the same kind: the form says who it is, and stands for itself."""
    facts = actors.party_facts(applicant)
    own = {
        "name": facts.name,
        "id": facts.number,
        "phone": facts.phone,
        "uscc": facts.number,
        "address": facts.address,
    }
    said = {
        f"{prefix}.{key}": value for prefix in ("person", "business", "company") for key, value in own.items()
    }
    form = {**made.form, **{key: value for key, value in said.items() if key in made.form}}
    digest = digest_of(form)
    papers = tuple(
        replace(one, evidence=replace(one.evidence, reference=digest))
        if one.evidence is not None and one.evidence.kind == "form"
        else one
        for one in made.materials
    )
    return replace(made, applicant=applicant, form=form, materials=papers, agent="")
