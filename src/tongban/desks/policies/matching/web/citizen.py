"""Why 为什么: each condition with what is known and what is wanted; and which alerts one wants."""

from __future__ import annotations

from django.contrib import messages as banners
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.actors import api as actors
from tongban.desks.policies import api as policies
from tongban.desks.policies.contracts import UnknownMeasureError
from tongban.desks.policies.matching import standing
from tongban.desks.policies.matching.contracts import MatchingError, News
from tongban.desks.policies.matching.telling import pack, wishes
from tongban.desks.policies.matching.web.words import title, why_page
from tongban.registers.identity.api import ActorRequest, citizen_required, forbidden, party_of


def _whose(request: ActorRequest) -> str:
    """The party that is asked about; empty for who may act in some matters only."""
    party = party_of(request)
    return party if party in request.actor.parties else ""


def _no_mandate(request: ActorRequest) -> HttpResponse:
    return forbidden(
        request, _("受托办某些事项，不能看委托人的政策匹配。请委托人本人登录，或请他全权委托您。")
    )


@never_cache
@require_safe
@citizen_required
def why(request: ActorRequest, key: str) -> HttpResponseBase:
    """One measure for the party: entitled, not yet, open or not; every condition in words."""
    party, at = _whose(request), timezone.now()
    if not party:
        return _no_mandate(request)
    try:
        found = standing.why(party, key, at=at)
    except MatchingError as error:
        if error.code == "unknown":
            raise Http404(error.reason) from error
        return forbidden(request, f"{error.reason}{error.possible}")
    wish = wishes.wishes_of(party)
    context = {
        **why_page(found), "party": actors.party_name(party), "own": party == request.actor.id, "muted": key in wish.muted,
    }  # fmt: skip
    return render(request, "matching/why.html", context)


@never_cache
@require_POST
@citizen_required
def mute(request: ActorRequest, key: str) -> HttpResponseBase:
    """No more alerts about one measure, or alerts again."""
    party = _whose(request)
    if not party:
        return _no_mandate(request)
    muted = request.POST.get("muted") == "1"
    try:
        wishes.mute(party, key, muted=muted, actor=request.actor, at=timezone.now())
    except MatchingError as error:
        raise Http404(error.reason) from error
    banners.success(request, _("不再提醒这项政策。") if muted else _("以后还会提醒这项政策。"))
    return redirect("matching:news" if request.POST.get("back") == "news" else "matching:why", *(
        () if request.POST.get("back") == "news" else (key,)
    ))  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def news(request: ActorRequest) -> HttpResponseBase:
    """Which alerts about policies the party wants."""
    party = _whose(request)
    if not party:
        return _no_mandate(request)
    if request.method == "POST":
        declined = [kind.value for kind in News if kind.value not in request.POST.getlist("wanted")]
        wishes.decline(party, declined, actor=request.actor, at=timezone.now())
        banners.success(request, _("政策提醒已保存。"))
        return redirect("matching:news")
    wish, limits = wishes.wishes_of(party), pack.limits()
    context = {
        "party": actors.party_name(party), "own": party == request.actor.id, "limits": limits,
        "kinds": [(kind, kind.value not in wish.declined) for kind in News],
        "muted": [(key, _title(key)) for key in sorted(wish.muted)],
    }  # fmt: skip
    return render(request, "matching/news.html", context)


def _title(key: str) -> str:
    try:
        return title(policies.measure(key))
    except UnknownMeasureError:
        return key
