"""What to expect of each topic next month, and whether it rises. Pure.

A rate for each topic: its recent level, the season of its category, and a trend that fades.

- The **season** of a month is how much of its category came in that month of the year against an ordinary one, drawn
  towards none where little is known (`KAPPA` counts of an ordinary month).
- The **level** weighs the last months, the newest most (`FADING`), with their seasons taken out.
- The **trend** is that of the category over the last six months against the six before, halved and halved again.
- The **span** around the rate is a negative binomial one: its variance is as many times the Poisson one as one-month-ahead
  expectations of the past year were wrong by (never less than once).

Against it stand **seasonal naive** (what came in the same month a year ago comes again; with less than a year, what came
last month) and **steady** (the mean of the last year comes again).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import stats

Counts = npt.NDArray[np.float64]
YEAR = 12
KAPPA = 30.0
FADING = 0.75
DAMPED = 0.25
RECENT = 3
RISE_SHARE, RISE_COUNT = 1.25, 3
DISPERSION_MONTHS = 12


@dataclass(frozen=True)
class Ahead:
    """Rates of the month to come, how much wider than Poisson they scatter, and how likely each topic rises."""

    rates: Counts
    wider: float
    likely: Counts
    naive: Counts
    """Rank by seasonal naive: expected count less what would be a rise."""
    steady: Counts
    """The same with the mean of the last year expected."""

    def span(self, place: int) -> tuple[int, int]:
        """80 % of what may come of one topic."""
        low, high = _spread(self.rates[place : place + 1], self.wider).ppf([0.1, 0.9])
        return int(low), int(high)


def rise_from(counts: Counts) -> Counts:
    """From how many on a topic has risen: a quarter more than the mean of the last three months, and three more."""
    recent = counts[-RECENT:].mean(axis=0)
    risen: Counts = np.ceil(np.maximum(RISE_SHARE * recent, recent + RISE_COUNT) - 1e-9)
    return risen


def ahead(counts: Counts, categories: npt.NDArray[np.int64], first: int) -> Ahead:
    """What the months so far say of the next one.

    :param counts: months × topics, oldest first
    :param categories: of each topic the number of its category, from 0 on
    :param first: month of the year (0–11) of the first row
    """
    rates = _rates(counts, categories, first)
    wider = _wider(counts, categories, first)
    threshold = rise_from(counts)
    likely = _spread(rates, wider).sf(threshold - 1)
    before = counts[-YEAR] if len(counts) >= YEAR else counts[-1]
    usual = counts[-YEAR:].mean(axis=0)
    return Ahead(rates, wider, np.asarray(likely, dtype=np.float64), before - threshold, usual - threshold)


def _rates(counts: Counts, categories: npt.NDArray[np.int64], first: int) -> Counts:
    months = np.arange(len(counts)) + first
    whole = _by_category(counts, categories)
    season = _season(whole, months)[:, categories]  # twelve × topics
    weights = FADING ** np.arange(len(counts))[::-1]
    plain = (weights[:, None] * counts).sum(axis=0)
    seen = (weights[:, None] * season[months % YEAR]).sum(axis=0)
    rates: Counts = (
        plain / np.maximum(seen, 1e-9) * season[(months[-1] + 1) % YEAR] * _trend(whole)[categories]
    )
    return np.maximum(rates, 0.05)


def _by_category(counts: Counts, categories: npt.NDArray[np.int64]) -> Counts:
    whole = np.zeros((len(counts), int(categories.max()) + 1 if len(categories) else 0))
    np.add.at(whole.T, categories, counts.T)
    return whole


def _season(whole: Counts, months: npt.NDArray[Any]) -> Counts:
    """Twelve × categories: each month of the year against an ordinary one; ones where there is less than a year."""
    found = np.ones((YEAR, whole.shape[1]))
    if len(whole) <= YEAR:
        return found
    usual = np.array([whole[max(0, one - 6) : one + 7].mean(axis=0) for one in range(len(whole))])
    for month in range(YEAR):
        own = months % YEAR == month
        found[month] = (whole[own].sum(axis=0) + KAPPA) / (usual[own].sum(axis=0) + KAPPA)
    return found


def _trend(whole: Counts) -> Counts:
    if len(whole) < YEAR:
        return np.ones(whole.shape[1])
    now, before = whole[-6:].sum(axis=0) + KAPPA, whole[-12:-6].sum(axis=0) + KAPPA
    grown: Counts = (now / before) ** DAMPED
    return grown


def _wider(counts: Counts, categories: npt.NDArray[np.int64], first: int) -> float:
    """How many times the Poisson variance the last year's one-month-ahead expectations were wrong by."""
    wrong, most = [], len(counts)
    for origin in range(max(RECENT, most - DISPERSION_MONTHS), most):
        rates = _rates(counts[:origin], categories, first)
        known = rates >= 1
        if known.any():
            wrong.append(float(np.mean((counts[origin][known] - rates[known]) ** 2 / rates[known])))
    return max(float(np.median(wrong)), 1.0) if wrong else 1.0


def _spread(rates: Counts, wider: float) -> Any:
    if wider <= 1 + 1e-6:
        return stats.poisson(rates)
    return stats.nbinom(rates / (wider - 1), 1 / wider)
