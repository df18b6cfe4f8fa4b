"""My benefits 政策资金: what waits for a tap, what I can claim, what I just miss and why, what was paid."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as banners
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongban.actors import api as actors
from tongban.desks.policies.claims import accounts, confirming, giving, selectors, sources
from tongban.desks.policies.claims.contracts import ClaimsError, DueInfo, DueState, UnknownError
from tongban.desks.policies.claims.web.forms import AccountForm, SupplyForm
from tongban.desks.policies.claims.web.offers import offers
from tongban.desks.policies.claims.web.words import TAPS, due_line, given_line, next_step, wish_line
from tongban.kernel import api as kernel
from tongban.registers.identity.api import ActorRequest, citizen_required, forbidden, party_of

UNDER_WAY = (
    DueState.LISTED, DueState.HELD, DueState.CLAIMED, DueState.QUEUED, DueState.CONFIRMED, DueState.PAYING,
)  # fmt: skip


def whose(request: ActorRequest) -> str:
    """The party whose money it is; empty for who may act in some matters only."""
    party = party_of(request)
    return party if party in request.actor.parties else ""


def no_mandate(request: ActorRequest) -> HttpResponse:
    """For who was entrusted with some matters only."""
    return forbidden(
        request, _("受托办某些事项，不能看委托人的政策资金。请委托人本人登录，或请他全权委托您。")
    )


@never_cache
@require_safe
@citizen_required
def mine(request: ActorRequest) -> HttpResponseBase:
    """What waits for me on top; then what I can claim, what goes on, what I just miss, what was paid."""
    party, at = whose(request), timezone.now()
    if not party:
        return no_mandate(request)
    lines = [due_line(one) for one in selectors.dues_of(party)]
    by_state = [(one["due"].state, one) for one in lines]
    given, wishes = giving.given_to(party), giving.wishes_of(party)
    enjoyed = {(one["due"].measure, one["due"].period) for state, one in by_state if state != DueState.LEFT}
    enjoyed |= {(one.measure, one.period) for one in given}
    context = {
        "party": actors.party_name(party), "own": party == request.actor.id, "account": accounts.known(party),
        "waiting": [one for state, one in by_state if state in (*TAPS, DueState.RETURNED)],
        "going": [one for state, one in by_state if state in UNDER_WAY],
        "paid": [one for state, one in by_state if state in (DueState.PAID, DueState.RECOVERED, DueState.LEFT)],
        "given": [given_line(one) for one in given], "wishes": [wish_line(one) for one in wishes],
        "offers": offers(
            sources.standings(party, at=at), enjoyed=enjoyed, asked={one.measure for one in wishes}, day=actors.day_of(at)
        ),
    }  # fmt: skip
    return render(request, "claims/mine.html", context)


def own_due(request: ActorRequest, number: str) -> DueInfo:
    """A due of whoever asks. :raises Http404: there is none, or it is somebody else's"""
    try:
        return selectors.due(number.upper(), party=whose(request) or "-")
    except UnknownError as error:
        raise Http404(error.reason) from error


@never_cache
@require_safe
@citizen_required
def one(request: ActorRequest, number: str) -> HttpResponse:
    """One benefit: how it stands, what comes next, its account; what can be done about it now."""
    due = own_due(request, number)
    return page(request, due, AccountForm())


def page(
    request: ActorRequest,
    due: DueInfo,
    form: AccountForm,
    *,
    supply: SupplyForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of one benefit, with a form as it was filled in."""
    claim = selectors.claim(due.number) if due.way == "quick" else None
    context: dict[str, Any] = {
        "line": due_line(due), "due": due, "form": form, "account": accounts.known(due.payee), "claim": claim,
        "next": next_step(due, at=timezone.now()), "supply": supply or SupplyForm(),
        "may_decline": due.way == "none" and due.state in (DueState.LISTED, *TAPS),
    }  # fmt: skip
    return render(request, "claims/one.html", context, status=status)


@never_cache
@require_POST
@citizen_required
def confirm(request: ActorRequest, number: str) -> HttpResponseBase:
    """One tap: to the account that is known; or to the one filled in. A second tap gives the first answer."""
    due, form = own_due(request, number), AccountForm(request.POST)
    account = None
    if request.POST.get("other"):
        if not form.is_valid():
            return page(request, due, form, status=422)
        account = form.new()
    try:
        confirming.confirm(
            number=due.number, party=whose(request), actor=request.actor, at=timezone.now(), account=account
        )
    except ClaimsError as error:
        return refused(request, due, form, error)
    banners.success(request, _("已确认。财政部门发到您的账户，到账会告诉您。"))
    return redirect("claims:one", due.number)


@never_cache
@require_POST
@citizen_required
def correct(request: ActorRequest, number: str) -> HttpResponseBase:
    """Another account for money that came back."""
    due, form = own_due(request, number), AccountForm(request.POST)
    if not form.is_valid():
        return page(request, due, form, status=422)
    try:
        confirming.correct(
            number=due.number,
            party=whose(request),
            account=form.new(),
            actor=request.actor,
            at=timezone.now(),
        )
    except ClaimsError as error:
        return refused(request, due, form, error)
    banners.success(request, _("账户已更正，财政部门核对后重新发。"))
    return redirect("claims:one", due.number)


@never_cache
@require_POST
@citizen_required
def decline(request: ActorRequest, number: str) -> HttpResponseBase:
    """Give it up: the place goes to the next."""
    due = own_due(request, number)
    try:
        confirming.decline(
            number=due.number, party=whose(request), reason="", actor=request.actor, at=timezone.now()
        )
    except ClaimsError as error:
        banners.error(request, str(error))
    else:
        banners.success(request, _("已放弃，名额给下一位。"))
    return redirect("claims:one", due.number)


def refused(request: ActorRequest, due: DueInfo, form: AccountForm, error: ClaimsError) -> HttpResponse:
    """The page again, with the words at the fields they are about."""
    if not form.is_bound or not form.is_valid():
        form = AccountForm(initial=form.data if form.is_bound else None)
        banners.error(request, str(error))
        return page(request, selectors.due(due.number), form, status=422)
    for name, words in (error.fields or {"": str(error)}).items():
        form.add_error(name or None, words)
    return page(request, selectors.due(due.number), form, status=422)


@never_cache
@require_POST
@citizen_required
def wish(request: ActorRequest, measure: str) -> HttpResponseBase:
    """Ask for a service with one tap; a second tap is the same."""
    party = whose(request)
    if not party:
        return no_mandate(request)
    try:
        giving.wish(measure=measure, party=party, actor=request.actor, at=timezone.now())
    except ClaimsError as error:
        banners.error(request, str(error))
    else:
        banners.success(request, _("已告诉单位，两个工作日内联系您。"))
    return redirect("claims:mine")


@never_cache
@require_POST
@citizen_required
def unwish(request: ActorRequest, number: str) -> HttpResponseBase:
    """It is not wanted any more."""
    party = whose(request)
    known = (
        next((one for one in giving.wishes_of(party) if one.number == number.upper()), None)
        if party
        else None
    )
    if known is None:
        raise Http404(_("没有这项服务请求，或者不是您的。"))
    try:
        kernel.perform(known.docket, "withdraw", actor=request.actor, at=timezone.now())
    except kernel.MoveRefused as error:
        banners.error(request, str(error))
    else:
        banners.success(request, _("已撤回，随时可以再要。"))
    return redirect("claims:mine")
