"""The leader's screen: one page, and its figures alone for polling."""

from __future__ import annotations

import hashlib
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.http import parse_etags
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tongban.actors.api import Role
from tongban.desks.hotline.heat import api as heat
from tongban.faces.screen import figures as reckoning
from tongban.faces.screen import month, showing
from tongban.kernel.contracts import Actor
from tongban.oversight.insight.api import Scope, scope_of
from tongban.registers.identity.api import ActorRequest, officer_required

TOPICS, MOST_TOPICS, TOPIC_DAYS = 5, 40, 30


def _region(request: ActorRequest) -> str:
    """The division asked for if one may look at it, else the first one overseen."""
    regions = request.actor.regions
    allowed = {one["code"] for one in showing.regions_for(regions, "")}
    wanted = request.GET.get("region", "")
    return wanted if wanted in allowed else min(regions, default="")


def _shown(request: ActorRequest, region: str) -> dict[str, Any]:
    """The figures of a region, at most a minute old."""
    now, scope = timezone.now(), scope_of(request.actor, region=region)
    key = f"screen:{region}"
    found: reckoning.Screen | None = cache.get(key)
    if found is None:
        found = reckoning.reckon(region=region, at=now)
        cache.set(key, found, month.KEPT)
    return {
        "screen": found, "headlines": showing.headlines(found), "exceptions": showing.exceptions(found),
        "bars": showing.bars(found.days), "finding": showing.finding(found.days), "width": showing.WIDTH,
        "height": showing.HEIGHT, "region": region,
        "late_units": showing.named(found.late_units), "units": showing.named(found.units), "due": showing.due(found),
        "tiles": month.tiles(month.watched(scope=scope, at=now), region=region, at=now), "topics": _topics(request, region, scope),
        "month": f"{timezone.localdate():%Y-%m}",
    }  # fmt: skip


def _topics(request: ActorRequest, region: str, scope: Scope) -> list[heat.Group]:
    """What many people tell of, the hottest first, as far as the reader may see it; at most a minute old."""
    key = f"screen-topics:{_sees(request.actor)}:{region}"
    found: list[heat.Group] | None = cache.get(key)
    if found is None:
        among = heat.groups(actor=request.actor, at=timezone.now(), days=TOPIC_DAYS, top=MOST_TOPICS)
        inside = [
            one for one in among if not region or any(one.region.startswith(code) for code in scope.regions)
        ]
        found = inside[:TOPICS]
        cache.set(key, found, month.KEPT)
    return found


def _sees(actor: Actor) -> str:
    """The same for all who may see the same groups."""
    grants = sorted((grant.role, grant.unit) for grant in actor.grants)
    return hashlib.sha256(repr((sorted(actor.regions), grants)).encode()).hexdigest()


@never_cache
@require_GET
@officer_required(Role.LEADER, Role.SUPERVISOR)
def screen(request: ActorRequest) -> HttpResponse:
    """Headline figures, what has to be seen to, then the trend and the units."""
    region = _region(request)
    context = {**_shown(request, region), "regions": showing.regions_for(request.actor.regions, region)}
    return render(request, "screen/screen.html", context)


@require_GET
@officer_required(Role.LEADER, Role.SUPERVISOR)
def figures(request: ActorRequest) -> HttpResponse:
    """The figures alone; 304 when nothing has changed since the last look."""
    text = render_to_string("screen/_figures.html", _shown(request, _region(request)))
    tag = f'"{hashlib.sha256((translation.get_language() + text).encode()).hexdigest()[:32]}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    answer: HttpResponse = HttpResponseNotModified() if tag in known else HttpResponse(text)
    answer["ETag"] = tag
    answer["Cache-Control"] = "private, no-cache"
    answer["Vary"] = "Cookie"
    return answer
