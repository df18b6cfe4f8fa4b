"""Themes over the API: which there are, and the one notice for a set of answers. Open to everybody."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from tongban.desks.themes import offers
from tongban.desks.themes.api import published
from tongban.desks.themes.contracts import (
    Party,
    PartyKind,
    Plan,
    PlanRefused,
    Question,
    ThemeCard,
    UnknownTheme,
)
from tongban.desks.themes.filling import Known, usable
from tongban.desks.themes.holdings import Holdings, gather
from tongban.desks.themes.notice import Counts, counts
from tongban.desks.themes.papers import offers_of
from tongban.desks.themes.planning import SHANGHAI
from tongban.desks.themes.ways import Offer, offer_words
from tongban.registers.identity import api as identity
from tongban.registers.identity.rest_auth import signed_in
from tongban.web.problems import Refusal, explain

router = Router(tags=["themes"])
Region = Annotated[str, Query(pattern=r"^([0-9]{12})?$", description="区划代码 · 12-digit division code")]


class PlanIn(Schema):
    """Who asks, where, and the answers by question key (`unsure` where the theme allows it)."""

    party: Literal["person", "organisation"] = "person"
    region: str = Field(default_factory=lambda: settings.ROOT_REGION, pattern=r"^[0-9]{12}$")
    answers: dict[str, str | bool | int | float] = {}
    applicant: str = Field(
        "", max_length=80, description="person:7 or organisation:3, signed in: counts and ways for this party"
    )


class FieldOut(Schema):
    """A field that is known already, with who says so and as of when; the value is not told."""

    element: str
    source: str
    as_of: date | None
    kind: str = Field(description="profile, licence, shared, earlier, usual")
    fixed: bool
    reference: str


class WayOut(Schema):
    """One way of meeting a paper; `reference` is the licence, register, or earlier application behind it."""

    way: str
    says: str = ""
    reference: str = ""
    until: date | None = None
    to_be_checked: bool = False


class PlanOut(Schema):
    """The plan; or, while questions are open, the next one."""

    plan: Plan | None = None
    question: Question | None = None
    counts: Counts | None = Field(
        None, description="asked of total; for nobody in particular without `applicant`"
    )
    known: list[FieldOut] = []
    papers: dict[str, list[WayOut]] = Field({}, description="by key, the easiest way first")
    unavailable: list[str] = Field([], description="shared registers that did not answer")


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
def plan(request: HttpRequest, code: str, asked: PlanIn) -> dict[str, Any]:
    """What follows from the answers. `code` of a theme, or `matter-CODE` for a single matter.

    With `applicant` (and a token) also what is known of that party: each look into the shared registers is noted for
    it. Otherwise nothing is written, so it takes and needs no idempotency key.
    """
    kind: PartyKind = asked.party
    if asked.applicant:
        kind = "organisation" if asked.applicant.startswith("organisation:") else "person"
    party, at = Party(kind, asked.region), timezone.now()
    offered = offers.offer(code, asked.region)
    question = offers.next_question(offered.theme, asked.answers, party=party, at=at)
    if question is not None:
        return {"question": question}
    made = offers.plan_of(offered, asked.answers, party=party, at=at)
    held = _held(request, made, asked.applicant, at)
    ways = offers_of(made, applicant=asked.applicant, held=held)
    today = at.astimezone(SHANGHAI).date()
    return {
        "plan": made, "counts": counts(made, held, ways, today=today), "unavailable": held.unavailable,
        "known": [_known(key, one) for key, one in held.known.items()],
        "papers": {key: [_way(one) for one in own] for key, own in ways.items()},
    }  # fmt: skip


def _held(request: HttpRequest, made: Plan, applicant: str, at: datetime) -> Holdings:
    if not applicant:
        return Holdings(known=usable(made))
    account = signed_in(request)  # the token is needed here only; the plan itself is open to everybody
    actor = getattr(request, "actor", identity.ANONYMOUS) if account is not None else identity.ANONYMOUS
    if applicant not in identity.parties_open_to(actor):
        words = _("您不能以这个名义办事。")
        raise Refusal(
            403, "not_permitted", words, possible=identity.parties_open_to(actor), fields={"applicant": words}
        )
    return gather(made, applicant=applicant, by=actor, at=at)


def _known(key: str, one: Known) -> dict[str, Any]:
    return {
        "element": key, "source": one.source.text(_language()), "as_of": one.as_of, "kind": one.kind,
        "fixed": one.fixed, "reference": one.reference,
    }  # fmt: skip


def _way(one: Offer) -> dict[str, Any]:
    shown = one.evidence
    return {
        "way": one.way, "says": offer_words(one), "reference": shown.reference if shown else "",
        "until": shown.until if shown else None, "to_be_checked": one.queued,
    }  # fmt: skip
