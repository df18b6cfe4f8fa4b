"""Where something is: divisions on the schematic map, townships by list, a point from the device."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings

from tongban.actors import api as actors
from tongban.desks.hotline.places import api as places
from tongban.faces.portal.near import distance
from tongban.web import formats

FAR = 40.0
"""Kilometres beyond which the nearest township is no answer to where somebody stands."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A square of the map; empty ones keep the distance."""

    code: str = ""
    name: str = ""


def name_of(one: actors.RegionInfo) -> str:
    """A division's name in the reader's language."""
    return one.name_en if formats.english() and one.name_en else one.name


def full_name(code: str) -> str:
    """A division with those above it but the city, in the reader's language; empty when not known."""
    chain = [actors.region(one) for one in actors.region_chain(code) if one != settings.ROOT_REGION]
    names = [name_of(one) for one in sorted(chain, key=lambda one: one.level)]
    return ", ".join(reversed(names)) if formats.english() else "".join(names)


def map_rows() -> list[list[Cell]]:
    """The counties as rows of squares, about where they lie."""
    found = places.tiles_below(settings.ROOT_REGION, english=formats.english())
    if not found:
        return []
    wide, high = max(one.column for one in found) + 1, max(one.row for one in found) + 1
    cells = {(one.column, one.row): Cell(one.code, one.name) for one in found}
    return [[cells.get((column, row), Cell()) for column in range(wide)] for row in range(high)]


def townships() -> list[tuple[str, list[tuple[str, str]]]]:
    """Townships under their county, as a list to choose from."""
    counties = actors.regions_below(settings.ROOT_REGION)
    groups = [
        (name_of(one), [(town.code, name_of(town)) for town in actors.regions_below(one.code)])
        for one in counties
    ]
    return [(name, below) for name, below in groups if below]


def known(code: str) -> bool:
    """Whether a division of the city has this code."""
    return bool(code) and settings.ROOT_REGION in actors.region_chain(code)


def region_of(region: str, township: str, latitude: float | None, longitude: float | None) -> str:
    """The division to take for what was chosen: the township if it lies in the county, else the county, else by the point.

    Empty when nothing tells.
    """
    if known(township) and (not known(region) or region in actors.region_chain(township)):
        return township
    if known(region):
        return region
    if latitude is None or longitude is None:
        return ""
    towns = [
        (distance(latitude=latitude, longitude=longitude, to_latitude=town.latitude, to_longitude=town.longitude), town.code)
        for county in actors.regions_below(settings.ROOT_REGION)
        for town in actors.regions_below(county.code)
        if town.latitude is not None and town.longitude is not None
    ]  # fmt: skip
    km, code = min(towns, default=(FAR + 1, ""))
    return code if km <= FAR else ""
