"""Divisions in their own shape, drawn from the boundaries that a city has installed; nothing comes from outside.

Which boundaries may be shown in public is for the city to say (地图管理条例 国令第664号 第15条: maps are reviewed and carry a review number
审图号), so none are shipped: `settings.BOUNDARIES` is a folder with one GeoJSON (RFC 7946) of each division, named by its first six
figures (``421202.geojson``), and `settings.BOUNDARIES_NOTE` the number that is written under the map. Without them, or with a file
that cannot be read, the map is the schematic one (`tiles.py`).
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

logger = logging.getLogger(__name__)
Ring = list[tuple[float, float]]
MARGIN = 12
MOST_BYTES = 8 * 1024 * 1024


class OutlineError(ValueError):
    """A file that is no boundary."""


@dataclass(frozen=True, slots=True)
class Frame:
    """How degrees become units of the canvas: east to the right, north up, true to shape about the middle latitude."""

    west: float
    north: float
    scale: float
    narrow: float
    left: float
    top: float

    def point(self, longitude: float, latitude: float) -> tuple[int, int]:
        """Where a place lies on the canvas."""
        x = self.left + (longitude - self.west) * self.narrow * self.scale
        return round(x), round(self.top + (self.north - latitude) * self.scale)


@dataclass(frozen=True, slots=True)
class Outline:
    """One division: an SVG path, and where its name stands."""

    code: str
    path: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Chart:
    """All divisions of one map."""

    outlines: tuple[Outline, ...]
    frame: Frame


def chart(folder: Path | None, codes: Sequence[str], *, canvas: tuple[int, int]) -> Chart | None:
    """The divisions in one frame; None where the folder lacks one of them.

    :param codes: division codes of twelve figures
    :param canvas: width and height of the drawing
    """
    if folder is None or not codes:
        return None
    files = [folder / f"{code[:6]}.geojson" for code in codes]
    if len({file.name for file in files}) < len(files):
        return None  # townships share the six figures of their county
    try:
        stamps = tuple(file.stat().st_mtime_ns for file in files)
    except OSError:
        return None
    return _drawn(tuple(files), stamps, tuple(codes), canvas)


@lru_cache(maxsize=64)
def _drawn(
    files: tuple[Path, ...], _stamps: tuple[int, ...], codes: tuple[str, ...], canvas: tuple[int, int]
) -> Chart | None:
    try:
        shapes = [_rings_of(file) for file in files]
    except (OSError, OutlineError) as error:
        logger.warning("a boundary cannot be drawn, the schematic map is shown: %s", error)
        return None
    frame = _frame([point for rings in shapes for ring in rings for point in ring], canvas)
    return Chart(
        tuple(_outline(code, rings, frame) for code, rings in zip(codes, shapes, strict=True)), frame
    )


def _rings_of(file: Path) -> list[Ring]:
    if file.stat().st_size > MOST_BYTES:
        raise OutlineError(f"{file.name}: more than {MOST_BYTES // 1024 // 1024} MB")
    try:
        found = [ring for ring in _rings(json.loads(file.read_text("utf-8"))) if len(ring) > 3]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError) as error:
        raise OutlineError(f"{file.name}: {error}") from error
    if not found:
        raise OutlineError(f"{file.name}: no polygon in it")
    return found


def _rings(shape: Any) -> Iterator[Ring]:
    """Outer and inner rings of a geometry, a feature or a collection."""
    kind = shape["type"]
    if kind in {"FeatureCollection", "GeometryCollection"}:
        for one in shape["features" if kind == "FeatureCollection" else "geometries"]:
            yield from _rings(one)
    elif kind == "Feature":
        yield from _rings(shape["geometry"])
    elif kind in {"Polygon", "MultiPolygon"}:
        for polygon in [shape["coordinates"]] if kind == "Polygon" else shape["coordinates"]:
            for ring in polygon:
                yield [_degrees(point) for point in ring]
    else:
        raise OutlineError(f"{kind} is no area")


def _degrees(point: Any) -> tuple[float, float]:
    longitude, latitude = float(point[0]), float(point[1])
    if not (-180 <= longitude <= 180 and -89 <= latitude <= 89):
        raise OutlineError("coordinates are not longitude and latitude in degrees")
    return longitude, latitude


def _frame(points: list[tuple[float, float]], canvas: tuple[int, int]) -> Frame:
    west, east = min(x for x, _y in points), max(x for x, _y in points)
    south, north = min(y for _x, y in points), max(y for _x, y in points)
    narrow = math.cos(math.radians((south + north) / 2))
    width, height = canvas[0] - 2 * MARGIN, canvas[1] - 2 * MARGIN
    wide, high = max((east - west) * narrow, 1e-6), max(north - south, 1e-6)
    scale = min(width / wide, height / high)
    return Frame(
        west, north, scale, narrow, MARGIN + (width - wide * scale) / 2, MARGIN + (height - high * scale) / 2
    )


def _outline(code: str, rings: list[Ring], frame: Frame) -> Outline:
    drawn = [_on_canvas(ring, frame) for ring in rings]
    largest = max(drawn, key=lambda ring: abs(_area(ring)))
    x, y = _middle(largest)
    return Outline(code, "".join(map(_path, (ring for ring in drawn if len(ring) > 2))), x, y)


def _on_canvas(ring: Ring, frame: Frame) -> list[tuple[int, int]]:
    """A ring in whole units; points that fall on the one before are left out, which no eye misses."""
    found: list[tuple[int, int]] = []
    for longitude, latitude in ring:
        point = frame.point(longitude, latitude)
        if not found or point != found[-1]:
            found.append(point)
    return found


def _path(ring: list[tuple[int, int]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in ring) + "Z"


def _area(ring: list[tuple[int, int]]) -> float:
    pairs = zip(ring, ring[1:] + ring[:1], strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs) / 2


def _middle(ring: list[tuple[int, int]]) -> tuple[int, int]:
    """Centre of gravity; of a sliver without area the mean of its points."""
    area = _area(ring)
    if not area:
        return round(sum(x for x, _y in ring) / len(ring)), round(sum(y for _x, y in ring) / len(ring))
    pairs = [
        (x1, y1, x2, y2, x1 * y2 - x2 * y1)
        for (x1, y1), (x2, y2) in zip(ring, ring[1:] + ring[:1], strict=True)
    ]
    x = sum((x1 + x2) * cross for x1, _y1, x2, _y2, cross in pairs)
    y = sum((y1 + y2) * cross for _x1, y1, _x2, y2, cross in pairs)
    return round(x / (6 * area)), round(y / (6 * area))
