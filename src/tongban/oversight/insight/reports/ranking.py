"""Units in order of points: pure, so that anybody can work a place out again from the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from statistics import median

from tongban.oversight.insight.contracts import Figure

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Weighed:
    """An indicator with its points of a hundred; of one where less is better, what is missing to 100 % counts."""

    indicator: str
    points: int
    less: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """A unit with its points; both are None where there was too little to count."""

    unit: str
    place: int | None
    points: Decimal | None
    figures: Mapping[str, Figure]


def points(figures: Mapping[str, Figure], weighed: Sequence[Weighed]) -> Decimal | None:
    """Points of a hundred; a share of nothing leaves its points to the others. None where all are of nothing."""
    counted = [
        (_share(figures[one.indicator], less=one.less), one.points)
        for one in weighed
        if one.indicator in figures and figures[one.indicator].whole
    ]
    if not counted:
        return None
    total = sum((share * weight for share, weight in counted), Decimal(0))
    return (100 * total / sum(weight for _share, weight in counted)).quantize(_CENT, ROUND_HALF_UP)


def placed(
    figures: Mapping[str, Mapping[str, Figure]], weighed: Sequence[Weighed], *, least: int
) -> list[Placed]:
    """Most points first; equal points share a place; units with less than `least` to count come last without one.

    :param figures: by unit, then by indicator
    """
    scored: list[tuple[str, Decimal | None]] = []
    for unit, own in figures.items():
        enough = (
            max((own[one.indicator].whole or 0 for one in weighed if one.indicator in own), default=0)
            >= least
        )
        scored.append((unit, points(own, weighed) if enough else None))
    scored.sort(key=lambda pair: (pair[1] is None, -(pair[1] or 0), pair[0]))
    found: list[Placed] = []
    for unit, score in scored:
        same = found[-1].place if found and score is not None and found[-1].points == score else None
        place = None if score is None else same or len(found) + 1
        found.append(Placed(unit, place, score, figures[unit]))
    return found


def middle(values: Sequence[Decimal]) -> Decimal | None:
    """The median of peers; None without any."""
    return Decimal(median(values)).quantize(_CENT, ROUND_HALF_UP) if values else None


def needed(figure: Figure, *, percent: Decimal, less: bool = False) -> tuple[int, int]:
    """What lifts a share to a percentage: of what was counted, how many had to be otherwise; and how many of those
    still to come have to be right without one more that is wrong. 0 and 0 where it is reached.

    :param less: the smaller the better, so the share has to come down to it
    """
    part, whole = figure.part or 0, figure.whole or 0
    share = percent / 100
    if less:
        most = int(share * whole)
        return max(0, part - most), max(0, _up(part / share) - whole) if share else 0
    had_to = max(0, _up(share * whole) - part)
    if not had_to:
        return 0, 0
    return had_to, 0 if share >= 1 else max(0, _up((share * whole - part) / (1 - share)))


def _up(number: Decimal) -> int:
    return int(number.to_integral_value(ROUND_CEILING))


def _share(figure: Figure, *, less: bool) -> Decimal:
    share = Decimal(figure.part or 0) / Decimal(figure.whole or 1)
    return 1 - min(share, Decimal(1)) if less else share
