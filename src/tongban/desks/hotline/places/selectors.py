"""Reading places."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.hotline.figures.contracts import Tile
from tongban.desks.hotline.figures.tiles import tiles
from tongban.desks.hotline.models import Ticket
from tongban.desks.hotline.places.access import divisions
from tongban.desks.hotline.places.contracts import PlaceView
from tongban.desks.hotline.places.models import Place
from tongban.kernel import api as kernel

PAGE = 50


def reference_of(code: str) -> str:
    """What a ticket that came from a code has as its reference."""
    return f"qr:{code}"


def view_of(one: Place, tickets: int = 0) -> PlaceView:
    """A place as it crosses the door."""
    return PlaceView(
        one.code, one.name, one.where, one.region, one.latitude, one.longitude, one.unit, one.made_at, one.retired_at, tickets,
    )  # fmt: skip


def any_place(code: str) -> PlaceView | None:
    """The place of a code as everybody may know it, in use or retired; None for an unknown code."""
    found = Place.objects.filter(code=code.upper()).first() if len(code) <= 12 else None
    return view_of(found) if found else None


def _seen(actor: kernel.Actor) -> QuerySet[Place, Place]:
    return Place.objects.filter(region__in=sorted(divisions(actor)))


def place(code: str, *, actor: kernel.Actor) -> PlaceView:
    """One place as an officer sees it. :raises kernel.NotFound: none of that code in the own divisions"""
    found = _seen(actor).filter(code=code.upper()).first()
    if found is None:
        raise kernel.NotFound("no_place", _("没有这个点位，或者不在本单位的地区。"))
    return view_of(found, _counted([found.code]).get(found.code, 0))


def places(*, actor: kernel.Actor, before: int | None = None) -> tuple[list[PlaceView], str]:
    """A page of places newest first with their tickets counted, and the cursor of the next; two queries."""
    rows = _seen(actor)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    shown = found[:PAGE]
    counted = _counted([one.code for one in shown])
    views = [view_of(one, counted.get(one.code, 0)) for one in shown]
    return views, str(shown[-1].pk) if len(found) > PAGE else ""


def _counted(codes: Collection[str]) -> dict[str, int]:
    wanted = {reference_of(code): code for code in codes}
    rows = (
        Ticket.objects.filter(reference__in=list(wanted))
        .exclude(reference="")  # lets the planner use the index of references that are there
        .values_list("reference")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return {wanted[reference]: n for reference, n in rows}


def tiles_below(region: str, *, english: bool = False) -> list[Tile]:
    """The divisions right below one as squares about where they lie: the schematic map of forms."""
    below = actors.regions_below(region)
    names = {one.code: one.name_en if english and one.name_en else one.name for one in below}
    return tiles(below, {}, names=names)
