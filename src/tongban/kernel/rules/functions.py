"""The operators of plain JSONLogic that need nothing but the values of their arguments."""

from __future__ import annotations

import logging
import math
import operator as op
from collections.abc import Callable
from typing import Any

from tongban.kernel.rules import operators
from tongban.kernel.rules.coercion import (
    NAN,
    is_nan,
    is_number,
    loose_equal,
    ordered,
    pair,
    parse_number,
    strict_equal,
    to_number,
    to_text,
    truthy,
)

log = logging.getLogger(__name__)
_ABSENT = object()


def tolerant(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give null where `function` has no answer."""

    def call(*values: Any) -> Any:
        try:
            return function(*values)
        except (ValueError, TypeError, KeyError, ArithmeticError):
            return None

    return call


def _compare(compare: Callable[[Any, Any], bool], *, chained: bool) -> Callable[..., bool]:
    def run(left: Any = NAN, middle: Any = NAN, right: Any = _ABSENT, *_more: Any) -> bool:
        if not ordered(compare, left, middle):
            return False
        return True if right is _ABSENT or not chained else ordered(compare, middle, right)

    return run


def _arithmetic(compute: Callable[[Any, Any], Any], left: Any, right: Any) -> Any:
    first, second = pair(left, right)
    try:
        return compute(first, second)
    except ArithmeticError:  # also decimal.InvalidOperation
        return NAN


def _add(*values: Any) -> Any:
    total: Any = 0
    for value in values:
        total = _arithmetic(op.add, total, parse_number(value))
    return total


def _multiply(*values: Any) -> Any:
    if len(values) == 1:
        return values[0]  # as the reference implementation: one factor is not converted
    product: Any = 1
    for value in values:
        product = _arithmetic(op.mul, product, parse_number(value))
    return product if values else None


def _subtract(left: Any = NAN, right: Any = _ABSENT, *_more: Any) -> Any:
    if right is _ABSENT:
        return _arithmetic(op.sub, 0, to_number(left))
    return _arithmetic(op.sub, to_number(left), to_number(right))


def _divide(left: Any = NAN, right: Any = NAN, *_more: Any) -> Any:
    first, second = pair(to_number(left), to_number(right))
    if isinstance(first, int) and isinstance(second, int) and second and first % second == 0:
        return first // second
    return _arithmetic(op.truediv, first, second)


def _modulo(left: Any = NAN, right: Any = NAN, *_more: Any) -> Any:
    first, second = pair(to_number(left), to_number(right))
    if not second:
        return NAN
    if isinstance(first, int) and isinstance(second, int):
        return int(math.copysign(1, first)) * (abs(first) % abs(second))
    return _arithmetic(
        math.fmod if isinstance(first, float) or isinstance(second, float) else op.mod, first, second
    )


def _extreme(choose: Callable[[list[Any]], Any]) -> Callable[..., Any]:
    def run(*values: Any) -> Any:
        numbers = [to_number(value) for value in values]
        return NAN if not numbers or any(is_nan(number) for number in numbers) else choose(numbers)

    return run


def _in(needle: Any = None, hay: Any = None, *_more: Any) -> bool:
    if isinstance(hay, str):
        return to_text(needle) in hay
    if isinstance(hay, list | tuple):
        return any(strict_equal(needle, item) for item in hay)
    return False


def _concatenate(*values: Any) -> str:
    return "".join("" if value is None else to_text(value) for value in values)


def _substring(source: Any = "", start: Any = 0, length: Any = None, *_more: Any) -> str:
    text = to_text(source)
    begin = _whole(start)
    rest = text[max(len(text) + begin, 0) :] if begin < 0 else text[begin:]
    if length is None:
        return rest
    size = _whole(length)
    return rest[: max(len(rest) + size, 0)] if size < 0 else rest[:size]


def _whole(value: Any) -> int:
    number = to_number(value)
    return int(number) if is_number(number) and math.isfinite(number) else 0


def _merge(*values: Any) -> list[Any]:
    merged: list[Any] = []
    for value in values:
        if isinstance(value, list | tuple):
            merged.extend(value)
        else:
            merged.append(value)
    return merged


def _log(value: Any = None, *_more: Any) -> Any:
    # The value may be personal: only that the operator was met is written down.
    log.debug("log operator met a value of type %s", type(value).__name__)
    return value


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "==": lambda left=None, right=None, *_: loose_equal(left, right),
    "!=": lambda left=None, right=None, *_: not loose_equal(left, right),
    "===": lambda left=None, right=None, *_: strict_equal(left, right),
    "!==": lambda left=None, right=None, *_: not strict_equal(left, right),
    "<": _compare(op.lt, chained=True),
    "<=": _compare(op.le, chained=True),
    ">": _compare(op.gt, chained=False),
    ">=": _compare(op.ge, chained=False),
    "!": lambda value=None, *_: not truthy(value),
    "!!": lambda value=None, *_: truthy(value),
    "+": _add,
    "-": _subtract,
    "*": _multiply,
    "/": _divide,
    "%": _modulo,
    "min": _extreme(min),
    "max": _extreme(max),
    "in": _in,
    "cat": _concatenate,
    "substr": _substring,
    "merge": _merge,
    "log": _log,
    "date": tolerant(operators.as_date),
    "divide": tolerant(operators.divide),
    "yuan": tolerant(operators.yuan),
    "decimal": tolerant(operators.exact),
}
