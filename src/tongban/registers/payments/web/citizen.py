"""My payments 我的缴费: what I owe, pay it, its receipt, ask for it back; and what was paid to me."""

from __future__ import annotations

from django.contrib import messages as banners
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.registers.identity.api import ActorRequest, citizen_required, forbidden, party_of
from tongban.registers.payments import collecting, receipts, refunds, selectors
from tongban.registers.payments.contracts import FeeInfo, PaymentsError, UnknownError
from tongban.registers.payments.web.forms import RefundForm
from tongban.registers.payments.web.words import fee_line, item_line, pdf, refund_line


def _whose(request: ActorRequest) -> str:
    """The party whose money it is; empty for who may act in some matters only."""
    party = party_of(request)
    return party if party in request.actor.parties else ""


@never_cache
@require_safe
@citizen_required
def mine(request: ActorRequest) -> HttpResponseBase:
    """What is to be paid first, then what was paid, then what was paid to me."""
    party = _whose(request)
    if not party:
        return forbidden(
            request, _("受托办某些事项，不能看委托人的缴费。请委托人本人登录，或请他全权委托您。")
        )
    lines = [fee_line(one, at=timezone.now()) for one in selectors.fees_of(party)]
    context = {
        "party": actors.party_name(party), "own": party == request.actor.id,
        "due": [one for one in lines if one["fee"].state == "due"],
        "rest": [one for one in lines if one["fee"].state != "due"],
        "received": [item_line(one) for one in selectors.received_by(party)],
    }  # fmt: skip
    return render(request, "payments/mine.html", context)


def _fee(request: ActorRequest, number: str) -> FeeInfo:
    try:
        party = _whose(request)
        return selectors.fee(kernel.normalise(number), party=party or "-")
    except (ValueError, UnknownError) as error:
        raise Http404(_("没有这张缴费单，或者不是您的。")) from error


@never_cache
@require_safe
@citizen_required
def one(request: ActorRequest, number: str) -> HttpResponse:
    """One order: what it is for, how it stands, its receipts and refunds."""
    return _page(request, _fee(request, number), RefundForm())


def _page(request: ActorRequest, fee: FeeInfo, form: RefundForm, *, status: int = 200) -> HttpResponse:
    context = {
        "line": fee_line(fee, at=timezone.now()), "fee": fee, "receipts": receipts.of_order(fee.number),
        "refunds": [refund_line(one, at=timezone.now()) for one in fee.refunds], "form": form,
    }  # fmt: skip
    return render(request, "payments/one.html", context, status=status)


@never_cache
@require_POST
@citizen_required
def pay(request: ActorRequest, number: str) -> HttpResponseBase:
    """To the provider's page; one of another house is opened by the payer's own click."""
    fee = _fee(request, number)
    try:
        address = collecting.checkout(number=fee.number, party=fee.payer, at=timezone.now())
    except PaymentsError as error:
        banners.error(request, str(error))
        return redirect("payments:one", fee.number)
    if address.startswith("/"):
        return redirect(address)
    return render(
        request, "payments/leave.html", {"line": fee_line(fee, at=timezone.now()), "address": address}
    )


@never_cache
@require_POST
@citizen_required
def refund(request: ActorRequest, number: str) -> HttpResponseBase:
    """Ask for money back; an officer of the finance bureau decides within five working days."""
    fee = _fee(request, number)
    form = RefundForm(request.POST)
    if not form.is_valid():
        return _page(request, fee, form, status=422)
    try:
        refunds.ask_refund(
            number=fee.number, amount_fen=form.fen(), reason=form.cleaned_data["reason"], actor=request.actor,
            at=timezone.now(), key=f"{request.actor.id}:{request.POST.get('key', '')[:40]}",
        )  # fmt: skip
    except PaymentsError as error:
        form.add_error(None, str(error))
        return _page(request, fee, form, status=422)
    banners.success(request, _("退费已提出，5个工作日内审核，结果会告诉您。"))
    return redirect("payments:one", fee.number)


@never_cache
@require_safe
@citizen_required
def receipt(request: ActorRequest, number: str, receipt: str) -> HttpResponseBase:
    """The sealed PDF of a receipt."""
    fee = _fee(request, number)
    try:
        return pdf(receipts.paper(fee=fee.number, number=receipt, at=timezone.now()), name=receipt)
    except UnknownError as error:
        raise Http404(str(error)) from error
    except PaymentsError as error:
        banners.error(request, str(error))
        return redirect("payments:one", fee.number)
