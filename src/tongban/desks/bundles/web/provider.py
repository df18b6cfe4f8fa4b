"""The provider's own pages, in the name of its organisation: apply, offer, answer orders, deliver."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as banners
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.actors import api as actors
from tongban.desks.bundles import providing, selectors
from tongban.desks.bundles.contracts import PROVIDER, BundlesError, ProviderInfo
from tongban.desks.bundles.web import acting, words
from tongban.desks.bundles.web.forms import ApplyForm, OfferForm
from tongban.kernel import api as kernel
from tongban.kernel.files.errors import UploadError
from tongban.kernel.files.services import store
from tongban.registers.identity.api import ActorRequest, citizen_required, party_of

FINISHED = frozenset({"closed", "ended", "cancelled"})
ANSWERS = frozenset({"asked", "accepted", "agreed"})
"""States in which the provider has something to do."""


@never_cache
@require_safe
@citizen_required
def home(request: ActorRequest) -> HttpResponse:
    """How it stands, orders that wait for it first, its offers; who is none yet reads how to become one."""
    party = party_of(request)
    found = selectors.provider_of(party)
    context: dict[str, Any] = {
        "party": actors.party_name(party),
        "company": party.startswith("organisation:"),
    }
    if found is not None:
        figures = selectors.figures([found.docket])[found.docket]
        orders = [words.order_line(one, told=False) for one in selectors.orders_at(party)]
        row = kernel.docket_by_id(found.docket, actor=request.actor)
        context |= {
            "line": words.provider_line(found, figures), "row": row,
            "waiting": [one for one in orders if one["order"].state in ANSWERS],
            "open": [one for one in orders if one["order"].state not in ANSWERS | FINISHED],
            "done": [one for one in orders if one["order"].state in FINISHED],
            "offers": [words.offer_line(one) for one in selectors.offers_of(found.docket)],
            "history": words.happened(row, at=timezone.now(), told=True)[:6], "gone": found.state in ("refused", "removed", "left"),
        }  # fmt: skip
    return render(request, "bundles/home.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def apply(request: ActorRequest) -> HttpResponseBase:
    """Apply in the organisation's name, or hand in what was missing."""
    party = party_of(request)
    known = selectors.provider_of(party)
    form = ApplyForm(request.POST or None, request.FILES or None, initial=_initial(known))
    if request.method == "POST" and form.is_valid():
        try:
            providing.apply(
                _said(form), party=party, files=_files(form), actor=request.actor, at=timezone.now(),
                key=request.POST.get("key", "")[:100],
            )  # fmt: skip
        except UploadError as error:
            form.add_error("paper", str(error))
        except BundlesError as error:
            for name, told in error.fields.items():
                form.add_error({"files": "paper", "party": None}.get(name, name), told)
            if not error.fields:
                form.add_error(None, str(error))
        else:
            banners.success(request, _("入驻申请已提交，十个工作日内审核。"))
            return redirect("bundles:home")
    context = {
        "form": form, "party": actors.party(party), "company": party.startswith("organisation:"), "key": request.POST.get("key", ""),
    }  # fmt: skip
    return render(request, "bundles/apply.html", context, status=422 if form.errors else 200)


def _initial(known: ProviderInfo | None) -> dict[str, Any]:
    if known is None:
        return {}
    return {
        "categories": list(known.categories), "intro": known.intro.zh, "phone": known.phone, "regions": list(known.regions),
    }  # fmt: skip


def _said(form: ApplyForm) -> providing.Applying:
    said = form.cleaned_data
    return providing.Applying(
        categories=tuple(said["categories"]), intro=said["intro"], intro_en=said["intro_en"], phone=said["phone"],
        regions=tuple(said["regions"]), proof_number=said["proof_number"], proof_until=said["proof_until"],
    )  # fmt: skip


def _files(form: ApplyForm) -> list[Any]:
    paper = form.cleaned_data.get("paper")
    return [(store(content=paper, name=paper.name, at=timezone.now()), paper.name)] if paper else []


def _own(request: ActorRequest) -> ProviderInfo:
    found = selectors.provider_of(party_of(request))
    if found is None:
        raise Http404(_("这家单位还不是服务商。"))
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def offer(request: ActorRequest) -> HttpResponseBase:
    """A new offer; the desk checks it before it is shown."""
    own = _own(request)
    form = OfferForm(own.categories, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            kernel.perform(
                own.docket, "offer", actor=request.actor, at=timezone.now(), data=form.given(),
                key=request.POST.get("key", "")[:100],
            )  # fmt: skip
        except kernel.MoveRefused as error:
            form.add_error(None, str(error))
        else:
            banners.success(request, _("服务已提交，核对后展示。"))
            return redirect("bundles:home")
    context = {"form": form, "line": words.provider_line(own), "key": request.POST.get("key", "")}
    return render(request, "bundles/offering.html", context, status=422 if form.errors else 200)


@never_cache
@require_POST
@citizen_required
def act(request: ActorRequest, move: str) -> HttpResponseBase:
    """Withdraw an offer, or leave."""
    own = _own(request)
    if move not in ("withdraw_offer", "leave"):
        raise Http404(_("没有这一步。"))
    number = request.POST.get("offer", "")
    data = {"offer": int(number)} if move == "withdraw_offer" and number.isdecimal() else {}
    try:
        kernel.perform(
            own.docket,
            move,
            actor=request.actor,
            at=timezone.now(),
            data=data,
            key=request.POST.get("key", "")[:100],
        )
    except kernel.MoveRefused as error:
        banners.error(request, str(error))
    else:
        banners.success(
            request, _("已%(move)s。") % {"move": str(kernel.flow_of(PROVIDER).moves[move].label)}
        )
    return redirect("bundles:home")


@never_cache
@require_safe
@citizen_required
def order(request: ActorRequest, number: str) -> HttpResponse:
    """One order that lies with the provider."""
    row = acting.row_of(request, number, acting.PROVIDER, party_of(request))
    return acting.show(request, row, acting.PROVIDER)


@never_cache
@require_POST
@citizen_required
def answer(request: ActorRequest, number: str, move: str) -> HttpResponseBase:
    """One move of the provider's."""
    row = acting.row_of(request, number, acting.PROVIDER, party_of(request))
    return acting.make(request, row, acting.PROVIDER, move)
