"""Ridge regression of several targets on sparse rows.

Up to `EXACT_MOST` messages the dual system is solved outright, and what each message would have been given had it
not been learned from (leave one out) comes with it, for nothing. Beyond, conjugate gradients on the same system.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from tongban.desks.hotline.sorting.features import Rows
from tongban.desks.hotline.sorting.reading import Reals

EXACT_MOST = 2_000
PENALTY = 0.2
ROUNDS = 40
CLOSE_ENOUGH = 1e-3

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
    matrix = _matrix(rows, width)
    if len(rows) <= EXACT_MOST:
        products = (matrix @ matrix.T).toarray().astype(np.float64) + rows.dense @ rows.dense.T
        inverse = np.linalg.inv(products + np.diag(penalty / trust))
        dual = inverse @ targets
        left_out = targets - dual / np.diag(inverse)[:, None]
    else:
        dual, left_out = _by_gradients(matrix, rows.dense, targets, penalty / trust), None
    return Fitted(_turned(matrix, rows.dense, dual), left_out)


def scores(rows: Rows, weights: Weights) -> Reals:
    """What the weights give each message: one row a message, one column a target."""
    width = len(weights) - rows.dense.shape[1]
    found: Reals = (_matrix(rows, width) @ weights[:width] + rows.dense @ weights[width:]).astype(np.float64)
    return found


def _matrix(rows: Rows, width: int) -> sparse.csr_array:
    return sparse.csr_array((rows.values, rows.columns, rows.starts), shape=(len(rows), width))


def _turned(matrix: sparse.csr_array, dense: npt.NDArray[np.float32], dual: Reals) -> Weights:
    """The rows transposed times one number a message and target."""
    single = dual.astype(np.float32)
    return np.concatenate([matrix.T @ single, dense.T @ single])


def _by_gradients(
    matrix: sparse.csr_array, dense: npt.NDArray[np.float32], targets: Reals, ridge: Reals
) -> Reals:
    """Conjugate gradients, every target side by side."""
    width = matrix.shape[1]
    dual = np.zeros_like(targets)
    rest = targets.copy()
    step, size = rest.copy(), (rest**2).sum(axis=0)
    enough = size * CLOSE_ENOUGH**2
    for _round in range(ROUNDS):
        weights = _turned(matrix, dense, step)
        moved = matrix @ weights[:width] + dense @ weights[width:] + ridge[:, None] * step
        length = size / np.maximum((step * moved).sum(axis=0), 1e-12)
        dual += length * step
        rest -= length * moved
        fresh = (rest**2).sum(axis=0)
        if (fresh <= enough).all():
            break
        step = rest + fresh / np.maximum(size, 1e-12) * step
        size = fresh
    return dual
