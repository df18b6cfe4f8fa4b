"""Operators of the field, beside those of JSONLogic: dates, and what a desk registers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Context,
    Decimal,
)
from typing import Any

from tongban.kernel.rules.elements import Type

ROUNDINGS = {
    "half_up": ROUND_HALF_UP,
    "half_even": ROUND_HALF_EVEN,
    "up": ROUND_UP,
    "down": ROUND_DOWN,
    "ceiling": ROUND_CEILING,
    "floor": ROUND_FLOOR,
}
_EXACT = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Operator:
    """A named function that rules may call with values of fixed types.

    :param function: pure; a ValueError it raises means "no answer" (unknown in a decision, null in plain mode)
    :param takes: types of its arguments, in order
    :param gives: type of its result
    :param zh: how to say it, with ``{0}``, ``{1}`` for its arguments; `en` likewise
    """

    name: str
    function: Callable[..., Any]
    takes: tuple[Type, ...]
    gives: Type
    zh: str
    en: str


_registered: dict[str, Operator] = {}


def register_operator(operator: Operator) -> None:
    """Make `operator` known to both modes. Registering another one of the same name is an error."""
    known = _registered.get(operator.name)
    if known is not None and known != operator:
        raise ValueError(f"operator {operator.name!r} is registered already")
    _registered[operator.name] = operator


def find_operator(name: str) -> Operator | None:
    return _registered.get(name)


def as_date(value: Any) -> date:
    """A date from a date or from its ISO text (YYYY-MM-DD).

    :raises ValueError: anything else, an instant included: which day it is depends on the place
    """
    if type(value) is date:
        return value
    if isinstance(value, str) and len(value) == len("2026-01-01"):
        return date.fromisoformat(value)
    raise ValueError(f"not a date: {value!r}")


def years_between(start: Any, end: Any) -> int:
    """Completed years from `start` to `end` (周岁 when `start` is a birthday); negative before `start`.

    Born on 29 February, a year is completed on 1 March of a common year.
    """
    first, last = as_date(start), as_date(end)
    if last < first:
        return -years_between(last, first)
    return last.year - first.year - ((last.month, last.day) < (first.month, first.day))


def days_between(start: Any, end: Any) -> int:
    """Natural days from `start` to `end`; negative when `end` is the earlier."""
    return (as_date(end) - as_date(start)).days


def exact(value: Any) -> Decimal:
    """A decimal number from its text, for literals that JSON could only write as a float.

    :raises ValueError: not a finite number
    """
    try:
        number = Decimal(value)
    except (ArithmeticError, TypeError) as error:
        raise ValueError(f"not a number: {value!r}") from error
    if not number.is_finite() or isinstance(value, bool | float):
        raise ValueError(f"not a number: {value!r}")
    return number


def yuan(value: Any) -> int:
    """Fen from a text in yuan: "12.50" is 1250.

    :raises ValueError: not an amount, or finer than a fen
    """
    fen = exact(value) * 100
    if fen != fen.to_integral_value():
        raise ValueError(f"finer than a fen: {value!r}")
    return int(fen)


def divide(dividend: int | Decimal, divisor: int | Decimal, rounding: str, places: int = 0) -> int | Decimal:
    """Divide exactly and round once.

    :param rounding: a key of :data:`ROUNDINGS`
    :param places: decimals kept; 0 gives an integer
    :raises ZeroDivisionError: the divisor is zero
    """
    if not divisor:
        raise ZeroDivisionError
    quotient = _EXACT.divide(Decimal(dividend), Decimal(divisor))
    rounded = quotient.quantize(Decimal(1).scaleb(-places), rounding=ROUNDINGS[rounding], context=_EXACT)
    return int(rounded) if places == 0 else rounded


register_operator(
    Operator(
        "years_between",
        years_between,
        (Type.DATE, Type.DATE),
        Type.NUMBER,
        zh="{0} 至 {1} 的周年数",
        en="full years from {0} to {1}",
    )
)
register_operator(
    Operator(
        "days_between",
        days_between,
        (Type.DATE, Type.DATE),
        Type.NUMBER,
        zh="{0} 至 {1} 的天数",
        en="days from {0} to {1}",
    )
)
