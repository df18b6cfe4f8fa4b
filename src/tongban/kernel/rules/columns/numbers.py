"""Exact arithmetic on whole columns of numbers.

A number with decimals is a whole number and a scale (1.25 is 125 of scale 2). Sums bring their terms to one scale,
products add scales, a division rounds once, as written in the rule: all in 64-bit whole numbers, nothing in binary
fractions. Before each step the least and the greatest value of the columns say whether the result can fit 64 bits; if
it might not, the function gives None and the caller computes row by row with Python's unbounded numbers instead. So a
sum of money is either exact or, where the row evaluator has no answer, unknown: never wrapped round.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from tongban.kernel.rules.columns.bits import Flags
from tongban.kernel.rules.columns.vectors import LIMIT, Vector, as_common, both
from tongban.kernel.rules.elements import Type

Wide: TypeAlias = NDArray[np.int64]


def fold(operator: str, vectors: Sequence[Vector], kind: Type) -> Vector | None:
    """``+``, ``-``, ``*``, ``%``, ``min`` or ``max``; None if it does not fit 64 bits."""
    if operator == "-" and len(vectors) == 1:
        return _negative(vectors[0], kind)
    total: Vector | None = vectors[0]
    step = {"+": _sum, "-": _difference, "*": _product, "%": _remainder, "min": _least, "max": _greatest}[
        operator
    ]
    for vector in vectors[1:]:
        if total is None:
            return None
        total = step(total, vector)
    if total is None or total.boxed_already:
        return None
    return Vector(kind, total.data, total.known, total.scale)


def _negative(one: Vector, kind: Type) -> Vector | None:
    if one.boxed_already or one.farthest >= LIMIT:
        return None
    return Vector(kind, np.negative(one.data.astype(np.int64)), one.known, one.scale)


def _sum(left: Vector, right: Vector) -> Vector | None:
    sides = as_common((left, right))
    return None if sides is None else _made(np.add(*sides), left, right)


def _difference(left: Vector, right: Vector) -> Vector | None:
    sides = as_common((left, right))
    return None if sides is None else _made(np.subtract(*sides), left, right)


def _least(left: Vector, right: Vector) -> Vector | None:
    sides = as_common((left, right))
    return None if sides is None else _made(np.minimum(*sides), left, right)


def _greatest(left: Vector, right: Vector) -> Vector | None:
    sides = as_common((left, right))
    return None if sides is None else _made(np.maximum(*sides), left, right)


def _product(left: Vector, right: Vector) -> Vector | None:
    if left.boxed_already or right.boxed_already or left.farthest * right.farthest >= LIMIT:
        return None
    product = left.data.astype(np.int64) * right.data.astype(np.int64)
    return Vector(left.kind, product, both(left.known, right.known), left.scale + right.scale)


def _remainder(left: Vector, right: Vector) -> Vector | None:
    """With the sign of the dividend; unknown where the divisor is zero."""
    sides = as_common((left, right))
    if sides is None:
        return None
    dividend, divisor = sides
    known = both(left.known, right.known, _nonzero(divisor))
    rest = np.fmod(dividend, np.where(divisor == 0, 1, divisor))
    return Vector(left.kind, rest, known, max(left.scale, right.scale))


def divide(left: Vector, right: Vector, *, rounding: str, places: int, kind: Type) -> Vector | None:
    """The quotient with `places` decimals, rounded once; unknown where the divisor is zero."""
    if left.boxed_already or right.boxed_already:
        return None
    shift = places + right.scale - left.scale
    up, down = 10 ** max(shift, 0), 10 ** max(-shift, 0)
    if left.farthest * up >= LIMIT or right.farthest * down >= LIMIT:
        return None
    known = both(left.known, right.known, _nonzero(right.data))
    if right.single and abs(int(right.data)) * down == 1 and int(right.data) == 1:
        return Vector(kind, left.data.astype(np.int64) * up, known, places)
    dividend, divisor = left.data.astype(np.int64) * up, right.data.astype(np.int64) * down
    divisor = np.where(divisor == 0, 1, divisor)
    sign = np.sign(dividend) * np.sign(divisor)
    whole, rest = np.divmod(np.abs(dividend), np.abs(divisor))
    return Vector(kind, sign * (whole + _away(rounding, whole, rest, np.abs(divisor), sign)), known, places)


def _away(rounding: str, whole: Wide, rest: Wide, divisor: Wide, sign: Wide) -> Flags:
    """Where rounding goes away from zero."""
    match rounding:
        case "half_up":
            flags = 2 * rest >= divisor
        case "half_even":
            flags = (2 * rest > divisor) | ((2 * rest == divisor) & (whole % 2 == 1))
        case "up":
            flags = rest > 0
        case "ceiling":
            flags = (rest > 0) & (sign > 0)
        case "floor":
            flags = (rest > 0) & (sign < 0)
        case _:
            flags = np.zeros(np.shape(rest), dtype=np.bool_)
    return np.asarray(flags)


def compared(operator: str, vector: Vector, value: int | Decimal) -> Flags | None:
    """Each row's number held against one number; None if the vector holds objects.

    The number is brought to the column's scale. Where it falls between two whole numbers, or beyond all of them, the
    answer needs no rounding either: x < 2.5 is x <= 2, and no x is 2.5.
    """
    if vector.boxed_already:
        return None
    exact = Decimal(value) if not isinstance(value, Decimal) else value
    digits = exact.adjusted() + vector.scale if exact else 0
    if digits > 30:
        return _beyond(operator, vector, above=exact > 0)
    numerator, denominator = exact.as_integer_ratio()
    floor, rest = divmod(numerator * 10**vector.scale, denominator)
    low, high = vector.bounds
    if not low - 1 <= floor <= high + 1:
        return _beyond(operator, vector, above=floor > high)
    if rest and operator in {"==", "!="}:
        return np.full(vector.data.shape, operator == "!=")
    if rest:
        operator = {"<": "<=", ">=": ">"}.get(operator, operator)
    flags = _COMPARE[operator](vector.data, floor)
    return np.asarray(flags)


def compare(operator: str, left: Vector, right: Vector) -> Vector | None:
    """Two vectors of one type that has an order, or of yes and no; None if there is no fast way."""
    known = both(left.known, right.known)
    if left.kind is Type.BOOLEAN:
        return Vector(Type.BOOLEAN, np.asarray(_COMPARE[operator](left.data, right.data)), known)
    sides = as_common((left, right))
    return None if sides is None else Vector(Type.BOOLEAN, np.asarray(_COMPARE[operator](*sides)), known)


_COMPARE: dict[str, Any] = {
    "==": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal,
}  # fmt: skip


def _beyond(operator: str, vector: Vector, *, above: bool) -> Flags:
    """The answer where the number is greater (or less) than every value."""
    return np.full(vector.data.shape, operator in ({"<", "<=", "!="} if above else {">", ">=", "!="}))


def _made(data: Wide, left: Vector, right: Vector) -> Vector:
    return Vector(left.kind, data, both(left.known, right.known), max(left.scale, right.scale))


def _nonzero(divisor: NDArray[Any]) -> Flags | None:
    flags = np.atleast_1d(divisor != 0)
    return None if flags.all() else flags
