"""A schematic map: every division a square, placed about where it lies. Pure.

No boundary is drawn, so that no survey licence is needed and nothing comes from outside: the squares say neighbourhood,
not shape.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Protocol

from tongban.desks.hotline.figures.contracts import Tile


class Placed(Protocol):
    """A division with the place of its seat in WGS 84 degrees."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def latitude(self) -> float | None: ...
    @property
    def longitude(self) -> float | None: ...


def tiles(regions: Sequence[Placed], counts: Mapping[str, int], *, names: Mapping[str, str]) -> list[Tile]:
    """One square a division; none overlaps another. Those without a place come in a last row.

    :param names: what to write on each, by code
    """
    placed = [one for one in regions if one.latitude is not None and one.longitude is not None]
    spots = _spots(placed)
    width = max((column for column, _row in spots.values()), default=-1) + 1
    last = max((row for _column, row in spots.values()), default=-1) + 1
    lost = [one for one in regions if one.code not in spots]
    for index, one in enumerate(lost):
        spots[one.code] = (index % max(1, width), last + index // max(1, width))
    return [
        Tile(one.code, names.get(one.code, one.name), *spots[one.code], counts.get(one.code, 0))
        for one in regions
    ]


def _spots(regions: Sequence[Placed]) -> dict[str, tuple[int, int]]:
    """Column and row of each: the free cell nearest to where it lies, the most central division first."""
    if not regions:
        return {}
    side = math.ceil(math.sqrt(len(regions) * 1.5))
    points = _scaled(regions, side - 1)
    middle = (side - 1) / 2
    order = sorted(points, key=lambda code: (math.dist(points[code], (middle, middle)), code))
    free = {(column, row) for column in range(side) for row in range(side)}
    found = {}
    for code in order:
        found[code] = min(free, key=lambda cell: (math.dist(cell, points[code]), cell))
        free.remove(found[code])
    left, upper = min(column for column, _ in found.values()), min(row for _, row in found.values())
    return {code: (column - left, row - upper) for code, (column, row) in found.items()}


def _scaled(regions: Sequence[Placed], most: int) -> dict[str, tuple[float, float]]:
    """Longitude to columns, latitude to rows from the north."""
    east, north = (
        [float(one.longitude or 0) for one in regions],
        [float(one.latitude or 0) for one in regions],
    )

    def part(value: float, among: list[float]) -> float:
        span = max(among) - min(among)
        return (value - min(among)) / span * most if span else most / 2

    return {
        one.code: (part(float(one.longitude or 0), east), most - part(float(one.latitude or 0), north))
        for one in regions
    }
