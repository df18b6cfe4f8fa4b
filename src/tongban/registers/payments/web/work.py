"""The money desk of the workbench: orders, refunds, differences to settle, batches to approve, the days compared."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib import messages as banners
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.kernel import api as kernel
from tongban.kernel.web import clocks
from tongban.registers.identity.api import ActorRequest, officer_required
from tongban.registers.payments import receipts, reconciling
from tongban.registers.payments.contracts import PaymentsError, UnknownError
from tongban.registers.payments.models import Batch, Difference, Order, Reconciliation, Refund
from tongban.registers.payments.providers import provider
from tongban.registers.payments.web.words import pdf

ROLES = (Role.FINANCE, Role.TREASURER, Role.HANDLER, Role.APPROVER, Role.HEAD)
LISTS = {
    "fee": gettext_lazy("缴费单"),
    "refund": gettext_lazy("退费"),
    "difference": gettext_lazy("对账差异"),
    "payout": gettext_lazy("发放批次"),
}
DAYS = 14


@never_cache
@require_safe
@officer_required(*ROLES)
def index(request: ActorRequest) -> HttpResponse:
    """`?list=fee|refund|difference|payout&closed=1`: nearest deadline first, closed ones newest first."""
    kind = request.GET.get("list", "fee")
    if kind not in LISTS:
        raise Http404
    closed, at = request.GET.get("closed") == "1", timezone.now()
    wanted = kernel.Filters(kind=kind, open_only=not closed, closed_only=closed)
    try:
        page = kernel.page(
            request.actor, wanted, after=request.GET.get("after", ""), before=request.GET.get("before", "")
        )
    except kernel.InvalidInput as error:
        raise Http404(str(error)) from None
    amounts = _amounts(kind, [row.id for row in page.rows])
    states = kernel.flow_of(kind).states
    rows = [
        {
            "row": row, "amount": amounts.get(row.id), "state": states[row.state].label,
            "unit": actors.unit_name(unit_id=row.unit), "payer": actors.party_name(row.applicant) if row.applicant else "",
            "clock": clocks.view_of(clocks.nearest(page.clocks.get(row.id, [])), at=at),
        }
        for row in page.rows
    ]  # fmt: skip
    keeps = bool(request.actor.units_of(Role.FINANCE) | request.actor.units_of(Role.TREASURER))
    context = {
        "kind": kind, "lists": LISTS.items(), "rows": rows, "closed": closed,
        "page": {"previous": page.before, "next": page.after, "size": 50},
        "days": _days(at) if kind == "difference" and keeps else [], "keeps": keeps,
        "yesterday": (actors.day_of(at) - timedelta(days=1)).isoformat(),
    }  # fmt: skip
    return render(request, "payments/work.html", context)


def _amounts(kind: str, dockets: list[int]) -> dict[int, int | None]:
    tables: dict[str, tuple[Any, str]] = {
        "fee": (Order, "amount_fen"), "refund": (Refund, "amount_fen"), "payout": (Batch, "amount_fen"),
        "difference": (Difference, "theirs_fen"),
    }  # fmt: skip
    model, column = tables[kind]
    return dict(model.objects.filter(docket__in=dockets).values_list("docket", column))


def _days(at: Any) -> list[Reconciliation]:
    since = actors.day_of(at) - timedelta(days=DAYS)
    return list(Reconciliation.objects.filter(provider=provider().name, day__gte=since).order_by("-day"))


@never_cache
@require_POST
@officer_required(Role.FINANCE, Role.TREASURER)
def reconcile(request: ActorRequest) -> HttpResponseBase:
    """Compare one day now."""
    at = timezone.now()
    try:
        day = parse_date(request.POST.get("day", ""))
    except ValueError:
        day = None
    if day is None or day > actors.day_of(at):
        banners.error(request, _("请选今天或以前的一天。"))
    else:
        try:
            found = reconciling.reconcile(day=day, at=at)
        except PaymentsError as error:
            banners.error(request, str(error))
        else:
            banners.success(
                request, _("%(day)s对账完成：银行%(lines)d笔，差异%(gaps)d处。")
                % {"day": day.isoformat(), "lines": found.lines, "gaps": found.gaps},
            )  # fmt: skip
    return redirect("/work/payments?list=difference")


@never_cache
@require_safe
@officer_required(*ROLES)
def receipt(request: ActorRequest, number: str, receipt: str) -> HttpResponseBase:
    """The sealed PDF of a receipt, for whoever sees its order."""
    try:
        row = kernel.docket(kernel.normalise(number), actor=request.actor)
        return pdf(receipts.paper(fee=row.number, number=receipt, at=timezone.now()), name=receipt)
    except (ValueError, kernel.NotFound, UnknownError) as error:
        raise Http404(_("没有这张电子票据。")) from error
    except PaymentsError as error:
        banners.error(request, str(error))
        return redirect(f"/work/{number}")
