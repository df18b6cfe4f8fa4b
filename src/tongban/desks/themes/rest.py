"""Themes over the API: which there are, and the one notice for a set of answers. Open to everybody."""

from __future__ import annotations

from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation
from ninja import Field, Router, Schema, Status

from tongban.desks.themes import api
from tongban.desks.themes.contracts import Party, Plan, PlanRefused, Question, ThemeCard, UnknownTheme

router = Router(tags=["themes"])


class PlanIn(Schema):
    """Who asks, where, and the answers by question key (`unsure` where the theme allows it)."""

    party: Literal["person", "organisation"] = "person"
    region: str = Field(default_factory=lambda: settings.ROOT_REGION, pattern=r"^[0-9]{12}$")
    answers: dict[str, str | bool | int | float] = {}


class PlanOut(Schema):
    """The plan; or, while questions are open, the next one."""

    plan: Plan | None = None
    question: Question | None = None


class Problem(Schema):
    """RFC 9457 problem details; `possible` names what would be taken."""

    type: str
    title: str
    status: int
    detail: str
    question: str = ""
    possible: list[str] = []


@router.get("/themes", response=list[ThemeCard], summary="Themes offered in a region")
def themes(request: HttpRequest, region: str = "") -> list[ThemeCard]:  # noqa: ARG001  ninja names it
    return api.published(region or settings.ROOT_REGION)


@router.post(
    "/themes/{code}/plan",
    response={200: PlanOut, 404: Problem, 422: Problem},
    summary="What follows from the answers: the one notice, or the next question",
)
def plan(request: HttpRequest, code: str, asked: PlanIn) -> Any:  # noqa: ARG001  ninja names it
    party, at = Party(asked.party, asked.region), timezone.now()
    language = translation.get_language() or "zh-hans"
    try:
        question = api.next_question(code, asked.answers, party=party, at=at)
        if question is not None:
            return Status(200, {"question": question})
        return Status(200, {"plan": api.plan_for(code, asked.answers, party=party, at=at)})
    except UnknownTheme as unknown:
        return Status(404, _problem(404, "unknown_theme", unknown.says.text(language), unknown.possible))
    except PlanRefused as refused:
        problem = _problem(422, refused.reason, refused.says.text(language), refused.possible)
        return Status(422, problem | {"question": refused.question})


def _problem(status: int, reason: str, detail: str, possible: tuple[str, ...]) -> dict[str, Any]:
    kind = f"urn:tongban:themes:{reason}"
    return {"type": kind, "title": reason, "status": status, "detail": detail, "possible": list(possible)}
