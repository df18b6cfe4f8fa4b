"""From scores to confidences that mean what they say: 0.9 is right nine times in ten."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tongban.desks.hotline.sorting.reading import Numbers, Reals

ROUNDS = 250
USUAL_SLOPE = 4.0
SLOPE_COSTS = 0.003
"""A few messages that are all told apart must not make it certain of everything."""
STEP = 0.05
BIAS_COSTS = 0.02
"""A category's own shift costs this times its square: few messages of a category must not move it far."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Confidence = softmax(scores × slope + shift)."""

    slope: float
    shift: Reals

    def confidences(self, scores: Reals) -> Reals:
        """One row a message, each summing to one."""
        logits = scores * self.slope + self.shift
        logits -= logits.max(axis=1, keepdims=True)
        raised = np.exp(logits)
        found: Reals = raised / raised.sum(axis=1, keepdims=True)
        return found


def calibrate(scores: Reals, truth: Numbers, *, trust: Reals) -> Calibration:
    """The slope and shifts under which messages not learned from are least surprising (Adam on the log loss).

    :param scores: of messages that were left out while learning
    """
    targets = scores.shape[1]
    point = np.concatenate([[np.log(USUAL_SLOPE)], np.zeros(targets)])
    mean, square = np.zeros_like(point), np.zeros_like(point)
    wanted = np.eye(targets)[truth]
    weight = (trust / trust.sum())[:, None]
    for turn in range(1, ROUNDS + 1):
        now = Calibration(float(np.exp(point[0])), point[1:])
        off = (now.confidences(scores) - wanted) * weight
        slope = (off * scores).sum() * now.slope + 2 * SLOPE_COSTS * (point[0] - np.log(USUAL_SLOPE))
        gradient = np.concatenate([[slope], off.sum(axis=0) + 2 * BIAS_COSTS * point[1:]])
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.99 * square + 0.01 * gradient**2
        point -= STEP * (mean / (1 - 0.9**turn)) / (np.sqrt(square / (1 - 0.99**turn)) + 1e-8)
    return Calibration(float(np.exp(point[0])), point[1:])


def expected_error(confidence: Reals, right: Reals, *, bins: int = 10) -> float:
    """Expected calibration error: how far confidence and share of right answers lie apart, over equal bins."""
    place = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    many = np.bincount(place, minlength=bins)
    sure = np.bincount(place, confidence, minlength=bins)
    hits = np.bincount(place, right, minlength=bins)
    return float(np.abs(sure - hits).sum() / max(many.sum(), 1))


def macro_f1(truth: Numbers, said: Numbers) -> float:
    """The mean over categories of the harmonic mean of precision and recall."""
    found = []
    for one in np.unique(truth):
        hit = int(((truth == one) & (said == one)).sum())
        found.append(2 * hit / max(int((truth == one).sum() + (said == one).sum()), 1))
    return float(np.mean(found)) if found else 0.0
