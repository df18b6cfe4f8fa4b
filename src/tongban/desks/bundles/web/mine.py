"""A company's orders: place one, see how it goes, decide, rate."""

from __future__ import annotations

from django.contrib import messages as banners
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.actors import api as actors
from tongban.desks.bundles import ordering, planning, selectors
from tongban.desks.bundles.contracts import BundlesError, OfferInfo, UnknownError
from tongban.desks.bundles.web import acting, words
from tongban.desks.bundles.web.forms import OrderForm
from tongban.kernel import api as kernel
from tongban.registers.identity.api import ActorRequest, citizen_required, party_of


@never_cache
@require_safe
@citizen_required
def orders(request: ActorRequest) -> HttpResponse:
    """What waits for the company first, then the rest."""
    party = party_of(request)
    lines = [words.order_line(one, told=True) for one in selectors.orders_of(party)]
    waits = {name for name, state in kernel.flow_of("service_order").states.items() if state.waits}
    context = {
        "party": actors.party_name(party), "company": party.startswith(ordering.ORGANISATION),
        "waiting": [one for one in lines if one["order"].state in waits],
        "rest": [one for one in lines if one["order"].state not in waits],
    }  # fmt: skip
    return render(request, "bundles/mine.html", context)


@never_cache
@sensitive_post_parameters("wish", "contact", "phone")
@require_http_methods(["GET", "HEAD", "POST"])
@citizen_required
def new(request: ActorRequest, key: int) -> HttpResponseBase:
    """Order one offer; what is charged, by whom, and what silence means stands above the button."""
    try:
        offer = selectors.offer(key, day=actors.day_of(timezone.now()))
    except UnknownError as error:
        raise Http404(str(error)) from error
    party = party_of(request)
    if not party.startswith(ordering.ORGANISATION):
        context = {"line": words.offer_line(offer), "back": request.get_full_path()}
        return render(request, "bundles/no_company.html", context, status=403)
    form = OrderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = ordering.place(
                offer=offer.id, company=party, actor=request.actor, at=timezone.now(),
                key=request.POST.get("key", "")[:100], **form.cleaned_data,
            )  # fmt: skip
        except BundlesError as error:
            for name, said in error.fields.items():
                form.add_error(name, said)
            if not error.fields:
                form.add_error(None, str(error))
        else:
            banners.success(request, _("订单已发给服务商，一个工作日内答复。"))
            return redirect("bundles:mine", made.number)
    return _form(request, form, offer, party)


def _form(request: ActorRequest, form: OrderForm, offer: OfferInfo, party: str) -> HttpResponse:
    context = {
        "form": form, "line": words.offer_line(offer), "company": actors.party_name(party), "key": request.POST.get("key", ""),
        "alone": words.said(planning.need_of(offer.need).alone), "confirm_days": selectors.confirm_days(),
    }  # fmt: skip
    return render(request, "bundles/new.html", context, status=422 if form.errors else 200)


@never_cache
@require_safe
@citizen_required
def one(request: ActorRequest, number: str) -> HttpResponse:
    """One order."""
    row = acting.row_of(request, number, acting.COMPANY, party_of(request))
    return acting.show(request, row, acting.COMPANY)


@never_cache
@sensitive_post_parameters("said")
@require_POST
@citizen_required
def act(request: ActorRequest, number: str, move: str) -> HttpResponseBase:
    """One move of the company's."""
    row = acting.row_of(request, number, acting.COMPANY, party_of(request))
    return acting.make(request, row, acting.COMPANY, move)
