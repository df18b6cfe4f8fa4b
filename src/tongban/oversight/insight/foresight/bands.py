"""The usual band of a figure: the median of the months before, give or take robust deviations. Pure.

One odd month in the past moves neither the median nor the median absolute deviation (MAD) much, as it would a mean and a
standard deviation. Counts never have a band narrower than their own chance (the square root of the median).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

MAD_TO_SIGMA = 1.4826
WIDTH = 3.0
LEAST_COUNT = 10
LEAST_WHOLE = 20
LEAST_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Band:
    """`low` to `high` is usual; `distance` is how many deviations a value lies away, with its sign."""

    usual: float
    low: float
    high: float
    distance: float

    @property
    def out(self) -> bool:
        """Whether the value is outside."""
        return abs(self.distance) > WIDTH


def of_counts(past: Sequence[float], value: float) -> Band | None:
    """The band of a count; None with too few months, or too few to speak of in this one and before."""
    if len(past) < LEAST_MONTHS or max(value, float(np.median(past))) < LEAST_COUNT:
        return None
    middle = float(np.median(past))
    return _band(past, value, least=max(middle, 1.0) ** 0.5)


def of_shares(past: Sequence[tuple[float, float]], part: float, whole: float) -> Band | None:
    """The band of a share in per cent, from (part, whole) of each month; months with too few are left out."""
    rates = [100 * one / all_ for one, all_ in past if all_ >= LEAST_WHOLE]
    if len(rates) < LEAST_MONTHS or whole < LEAST_WHOLE:
        return None
    usual = float(np.median(rates)) / 100
    chance = 100 * (max(usual * (1 - usual), 0.25 / whole) / whole) ** 0.5
    return _band(rates, 100 * part / whole, least=chance)


def _band(past: Sequence[float], value: float, *, least: float) -> Band:
    middle = float(np.median(past))
    deviation = max(MAD_TO_SIGMA * float(np.median(np.abs(np.asarray(past, dtype=float) - middle))), least)
    reach = WIDTH * deviation
    return Band(middle, middle - reach, middle + reach, (value - middle) / deviation)


def parts_of_count(
    past: Mapping[str, Sequence[float]], now: Mapping[str, float]
) -> list[tuple[str, float, float, float]]:
    """Each part with its value, its mean before, and its change; the changes add up to that of the whole.

    Means, since medians of parts do not add up to the median of the whole.
    """
    rows = []
    for key in {*past, *now}:
        before = past.get(key, ())
        mean = float(np.mean(before)) if len(before) else 0.0
        rows.append((key, now.get(key, 0.0), mean, now.get(key, 0.0) - mean))
    return sorted(rows, key=lambda row: (-abs(row[3]), row[0]))


def parts_of_share(
    past: Mapping[str, tuple[float, float]], now: Mapping[str, tuple[float, float]]
) -> list[tuple[str, float, float, float]]:
    """Each part's share, its share before, and how many points of the whole's change are its doing.

    The whole's change is the sum over parts of (part − usual rate × whole) ÷ all: exact, whatever the parts' sizes.
    """
    before_part, before_whole = (sum(one[side] for one in past.values()) for side in (0, 1))
    whole = sum(one[1] for one in now.values())
    if not before_whole or not whole:
        return []
    usual = before_part / before_whole
    rows = []
    for key, (part, own) in now.items():
        was = past.get(key, (0.0, 0.0))
        rate = 100 * was[0] / was[1] if was[1] else 100 * usual
        rows.append((key, 100 * part / own if own else 0.0, rate, 100 * (part - usual * own) / whole))
    return sorted(rows, key=lambda row: (-abs(row[3]), row[0]))
