"""Which division a request is about: by its id, by what it says, else by where it lies."""

from __future__ import annotations

import math
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.hotline.sorting.contracts import Suggestion
from tongban.faces.open311.contracts import Refused

KILOMETRES: Final = 111.2
"""Of one degree from south to north."""
FARTHEST: Final = 45.0
"""Kilometres from the nearest seat of a township of the city."""


def region_of(*, address_id: str, point: tuple[float, float] | None, told: Suggestion) -> str:
    """The division code of a request's place; empty: nothing is known but that it is in the city.

    :param point: latitude and longitude, WGS 84
    :param told: what sorting read in the words; it gives the city itself where they name no division
    :raises Refused: 400, no such division, or a point outside of the city
    """
    if address_id:
        if settings.ROOT_REGION not in actors.region_chain(address_id):
            raise Refused(400, _("address_id要是本市的区划代码（12位），如%s。") % settings.ROOT_REGION)
        return address_id
    near = _county_near(point) if point else ""
    if told.region and told.region != settings.ROOT_REGION:
        return told.region
    return near


def _county_near(point: tuple[float, float]) -> str:
    seats = _seats(settings.ROOT_REGION)
    if not seats:
        return ""
    away, county = min((_kilometres(point, seat), code) for *seat, code in seats)
    if away > FARTHEST:
        raise Refused(400, _("这个地点不在本市。请核对lat和long（WGS 84），或拨打当地区号加12345。"))
    return county


def _seats(root: str) -> list[tuple[float, float, str]]:
    """Where counties and townships have their seats, each with its county."""
    return [
        (float(one.latitude), float(one.longitude), county.code)
        for county in actors.regions_below(root)
        for one in (county, *actors.regions_below(county.code))
        if one.latitude is not None and one.longitude is not None
    ]


def _kilometres(point: tuple[float, float], seat: list[float]) -> float:
    north = (point[0] - seat[0]) * KILOMETRES
    east = (point[1] - seat[1]) * KILOMETRES * math.cos(math.radians(point[0]))
    return math.hypot(north, east)
