"""秒批: which matters rules may decide in the editor's region, how many they did, and the switches."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.cases import api as cases
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.contracts import CatalogueError
from tongban.registers.identity.api import ActorRequest, officer_required

DAYS = timedelta(days=30)


def _region(request: ActorRequest) -> str:
    """The region whose catalogue the officer edits: that of the unit in which he holds the role."""
    held = request.actor.units_of(Role.CATALOGUE_EDITOR)
    unit = request.actor.unit if request.actor.unit in held else min(held)
    return actors.unit(unit).region


@never_cache
@require_GET
@officer_required(Role.CATALOGUE_EDITOR)
def listed(request: ActorRequest) -> HttpResponse:
    """Every matter with decision rules, on or off, with what rules and humans decided in the last 30 days."""
    region, now = _region(request), timezone.now()
    specs = catalogue.instant_matters(region)
    on = catalogue.instant_on([spec.code for spec in specs], region)
    shares = cases.instant_shares(region=region, since=now - DAYS, until=now)
    switches = catalogue.instant_switches(region)
    context = {
        "region": actors.region(region).name,
        "rows": [
            {
                "spec": spec, "on": on[spec.code], "share": shares.get(spec.code, cases.InstantShare(0, 0)),
                "percent": f"{float(spec.instant.sampling) * 100:g}" if spec.instant else "",
            }
            for spec in specs
        ],
        "stopped": any(not line.on and not line.code and line.region == region for line in switches),
        "switches": switches[:20],
        "asked": next((spec for spec in specs if spec.code == request.GET.get("code")), None),
        "asked_on": on.get(request.GET.get("code", ""), True),
        "all": request.GET.get("code") == "all",
    }  # fmt: skip
    return render(request, "workbench/instant.html", context)


@never_cache
@require_POST
@officer_required(Role.CATALOGUE_EDITOR)
def switch(request: ActorRequest) -> HttpResponse:
    """Switch one matter, or all of them, on or off; the reason goes into the ledger."""
    code, region = request.POST.get("code", ""), _region(request)
    known = {spec.code for spec in catalogue.instant_matters(region)}
    if code != "all" and code not in known:
        messages.error(request, _("没有这个秒批事项。"))
        return redirect("workbench:instant")
    on = request.POST.get("on") == "yes"
    try:
        catalogue.switch_instant(
            code="" if code == "all" else code, region=region, on=on, reason=request.POST.get("reason", ""),
            actor=request.actor, at=timezone.now(),
        )  # fmt: skip
    except CatalogueError as error:
        messages.error(request, str(error))
        return redirect(f"/work/instant?code={code}")
    messages.success(request, _("秒批已开启。") if on else _("秒批已停用，办件转人工。"))
    return redirect("workbench:instant")
