"""Whether the forecast is worth anything: from every past month, with what was known then, against what came. Pure."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tongban.oversight.insight.foresight.contracts import BackTest, Rate
from tongban.oversight.insight.foresight.expecting import YEAR, Counts, ahead, rise_from

K = 10
LEAST_YEAR = 10
"""Topics with fewer in the year before an origin are left out: of these nothing can be said."""
LEAST_ORIGINS, LEAST_RISEN = 6, 20
DRAWS = 2_000
NOTHING = (0.0, 0.0, 0.0)


def eligible(counts: Counts) -> npt.NDArray[np.bool_]:
    """Topics that had enough in the last year to say something of."""
    return np.asarray(counts[-YEAR:].sum(axis=0) >= LEAST_YEAR)


def back_test(counts: Counts, categories: npt.NDArray[np.int64], first: int, *, k: int = K) -> BackTest:
    """Rolling origin: each month after the first year is foretold from those before it, and compared.

    The hits of chance are those that a blind choice would have on average. Spans come from drawing the months anew
    (bootstrap by month, since topics of one month are not independent); the draws are the same every time.
    """
    rows, risen, topics = [], 0, 0
    for origin in range(YEAR, len(counts)):
        known = eligible(counts[:origin])
        if known.sum() < 2 * k:
            continue
        past, came = counts[:origin, known], counts[origin, known]
        rose = came >= rise_from(past)
        found = ahead(past, _renumbered(categories[known]), first)
        scores = (found.likely, found.naive, found.steady)
        rows.append((*(_hits(score, rose, k) for score in scores), k * float(rose.mean())))
        risen, topics = risen + int(rose.sum()), topics + int(known.sum())
    table = np.array(rows, dtype=float).reshape(-1, 4)
    picked = k * len(table)
    stronger = 1 if table[:, 1].sum() >= table[:, 2].sum() else 2
    ahead_of, above = (_span(table[:, 0] - table[:, side], k) for side in (stronger, 3))
    model, naive, steady, blind = (Rate(float(table[:, side].sum()), picked) for side in range(4))
    return BackTest(
        origins=len(table), topics=round(topics / len(table)) if len(table) else 0, risen=risen, k=k, model=model, naive=naive,
        steady=steady, chance=blind, ahead=ahead_of, above_chance=above, verdict=_verdict(len(table), risen, ahead_of),
    )  # fmt: skip


def _renumbered(categories: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.unique(categories, return_inverse=True)[1].astype(np.int64)


def _hits(score: Counts, rose: npt.NDArray[np.bool_], k: int) -> float:
    """Of the first `k` those that rose; where several stand level at the last place, their mean."""
    border = np.sort(score)[::-1][k - 1]
    sure, level = score > border, score == border
    return float(rose[sure].sum() + (k - sure.sum()) * rose[level].mean())


def _span(differences: Counts, k: int) -> tuple[float, float, float]:
    if not len(differences):
        return NOTHING
    chance = np.random.default_rng(7)
    drawn = chance.choice(differences, size=(DRAWS, len(differences))).mean(axis=1) / k
    low, high = np.quantile(drawn, [0.05, 0.95])
    return float(low), float(differences.mean() / k), float(high)


def _verdict(origins: int, risen: int, ahead_of: tuple[float, float, float]) -> str:
    if origins < LEAST_ORIGINS or risen < LEAST_RISEN:
        return "too_little"
    if ahead_of[0] > 0:
        return "better"
    return "worse" if ahead_of[2] < 0 else "no_better"
