"""异地通办: what my place received for others, and others for my place, counted by both places."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tongban.actors import api as actors
from tongban.desks.cases import api as cases
from tongban.faces.workbench import words
from tongban.kernel import api as kernel
from tongban.registers.identity.api import ActorRequest, officer_required

DAYS, NEWEST = timedelta(days=30), 20


def _regions(actor: kernel.Actor) -> set[str]:
    """The officer's own place, and those overseen with the counties below."""
    own = actors.live_unit(actor.unit) if actor.unit else None
    found = set(actors.region_chain(own.region)) if own else set()
    for region in actor.regions:
        found |= {region, *(one.code for one in actors.regions_below(region))}
    return found


@never_cache
@require_GET
@officer_required()
def listed(request: ActorRequest) -> HttpResponse:
    """Counts of the last 30 days by place received and place decided, and the newest applications."""
    at, regions = timezone.now(), _regions(request.actor)
    rows = []
    for docket in cases.crossing_applications(regions, limit=NEWEST):
        try:
            rows.append(kernel.docket_by_id(docket, actor=request.actor))
        except kernel.NotFound:  # handed out by another place, which alone sees the whole
            continue
    crossed = cases.crossed([row.id for row in rows])
    context = {
        "counts": [
            (words.region_name(one.received_region), words.region_name(one.decided_region), one.applications)
            for one in cases.crossing_counts(regions, since=at - DAYS, until=at)
        ],
        "rows": [
            {
                "row": row, "state": words.state_label(row), "received": words.unit_name(crossed[row.id].received_unit),
                "decided": words.region_name(crossed[row.id].decided_region), "at": crossed[row.id].received_at,
            }
            for row in rows
        ],
        "days": DAYS.days,
    }  # fmt: skip
    return render(request, "workbench/crossing.html", context)
