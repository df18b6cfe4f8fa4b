"""异地通办: what my place received for others, and others for my place, inside the city and beyond it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tongban.actors import api as actors
from tongban.desks.cases import api as cases
from tongban.desks.cases.contracts import OUTSIDE
from tongban.desks.cases.partners import api as partners
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


class Places:
    """Names of divisions and of places outside, read once."""

    def __init__(self, codes: Iterable[str]) -> None:
        outside = {code for code in codes if not actors.region_chain(code)}
        self._outside = partners.names(outside) if outside else {}

    def __call__(self, code: str) -> str:
        found = self._outside.get(code)
        return found.text(get_language() or "") if found else words.region_name(code)


@never_cache
@require_GET
@officer_required()
def listed(request: ActorRequest) -> HttpResponse:
    """Counts of the last 30 days by place received and place decided, and the newest of them."""
    at, regions = timezone.now(), _regions(request.actor)
    counted = [
        *cases.crossing_counts(regions, since=at - DAYS, until=at),
        *partners.counts(regions, since=at - DAYS, until=at),
    ]
    rows = _newest(request.actor, regions)
    named = Places(
        {code for one in counted for code in (one.received_region, one.decided_region)} | _codes(rows)
    )
    context = {
        "counts": [
            (named(one.received_region), named(one.decided_region), one.applications) for one in counted
        ],
        "rows": [{**row, "received": row["received"](named), "decided": named(row["decided"])} for row in rows],
        "days": DAYS.days,
    }  # fmt: skip
    return render(request, "workbench/crossing.html", context)


def _codes(rows: list[dict[str, Any]]) -> set[str]:
    return {row[name] for row in rows for name in ("from", "decided")}


def _newest(actor: kernel.Actor, regions: set[str]) -> list[dict[str, Any]]:
    """Dockets that the officer may see, the newest first; those handed out by another place it alone sees whole."""
    crossed = cases.crossed(cases.crossing_applications(regions, limit=NEWEST))
    handed = partners.places_of(partners.newest(regions, limit=NEWEST))
    found = []
    for docket in [*crossed, *handed]:
        try:
            row = kernel.docket_by_id(docket, actor=actor)
        except kernel.NotFound:
            continue
        one = crossed.get(docket)
        found.append(_line(row, one, handed.get(docket, "")))
    return sorted(found, key=_instant, reverse=True)[:NEWEST]


def _instant(line: dict[str, Any]) -> datetime:
    at: datetime = line["at"]
    return at


def _line(row: kernel.DocketRow, one: cases.Crossed | None, partner: str) -> dict[str, Any]:
    if one is None:
        unit, origin, decided, at = row.unit, row.region, partner, row.opened_at
    else:
        unit, origin, decided, at = (
            one.received_unit,
            one.received_region,
            one.decided_region,
            one.received_at,
        )

    def received(named: Places) -> str:
        return named(origin) if unit == OUTSIDE else words.unit_name(unit)

    return {
        "row": row, "state": words.state_label(row), "received": received, "from": origin, "decided": decided, "at": at,
    }  # fmt: skip
