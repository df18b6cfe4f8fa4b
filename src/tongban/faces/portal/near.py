"""Service points by distance. Pure: positions in WGS 84 degrees."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from tongban.actors.api import UnitInfo

EARTH_KM = 6371.0088


@dataclass(frozen=True, slots=True)
class Near:
    """A unit and how far it is, in km as the crow flies."""

    unit: UnitInfo
    km: float


def distance(*, latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Kilometres along the great circle."""
    a, b = math.radians(latitude), math.radians(to_latitude)
    half_a, half_b = (b - a) / 2, math.radians(to_longitude - longitude) / 2
    h = math.sin(half_a) ** 2 + math.cos(a) * math.cos(b) * math.sin(half_b) ** 2
    return 2 * EARTH_KM * math.asin(math.sqrt(h))


def nearest(units: Iterable[UnitInfo], *, latitude: float, longitude: float, most: int) -> list[Near]:
    """The nearest of those whose position is known, nearest first."""
    found = [
        Near(
            one,
            distance(
                latitude=latitude, longitude=longitude, to_latitude=one.latitude, to_longitude=one.longitude
            ),
        )
        for one in units
        if one.latitude is not None and one.longitude is not None
    ]
    return sorted(found, key=lambda one: (one.km, one.unit.id))[:most]


def position(text_latitude: str, text_longitude: str) -> tuple[float, float] | None:
    """A position as given in a URL; None when it is none.

    :raises ValueError: given, but no place on earth
    """
    if not text_latitude and not text_longitude:
        return None
    latitude, longitude = float(text_latitude), float(text_longitude)
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise ValueError(text_latitude)
    return latitude, longitude
