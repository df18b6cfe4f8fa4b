"""Ridge regression of several targets on sparse rows, in numpy alone.

Up to `EXACT_MOST` messages the dual system is solved outright, and what each message would have been given had it
not been learned from (leave one out) comes with it, for nothing. Beyond, conjugate gradients on the same system.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tongban.desks.hotline.sorting.features import Rows
from tongban.desks.hotline.sorting.reading import Numbers, Reals

EXACT_MOST = 3_000
PENALTY = 0.2
ROUNDS = 40
CLOSE_ENOUGH = 1e-3
_RARE = 24
_TOGETHER = 2_048
_CHUNK = 2_000_000

Weights = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Fitted:
    """Weights per column and target (sparse columns first, then dense); `left_out` only from the exact solution."""

    weights: Weights
    left_out: Reals | None


def fit(rows: Rows, targets: Reals, *, width: int, trust: Reals, penalty: float = PENALTY) -> Fitted:
    """Weights that give targets back.

    :param targets: one row a message, centred
    :param width: number of sparse columns
    :param trust: of each message, 1 is full: how much it counts
    """
    by_column = _Turned(rows, width)
    if len(rows) <= EXACT_MOST:
        system = _products(rows, by_column) + np.diag(penalty / trust)
        inverse = np.linalg.inv(system)
        dual = inverse @ targets
        left_out = targets - dual / np.diag(inverse)[:, None]
    else:
        dual, left_out = _by_gradients(rows, by_column, targets, penalty / trust), None
    return Fitted(by_column.times(dual), left_out)


def scores(rows: Rows, weights: Weights) -> Reals:
    """What the weights give each message: one row a message, one column a target."""
    targets = weights.shape[1]
    found = np.zeros((len(rows), targets))
    dense_from = len(weights) - rows.dense.shape[1]
    step = max(1, _CHUNK // max(targets, 1))
    ends = rows.starts
    first = 0
    while first < len(rows):
        last = int(np.searchsorted(ends, ends[first] + step, side="right")) - 1
        last = min(max(last, first + 1), len(rows))
        part = slice(int(ends[first]), int(ends[last]))
        products = weights[rows.columns[part]] * rows.values[part, None]
        found[first:last] = _sums(products, ends[first : last + 1] - ends[first])
        first = last
    return found + rows.dense @ weights[dense_from:]


def _sums(products: npt.NDArray[np.float32], starts: Numbers) -> npt.NDArray[np.float32]:
    """Sums of consecutive stretches; a stretch without entries is zero."""
    found = np.zeros((len(starts) - 1, products.shape[1]), dtype=np.float32)
    filled = np.diff(starts) > 0
    if filled.any():
        found[filled] = np.add.reduceat(products, starts[:-1][filled], axis=0)
    return found


class _Turned:
    """Rows ordered by column."""

    def __init__(self, rows: Rows, width: int) -> None:
        order = np.argsort(rows.columns, kind="stable")
        owner = np.repeat(np.arange(len(rows)), np.diff(rows.starts))
        self.messages, self.values = owner[order], rows.values[order]
        self.starts = np.concatenate([[0], np.cumsum(np.bincount(rows.columns, minlength=width))])
        self.dense = rows.dense

    def times(self, dual: Reals) -> Weights:
        """The transposed rows times one number a message and target."""
        single = dual.astype(np.float32)
        width = len(self.starts) - 1
        found = np.zeros((width, dual.shape[1]), dtype=np.float32)
        step = max(1, _CHUNK // max(dual.shape[1], 1))
        first = 0
        while first < width:
            last = int(np.searchsorted(self.starts, self.starts[first] + step, side="right")) - 1
            last = min(max(last, first + 1), width)
            part = slice(int(self.starts[first]), int(self.starts[last]))
            products = single[self.messages[part]] * self.values[part, None]
            found[first:last] = _sums(products, self.starts[first : last + 1] - self.starts[first])
            first = last
        return np.concatenate([found, self.dense.T @ single])


def _products(rows: Rows, turned: _Turned) -> Reals:
    """Every message's product with every other's: frequent columns as dense strips, rare ones pair by pair."""
    count = len(rows)
    found = (rows.dense @ rows.dense.T).astype(np.float64)
    many = np.diff(turned.starts)
    frequent = np.flatnonzero(many > _RARE)
    for start in range(0, len(frequent), _TOGETHER):
        strip = np.zeros((count, _TOGETHER), dtype=np.float32)
        for place, column in enumerate(frequent[start : start + _TOGETHER]):
            part = slice(turned.starts[column], turned.starts[column + 1])
            strip[turned.messages[part], place] = turned.values[part]
        found += strip @ strip.T
    flat = found.ravel()
    for size in range(1, _RARE + 1):
        columns = np.flatnonzero(many == size)
        at = turned.starts[columns][:, None] + np.arange(size)
        messages, values = turned.messages[at], turned.values[at].astype(np.float64)
        pairs = (messages[:, :, None] * count + messages[:, None, :]).ravel()
        products = (values[:, :, None] * values[:, None, :]).ravel()
        flat += np.bincount(pairs, products, minlength=count * count)
    return found


def _by_gradients(rows: Rows, turned: _Turned, targets: Reals, ridge: Reals) -> Reals:
    """Conjugate gradients, every target side by side."""
    dual = np.zeros_like(targets)
    rest = targets.copy()
    step, size = rest.copy(), (rest**2).sum(axis=0)
    enough = size * CLOSE_ENOUGH**2
    for _round in range(ROUNDS):
        moved = scores(rows, turned.times(step)) + ridge[:, None] * step
        length = size / np.maximum((step * moved).sum(axis=0), 1e-12)
        dual += length * step
        rest -= length * moved
        fresh = (rest**2).sum(axis=0)
        if (fresh <= enough).all():
            break
        step = rest + fresh / np.maximum(size, 1e-12) * step
        size = fresh
    return dual
