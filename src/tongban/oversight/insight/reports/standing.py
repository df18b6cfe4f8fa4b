"""Where units stand among those of their level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tongban.actors import api as actors
from tongban.oversight.insight.api import Figure, Good, Indicator
from tongban.oversight.insight.reports.ranking import Placed, Weighed, placed

_LEVELS = {"3": "city", "4": "county", "5": "township", "6": "village"}


def level_of(unit: str) -> str:
    """Of which level a unit is, by the division that it belongs to; empty where nobody knows the unit."""
    try:
        return _LEVELS.get(actors.region(actors.unit(unit).region).level, "")
    except actors.NotKnownError:
        return ""


def weighed(points: Sequence[tuple[str, int]], known: Mapping[str, Indicator]) -> list[Weighed]:
    """The indicators of a ranking with their points."""
    return [Weighed(key, number, known[key].good is Good.DOWN) for key, number in points]


def ranked(
    figures: Mapping[str, Mapping[str, Figure]], parts: Sequence[Weighed], *, level: str, least: int
) -> list[Placed]:
    """The units of a level by points.

    :param figures: by indicator, then by unit
    :param level: city, county, township, village; empty for every unit
    """
    by_unit: dict[str, dict[str, Figure]] = {}
    for key, groups in figures.items():
        for unit, figure in groups.items():
            if unit and figure.whole and (not level or level_of(unit) == level):
                by_unit.setdefault(unit, {})[key] = figure
    return placed(by_unit, parts, least=least)
