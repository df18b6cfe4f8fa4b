"""What everybody reads: kinds of things, their plans, what the market offers, who offers it and how it went."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.actors import api as actors
from tongban.desks.bundles import planning, reading, rules, selectors
from tongban.desks.bundles.contracts import Need, UnknownError
from tongban.desks.bundles.web import words
from tongban.desks.bundles.web.forms import QuestionsForm, divisions
from tongban.registers.identity.api import ActorRequest, open_to_all, party_of
from tongban.web import formats

FEW = 3


def region_of(request: ActorRequest) -> str:
    """The division that a page speaks of: the one asked for, else the company's own, else the first of the city."""
    wanted, known = request.GET.get("region", ""), [code for code, _name in divisions()]
    if wanted in known or not known:
        return wanted
    party = party_of(request)
    if party:
        own = actors.region_chain(actors.party(party).region)
        return next((code for code in own if code in known), known[0])
    return known[0]


@require_safe
@open_to_all
def index(request: ActorRequest) -> HttpResponse:
    """Every kind of thing, and the rules under which the market stands here."""
    cards = [ready.bundle for ready in reading.shelf().bundles.values()]
    context = {
        "cards": [
            (one.slug, one.name_en, one.summary_en) if formats.english() else (one.slug, one.name, one.summary) for one in cards
        ]
    }  # fmt: skip
    return render(request, "bundles/index.html", context)


@require_safe
@open_to_all
def bundle(request: ActorRequest, slug: str) -> HttpResponse:
    """Questions; with answers the plan: lawful services first, then what the market offers."""
    try:
        written = planning.bundle_of(slug)
    except UnknownError as error:
        raise Http404(str(error)) from error
    region = region_of(request)
    asked = any(question.key in request.GET for question in written.questions)
    form = QuestionsForm(written, initial=request.GET.dict())
    context: dict[str, Any] = {
        "name": written.name_en if formats.english() else written.name, "form": form, "region": region,
        "summary": written.summary_en if formats.english() else written.summary, "divisions": divisions(), "asked": asked,
    }  # fmt: skip
    if asked:
        context |= _plan(slug, request, region=region)
    return render(request, "bundles/bundle.html", context)


def _plan(slug: str, request: ActorRequest, *, region: str) -> dict[str, Any]:
    day = actors.day_of(timezone.now())
    plan = planning.plan(slug, request.GET.dict(), region=region, day=day)
    offers = selectors.shown([need.key for need in plan.needs], region=region, day=day)
    return {
        "plan": plan, "unanswered": len(plan.open),
        "lawful": [{"name": words.said(one.name), "url": one.url, "why": words.said(one.why)} for one in plan.lawful],
        "needs": [_need(need, offers[need.key]) for need in plan.needs],
    }  # fmt: skip


def _need(need: Need, offers: list[Any]) -> dict[str, Any]:
    return {
        "key": need.key, "name": words.said(need.name), "says": words.said(need.says), "alone": words.said(need.alone),
        "offers": [words.offer_line(one) for one in offers[:FEW]], "more": max(0, len(offers) - FEW),
    }  # fmt: skip


@require_safe
@open_to_all
def need(request: ActorRequest, key: str) -> HttpResponse:
    """All offers for one need, in the order of the day or by what the reader asks for."""
    try:
        found = planning.need_of(key)
    except UnknownError as error:
        raise Http404(str(error)) from error
    region, sort = region_of(request), request.GET.get("sort", "fair")
    sort = sort if sort in rules.SORTS else "fair"
    offers = selectors.shown([key], region=region, day=actors.day_of(timezone.now()), sort=sort)[key]
    sorts = [
        ("fair", _("每天轮换")), ("price", _("价格从低到高")), ("days", _("交付从快到慢")), ("satisfied", _("满意的在前")),
    ]  # fmt: skip
    context = {
        "need": {**_need(found, []), "bundle": found.bundle}, "sort": sort, "sorts": sorts, "region": region,
        "offers": [words.offer_line(one) for one in offers], "divisions": divisions(),
    }  # fmt: skip
    return render(request, "bundles/need.html", context)


@require_safe
@open_to_all
def offer(request: ActorRequest, key: int) -> HttpResponse:
    """One offer: what it includes, what it costs, who makes it."""
    try:
        found = selectors.offer(key, day=actors.day_of(timezone.now()))
    except UnknownError as error:
        raise Http404(str(error)) from error
    known = planning.need_of(found.need)
    context = {
        "line": words.offer_line(found), "provider": words.provider_line(found.provider), "alone": words.said(known.alone),
    }  # fmt: skip
    return render(request, "bundles/offer.html", context)


@require_safe
@open_to_all
def providers(request: ActorRequest) -> HttpResponse:
    """Every admitted provider with its figures."""
    found = selectors.providers()
    figures = selectors.figures([one.docket for one in found])
    context = {"lines": [words.provider_line(one, figures[one.docket]) for one in found]}
    return render(request, "bundles/providers.html", context)


@require_safe
@open_to_all
def provider(request: ActorRequest, number: str) -> HttpResponse:
    """One provider with what it offers."""
    try:
        found = selectors.provider(number)
    except UnknownError as error:
        raise Http404(str(error)) from error
    figures = selectors.figures([found.docket])[found.docket]
    offers = (
        [one for one in selectors.offers_of(found.docket) if one.state == "shown"]
        if found.state == "admitted"
        else []
    )
    context = {
        "line": words.provider_line(found, figures), "offers": [words.offer_line(one) for one in offers],
    }  # fmt: skip
    return render(request, "bundles/provider.html", context)
