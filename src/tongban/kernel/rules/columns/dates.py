"""Years and days between two columns of dates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongban.kernel.rules import operators
from tongban.kernel.rules.columns.vectors import Vector, both
from tongban.kernel.rules.elements import Type


def days_between(start: Vector, end: Vector) -> Vector:
    """As :func:`tongban.kernel.rules.operators.days_between`."""
    between = end.data.astype(np.int64) - start.data.astype(np.int64)
    return Vector(Type.NUMBER, np.asarray(between), both(start.known, end.known))


def years_between(start: Vector, end: Vector) -> Vector:
    """As :func:`tongban.kernel.rules.operators.years_between`."""
    first, last = start.data.astype(np.int64), end.data.astype(np.int64)
    years, within = _parts(np.minimum(first, last))
    later_years, later_within = _parts(np.maximum(first, last))
    full = later_years - years - (later_within < within)
    return Vector(Type.NUMBER, np.where(last < first, -full, full), both(start.known, end.known))


def _parts(days: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    """Year of each day since 1970, and a number that grows with month and day of the month."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    number = months.astype(np.int64)
    day = (dates - months.astype("datetime64[D]")).astype(np.int64)
    return number // 12, number % 12 * 31 + day


FAST: dict[Callable[..., Any], Callable[[Vector, Vector], Vector]] = {
    operators.days_between: days_between,
    operators.years_between: years_between,
}
