"""Licences per trade 一业一证: the list for everybody, and asking for one from parts that are already held."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongban.actors import api as actors
from tongban.registers.catalogue import api as catalogue
from tongban.registers.identity.api import ActorRequest, citizen_required, open_to_all
from tongban.registers.licences import kinds, words
from tongban.registers.licences.contracts import KindInfo, LicencesError
from tongban.registers.licences.showing.web.holder import line, not_yours, whose
from tongban.registers.licences.trades import selectors, services
from tongban.web.formats import english

LONGEST = 100


@require_safe
@open_to_all
def index(request: HttpRequest) -> HttpResponseBase:
    """Every trade: what its licence combines, who issues it, how."""
    return render(request, "licences/trades.html", {"trades": [_told(one) for one in selectors.trades()]})


@never_cache
@require_safe
@open_to_all
def one(request: HttpRequest, trade: str) -> HttpResponseBase:
    """One trade; who is signed in sees what he holds for it."""
    actor = getattr(request, "actor", None)
    citizen = actor is not None and not actor.is_officer and actor.parties
    party = whose(request) if citizen else ""  # type: ignore[arg-type]  # the middleware set the actor
    return _page(request, _trade(trade), party, at=timezone.now())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def combine(request: ActorRequest, trade: str) -> HttpResponseBase:
    """Combine what is held; the new licence follows. A GET, as after signing in, goes to the trade's page."""
    found, party, at = _trade(trade), whose(request), timezone.now()
    if not party:
        return not_yours(request)
    if request.method != "POST":
        return redirect("trades:one", found.slug)
    chosen = [value for part in found.parts if (value := request.POST.get(part, "")[:LONGEST])]
    try:
        made = services.combine(trade=found.slug, parts=chosen, holder=party, actor=request.actor, at=at)
    except LicencesError as error:
        return _page(request, found, party, at=at, error=error)
    messages.success(request, _("已经合成，可以亮证、下载；其中的每份许可仍然单独有效。"))
    return redirect("licences:licence", made.id)


def _trade(slug: str) -> KindInfo:
    found = next((one for one in selectors.trades() if one.slug == slug), None)
    if found is None:
        raise Http404(_("没有这个行业的综合许可证。"))
    return found


def _page(
    request: HttpRequest, trade: KindInfo, party: str, *, at: datetime, error: LicencesError | None = None
) -> HttpResponseBase:
    context: dict[str, Any] = {**_told(trade), "party": party, "error": error}
    if party:
        offer = next(
            one for one in selectors.offers(party, on=actors.day_of(at)) if one.trade.slug == trade.slug
        )
        context |= {
            "offer": offer,
            "parts": [
                {**part, "held": [line(one, at=at) for one in held]}
                for part, (_kind, held) in zip(context["parts"], offer.held, strict=True)
            ],
            "combined": [line(one, at=at) for one in offer.combined],
        }
    return render(request, "licences/trade.html", context, status=422 if error else 200)


def _told(trade: KindInfo) -> dict[str, Any]:
    return {
        "trade": trade, "name": _short(words.kind_name((trade.name, trade.name_en))),
        "theme": trade.themes[0] if trade.themes else "", "issuer": catalogue.department_name(trade.department),
        "parts": [
            {"kind": part, "name": words.kind_name((part.name, part.name_en)), "needed": part.slug in trade.needs,
             "unit": catalogue.department_name(part.department)}
            for part in (kinds.kind(slug) for slug in trade.parts)
        ],
    }  # fmt: skip


def _short(name: str) -> str:
    """The trade's own name: what stands in the brackets, or after the colon, of the licence's."""
    if english():
        return name.rpartition(": ")[2].capitalize()
    return name.partition("（")[2].removesuffix("）") or name
