"""Open to everybody: whether a receipt is real, and the page of the demonstration's bank."""

from __future__ import annotations

from django.contrib import messages as banners
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tongban.kernel.privacy import mask_name
from tongban.registers.identity.api import open_to_all
from tongban.registers.payments import collecting, receipts
from tongban.registers.payments.contracts import PaymentsError
from tongban.registers.payments.models import Order
from tongban.registers.payments.providers import demo_bank
from tongban.registers.payments.web.forms import VerifyForm


@never_cache
@require_safe
@open_to_all
def verify(request: HttpRequest) -> HttpResponse:
    """`?code=&number=&check=`: what the receipt with these says, or that there is none such; nothing beyond the paper."""
    asked = "check" in request.GET
    form = VerifyForm(request.GET) if asked else VerifyForm(initial=request.GET.dict())
    found = None
    if asked and form.is_valid():
        found = receipts.verify(**form.cleaned_data)
    context = {
        "form": form, "asked": asked and form.is_valid(), "found": found, "at": timezone.now(),
        "payer": mask_name(found.payer_name) if found and found.payer_name else "",
    }  # fmt: skip
    return render(
        request, "payments/verify.html", context, status=422 if asked and not form.is_valid() else 200
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@open_to_all
def demo(request: HttpRequest, reference: str) -> HttpResponseBase:
    """The page of the demonstration's bank: pay, or leave it. There is none where another provider moves money."""
    bank = demo_bank()
    order = bank.order(reference) if bank else None
    if bank is None or order is None:
        raise Http404(_("这里没有演示支付。"))
    known = Order.objects.filter(reference=reference).only("number").first()
    back = redirect("payments:one", known.number) if known else redirect("payments:mine")
    if request.method == "POST":
        now = timezone.now()
        if request.POST.get("act") != "pay":
            banners.warning(request, _("没有付款。缴费期内随时可以再来付。"))
            return back
        body, headers = bank.pay(reference, at=now)
        if request.POST.get("silent") != "1":
            try:
                collecting.take_in(bank.read(body, headers, at=now), at=now)
            except PaymentsError as error:
                banners.error(request, str(error))
        banners.success(request, _("已付款。"))
        return back
    return render(request, "payments/demo.html", {"order": order, "number": known.number if known else ""})
