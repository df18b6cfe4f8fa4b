"""Themes over the API: which there are, and the one notice for a set of answers. Open to everybody."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation
from ninja import Field, Query, Router, Schema

from tongban.desks.themes import offers
from tongban.desks.themes.api import published
from tongban.desks.themes.contracts import (
    Party,
    Plan,
    PlanRefused,
    Question,
    ThemeCard,
    UnknownTheme,
)
from tongban.web.problems import Refusal, explain

router = Router(tags=["themes"])
Region = Annotated[str, Query(pattern=r"^([0-9]{12})?$", description="区划代码 · 12-digit division code")]


class PlanIn(Schema):
    """Who asks, where, and the answers by question key (`unsure` where the theme allows it)."""

    party: Literal["person", "organisation"] = "person"
    region: str = Field(default_factory=lambda: settings.ROOT_REGION, pattern=r"^[0-9]{12}$")
    answers: dict[str, str | bool | int | float] = {}


class PlanOut(Schema):
    """The plan; or, while questions are open, the next one."""

    plan: Plan | None = None
    question: Question | None = None


def _language() -> str:
    return translation.get_language() or "zh-hans"


explain(
    UnknownTheme,
    lambda error: Refusal(404, "themes:unknown_theme", error.says.text(_language()), possible=error.possible),
)
explain(
    PlanRefused,
    lambda error: Refusal(
        422, f"themes:{error.reason}", error.says.text(_language()), possible=error.possible,
        question=error.question,
    ),
)  # fmt: skip


@router.get(
    "/themes", response=list[ThemeCard], auth=None, summary="有哪些一件事 · themes offered in a region"
)
def themes(request: HttpRequest, region: Region = "") -> list[ThemeCard]:  # noqa: ARG001  ninja names it
    """Themes offered in the region, by code."""
    return published(region or settings.ROOT_REGION)


@router.post(
    "/themes/{code}/plan",
    response=PlanOut,
    auth=None,
    summary="一次性告知或下一个问题 · the one notice, or the next question",
)
def plan(request: HttpRequest, code: str, asked: PlanIn) -> dict[str, Any]:  # noqa: ARG001  ninja names it
    """What follows from the answers. `code` of a theme, or `matter-CODE` for a single matter.

    Writes nothing, so it takes and needs no idempotency key.
    """
    party, at = Party(asked.party, asked.region), timezone.now()
    question = offers.next_question(code, asked.answers, party=party, at=at)
    if question is not None:
        return {"question": question}
    return {"plan": offers.plan_for(code, asked.answers, party=party, at=at)}
