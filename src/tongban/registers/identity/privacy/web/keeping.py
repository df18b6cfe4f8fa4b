"""到期销毁: lists of dockets whose time is over, looked through and approved by a head."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.kernel import api as kernel
from tongban.registers.identity.api import ActorRequest, officer_required
from tongban.registers.identity.privacy import retention
from tongban.registers.identity.privacy.contracts import PrivacyRefused
from tongban.registers.identity.privacy.erasing import KEEPER
from tongban.registers.identity.privacy.models import Disposal

SHOWN = 50


def may_approve(actor: kernel.Actor) -> bool:
    """Head or administrator of the unit that answers for the city's data."""
    from django.conf import settings

    unit = actors.unit_for(department=KEEPER, region=settings.ROOT_REGION)
    return unit is not None and (actor.holds(Role.HEAD, unit.id) or actor.holds(Role.ADMIN, unit.id))


def _kind(kind: str) -> str:
    return str(kernel.flow_of(kind).label)


@never_cache
@require_GET
@officer_required(Role.HEAD, Role.ADMIN)
def lists(request: ActorRequest) -> HttpResponse:
    """Every list: waiting for approval, approved, destroyed; and the rules."""
    rows = Disposal.objects.defer("dockets").order_by("-pk")[:SHOWN]
    context = {
        "rows": [{"row": row, "kind": _kind(row.kind), "count": len(row.numbers)} for row in rows],
        "rules": [(_kind(rule.kind), rule) for rule in retention.rules() if rule.kind in {flow.kind for flow in kernel.all_flows()}],
        "may": may_approve(request.actor),
    }  # fmt: skip
    return render(request, "privacy/retention.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@officer_required(Role.HEAD, Role.ADMIN)
def one(request: ActorRequest, disposal: int) -> HttpResponse:
    """One list; a POST approves it. What is approved is destroyed at night and cannot come back."""
    row = Disposal.objects.filter(pk=disposal).first()
    if row is None:
        raise Http404(_("没有这份清单。"))
    if request.method == "POST":
        if not may_approve(request.actor):
            messages.error(request, _("只有市数据部门的负责人或管理员可以批准。"))
            return redirect("privacy:disposal", disposal)
        try:
            retention.approve(disposal=disposal, actor=request.actor, at=timezone.now())
        except PrivacyRefused as error:
            messages.error(request, error.reason)
        else:
            messages.success(request, _("已批准，今晚销毁内容；编号和台账保留。"))
        return redirect("privacy:disposal", disposal)
    context = {
        "row": row, "kind": _kind(row.kind), "may": may_approve(request.actor) and row.approved_at is None,
        "by": actors.party_name(row.approved_by) if row.approved_by else "",
    }  # fmt: skip
    return render(request, "privacy/disposal.html", context)
