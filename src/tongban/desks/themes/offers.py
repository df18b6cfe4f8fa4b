"""What can be applied for here: a theme, or a single matter put into the same shape.

A matter is offered as ``matter-<code>``: it becomes a theme of one matter, with the question of its situation
where it has several, so that one wizard, one plan and one submission serve both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

from tongban.desks.themes import answers as answering
from tongban.desks.themes import api, keeping_plans, planning, selectors
from tongban.desks.themes.contracts import (
    Party,
    PartyKind,
    Plan,
    PlanRefused,
    Question,
    UnknownTheme,
    Wording,
)
from tongban.desks.themes.days import working_days_of
from tongban.desks.themes.format import Theme
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.contracts import MatterSpec, UnknownMatterError

PREFIX = "matter-"
PERSON = "1"
"""服务对象 natural person, GB/T 39046; every other code is some kind of body."""
BASIC_CODE_DIGITS = 10
ONLINE = frozenset({"III", "IV"})
"""网办深度 from which something can be applied for online."""
SITUATION = "situation"
"""Key of the question of a single matter that has several situations."""


def matter_of(slug: str) -> str:
    """Code of the matter that a slug stands for; empty for a theme."""
    return slug.removeprefix(PREFIX) if slug.startswith(PREFIX) else ""


@dataclass(frozen=True, slots=True)
class Offering:
    """What is offered under a slug in a region, and in which version it is kept there."""

    theme: Theme
    version: int


def offer(slug: str, region: str, version: int | None = None) -> Offering:
    """What is offered under a slug in a region (12 digits); one query for a theme, none for a matter.

    :param version: of a theme, even if it is withdrawn since; a matter is offered as it is in force
    :raises UnknownTheme: neither a theme nor a matter that can be applied for there
    """
    code = matter_of(slug)
    if not code:
        row = selectors.row_of(slug, region, version)
        return Offering(selectors.parsed(row.text), row.version)
    try:
        spec = catalogue.matter(code, region)
    except UnknownMatterError:
        spec = None
    if spec is None or not can_apply(spec):
        raise UnknownTheme(slug, region, tuple(card.code for card in api.published(region)))
    theme = _theme_of(spec)
    return Offering(theme, theme.version)


def can_apply(spec: MatterSpec) -> bool:
    """Whether a matter can be applied for online: our own, with a guide and far enough online."""
    return (
        not spec.partner
        and spec.has_guide
        and spec.depth in ONLINE
        and len(spec.code) == BASIC_CODE_DIGITS
        and spec.code.isascii()
        and spec.code.isdecimal()
    )


def next_question(theme: Theme, answers: Mapping[str, Any], *, party: Party, at: datetime) -> Question | None:
    """The first open question, or None when there can be a plan.

    :raises PlanRefused: an answer is impossible, or shows that the party cannot be helped here
    """
    today = at.astimezone(planning.SHANGHAI).date()
    return answering.next_question(theme, answers, party=party, today=today)


def question_at(
    theme: Theme, key: str, answers: Mapping[str, Any], *, party: Party, at: datetime
) -> Question:
    """One question of the theme as a page needs it, with its place among those that arise.

    :raises PlanRefused: no such question, or it does not arise from the answers before it
    """
    today = at.astimezone(planning.SHANGHAI).date()
    before: dict[str, Any] = {}
    for question in theme.questions:
        if question.key == key:
            break
        if question.key in answers:
            before[question.key] = answers[question.key]
    found = answering.stand(theme, before, party, today)
    asked = theme.question(key)
    if asked is None or key not in found.asked:
        says = Wording("这个问题现在不用回答。", "This question does not arise.")
        raise PlanRefused(reason="not_applicable", says=says, question=key[:40])
    return answering.as_asked(asked, position=found.asked.index(key) + 1, total=len(found.asked))


def plan_for(
    slug: str, answers: Mapping[str, Any], *, party: Party, at: datetime, version: int | None = None
) -> Plan:
    """The one notice of a theme or of a single matter; ``answers`` says its ``situation`` where a matter has several.

    :raises UnknownTheme: not offered in the party's region
    :raises PlanRefused: see `planning.plan`
    """
    return plan_of(offer(slug, party.region, version), answers, party=party, at=at)


def plan_of(offered: Offering, answers: Mapping[str, Any], *, party: Party, at: datetime) -> Plan:
    """Likewise, of what was found to be offered in the party's region. :raises PlanRefused:"""
    return keeping_plans.plan(
        offered.theme, answers, party, catalogue=catalogue, at=at, calendar=working_days_of(party.region),
        version=offered.version,
    )  # fmt: skip


def parties_of(spec: MatterSpec) -> Literal["person", "organisation", "either"]:
    """Who may ask for a matter, by 服务对象 of GB/T 39046."""
    kinds: set[PartyKind] = {"person" if code == PERSON else "organisation" for code in spec.applicants}
    if len(kinds) != 1:
        return "either"
    return kinds.pop()


@lru_cache(maxsize=512)
def _theme_of(spec: MatterSpec) -> Theme:
    questions, situation = _situations(spec)
    limit = spec.promised_limit or spec.legal_limit or planning.STATUTORY
    return Theme.model_validate(
        {
            "code": PREFIX + spec.code,
            "version": max(spec.version, 1),
            "name": spec.title,
            "name_en": spec.name_en,
            "party": parties_of(spec),
            "for_whom": spec.conditions[0] if spec.conditions else spec.name,
            "summary": spec.name,
            "summary_en": spec.name_en,
            "life_stage": spec.topics[0] if spec.topics else "",
            "questions": questions,
            "matters": [{"code": spec.code, "situation": situation}],
            "surveys": _survey(spec),
            "delivery": {"ways": ["electronic", "window", "courier"], "usual": "electronic"},
            "limits": {"days": limit.amount},
            "examples": [{"name": spec.name, "party": "person", "answers": {}, "matters": [spec.code]}],
        }
    )


def _situations(spec: MatterSpec) -> tuple[list[dict[str, Any]], Any]:
    """The question of the situation and the switch that follows from it."""
    if len(spec.situations) < 2:
        return [], spec.situations[0].key if spec.situations else ""
    values = {item.key: f"s_{index}" for index, item in enumerate(spec.situations, start=1)}
    question = {
        "key": SITUATION,
        "ask": "您是哪一种情况？",
        "ask_en": "Which is your case?",
        "type": "choice",
        "options": [
            {"value": values[item.key], "label": item.name, "label_en": item.name_en}
            for item in spec.situations
        ],
    }
    switch = [
        {"key": item.key, "when": {"==": [{"var": SITUATION}, values[item.key]]}} for item in spec.situations
    ]
    return [question], switch


def _survey(spec: MatterSpec) -> list[dict[str, Any]]:
    if "survey" not in spec.procedures:
        return []
    return [
        {"name": "现场勘验", "name_en": "Visit", "matters": [spec.code], "lead": spec.code, "days": 1}
    ]  # fmt: skip
