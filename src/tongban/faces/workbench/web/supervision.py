"""Late steps for supervisors."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tongban.actors.api import Role
from tongban.faces.workbench import listing, supervision, words
from tongban.kernel import api as kernel
from tongban.registers.identity.api import ActorRequest, officer_required
from tongban.web.contracts import Page


@never_cache
@require_GET
@officer_required(Role.SUPERVISOR, Role.LEADER, Role.HEAD)
def late(request: ActorRequest) -> HttpResponse:
    """Every late (or soon late) docket of the units one oversees, unit by unit; supervisors urge from here."""
    at, actor = timezone.now(), request.actor
    near = request.GET.get("what") == "near"
    units = supervision.units_overseen(actor)
    unit = request.GET.get("unit", "")
    try:
        page = listing.page_of(actor, supervision.filters(units, unit, near=near, at=at), request.GET)
    except kernel.InvalidInput:
        page = kernel.page(actor, supervision.filters(units, unit, near=near, at=at))
    origin = urlencode(request.GET.dict())
    table = supervision.by_unit(units, at=at)
    context = {
        "near": near, "unit": unit if unit in units else "", "unit_name": words.unit_name(unit) if unit in units else "",
        "table": table, "late_total": sum(line.late for line in table), "near_total": sum(line.near for line in table),
        "rows": listing.lines(page, at=at, origin=""), "page": Page(previous=page.before, next=page.after), "origin": origin,
        "may_urge": any(grant.role == Role.SUPERVISOR for grant in actor.grants),
        "at": at, "sees_screen": bool(actor.regions),
    }  # fmt: skip
    return render(request, "workbench/late.html", context)
