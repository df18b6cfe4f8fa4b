"""An officer checks one party: who it is, for what purpose and why, written down before anything is shown."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongban.actors import api as actors
from tongban.desks.policies.contracts import Standing
from tongban.desks.policies.matching import standing
from tongban.desks.policies.matching.access import CHECKERS
from tongban.desks.policies.matching.contracts import MatchingError
from tongban.desks.policies.matching.web.forms import CheckForm
from tongban.desks.policies.matching.web.words import pair_line, why_page
from tongban.registers.identity.api import ActorRequest, officer_required
from tongban.registers.portraits import api as portraits

LOOK = timedelta(minutes=10)
"""So long a purpose that was written down holds; then it is asked for again."""
_SESSION = "matching-check"
ORDER = (Standing.ENTITLED, Standing.NOT_YET, Standing.UNKNOWN, Standing.NOT)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(*CHECKERS)
def ask(request: ActorRequest) -> HttpResponseBase:
    """Who, what for, why. The number is never part of an address."""
    form = CheckForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _form(request, form)
    party, at = _party(form.cleaned_data["number"].upper()), timezone.now()
    if not party:
        form.add_error("number", _("没有这家单位或这个人的登记，请核对号码。"))
        return _form(request, form)
    try:
        portraits.look(
            party,
            purpose=form.cleaned_data["purpose"],
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=at,
        )
    except portraits.PortraitsError as error:
        form.add_error(None, f"{error.reason}{error.possible}")
        return _form(request, form)
    request.session[_SESSION] = [party, (at + LOOK).isoformat()]
    return redirect("matching:checked")


def _party(number: str) -> str:
    return actors.find_organisation(number) or actors.find_person(number) or ""


def _form(request: ActorRequest, form: CheckForm) -> HttpResponse:
    return render(request, "matching/check.html", {"form": form}, status=422 if form.is_bound else 200)


def _looked(request: ActorRequest) -> str:
    """The party whose check is open in this session; empty when its time is over."""
    party, until = request.session.get(_SESSION, ["", ""])
    return party if until and timezone.now() < datetime.fromisoformat(until) else ""


@never_cache
@require_safe
@officer_required(*CHECKERS)
def standings(request: ActorRequest) -> HttpResponseBase:
    """How the party stands with every measure."""
    party = _looked(request)
    if not party:
        return redirect("matching:check")
    pairs = standing.standing(party, at=timezone.now())
    groups = [
        (stood.label, [pair_line(one) for one in pairs if one.standing is stood], stood is Standing.NOT)
        for stood in ORDER
    ]
    known = actors.party(party)
    return render(request, "matching/checked.html", {"known": known, "groups": groups, "all": len(pairs)})


@never_cache
@require_safe
@officer_required(*CHECKERS)
def why(request: ActorRequest, key: str) -> HttpResponseBase:
    """One measure for the party; values as far as the officer's department may see them."""
    party = _looked(request)
    if not party:
        return redirect("matching:check")
    shows = partial(portraits.shows, request.actor, kind=party.partition(":")[0])
    try:
        found = standing.why(party, key, at=timezone.now(), shows=shows)
    except MatchingError as error:
        raise Http404(error.reason) from error
    return render(request, "matching/checked_why.html", {**why_page(found), "known": actors.party(party)})
