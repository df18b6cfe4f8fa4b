"""Names of units and divisions in the reader's language."""

from __future__ import annotations

from tongban.actors import api as actors
from tongban.web import formats


def unit_name(unit: str) -> str:
    """A unit's name; empty for none."""
    if not unit:
        return ""
    info = actors.live_unit(unit)
    english = info.name_en if info is not None and formats.english() else ""
    return english or actors.unit_name(unit_id=unit)


def region_name(info: actors.RegionInfo) -> str:
    """A division's name."""
    return info.name_en if formats.english() and info.name_en else info.name
