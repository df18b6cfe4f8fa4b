"""The map of the hotline: divisions with their figures, and clusters by place; the lists come first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tongban.actors import api as actors
from tongban.desks.hotline.figures import mapping, showing
from tongban.desks.hotline.figures.contracts import Cluster, Period, Tile
from tongban.desks.hotline.figures.outlines import Chart, Frame, chart
from tongban.desks.hotline.figures.tiles import tiles
from tongban.desks.hotline.figures.web.screens import DAYS, READERS, chosen, last_days, offered, reckoned
from tongban.registers.identity.api import ActorRequest, officer_required

TILE, GAP = 150, 10
CANVAS = (900, 560)
EDGE = 60  # room about the clusters where no outline frames them
LARGEST = TILE * 0.34


@never_cache
@require_GET
@officer_required(*READERS)
def map_page(request: ActorRequest) -> HttpResponse:
    """Where tickets come from: divisions in their outlines (as squares without them), and clusters by place."""
    region = chosen(request)
    period = last_days(region, today=timezone.localdate())
    now = reckoned(period, at=timezone.now())
    below = actors.regions_below(region or settings.ROOT_REGION)
    names = {one.code: showing.region_name(one.code) for one in below}
    placed = tiles(below, now.taken.by_region, names=names)
    drawn = chart(settings.BOUNDARIES, [one.code for one in below], canvas=CANVAS)
    around = drawn or chart(settings.BOUNDARIES, [region or settings.ROOT_REGION], canvas=CANVAS)
    context = {
        "now": now, "regions": offered(request, region), "region": region, "days": DAYS,
        "tiles": _tiles(placed, period), "shapes": _shapes(drawn, placed) if drawn else (),
        "note": settings.BOUNDARIES_NOTE if around else "", "around": around.outlines if around else (),
        "tiles_width": (max((one.column for one in placed), default=0) + 1) * (TILE + GAP),
        "tiles_height": (max((one.row for one in placed), default=0) + 1) * (TILE + GAP),
        "clusters": _clusters(mapping.clusters(period), period, around.frame if around else None), "canvas": CANVAS,
    }  # fmt: skip
    return render(request, "figures/map.html", context)


def _radius(count: int, most: int) -> int:
    """Of a circle whose area says how many."""
    return round((count / most) ** 0.5 * LARGEST) if most else 0


def _tiles(placed: Sequence[Tile], period: Period) -> list[dict[str, Any]]:
    most = max((one.count for one in placed), default=0)
    return [_tile(one, period, most) for one in placed]


def _tile(one: Tile, period: Period, most: int) -> dict[str, Any]:
    x, y = one.column * (TILE + GAP), one.row * (TILE + GAP)
    return {
        "one": one, "x": x, "y": y, "cx": x + TILE // 2, "cy": y + TILE * 5 // 8, "radius": _radius(one.count, most),
        "name_y": y + 28, "count_y": y + TILE * 5 // 8 + 8,
        "url": showing.behind("taken", Period(period.since, period.until, one.code)),
    }  # fmt: skip


def _shapes(drawn: Chart, placed: Sequence[Tile]) -> list[dict[str, Any]]:
    """Divisions in their shapes with name, figure and circle."""
    by_code, most = {one.code: one for one in placed}, max((one.count for one in placed), default=0)
    return [
        {
            "outline": one, "tile": by_code[one.code], "radius": _radius(by_code[one.code].count, most),
            "name_y": one.y - 12, "count_y": one.y + 18,
        }
        for one in drawn.outlines
    ]  # fmt: skip


def _clusters(found: Sequence[Cluster], period: Period, frame: Frame | None) -> list[dict[str, Any]]:
    """Clusters in the units of the canvas, the largest first."""
    most = max((one.count for one in found), default=0)
    spots = (
        [frame.point(one.longitude, one.latitude) for one in found]
        if frame is not None
        else _stretched(found)
    )
    return [
        {
            "one": one, "radius": round(10 + 24 * (one.count / most) ** 0.5), "x": x, "y": y,
            "url": showing.behind("taken", period, cell=f"{one.row},{one.column},{mapping.cells_of(period)}"),
        }
        for one, (x, y) in zip(found, spots, strict=True)
    ]  # fmt: skip


def _stretched(found: Sequence[Cluster]) -> list[tuple[int, int]]:
    """Where no outline gives the frame, the clusters themselves do."""
    if not found:
        return []
    south, north = min(one.latitude for one in found), max(one.latitude for one in found)
    west, east = min(one.longitude for one in found), max(one.longitude for one in found)
    width, height = CANVAS[0] - 2 * EDGE, CANVAS[1] - 2 * EDGE
    return [
        (
            round(EDGE + (one.longitude - west) / ((east - west) or 1) * width),
            round(CANVAS[1] - EDGE - (one.latitude - south) / ((north - south) or 1) * height),
        )
        for one in found
    ]
