"""The loose typing of plain JSONLogic: JavaScript's, which its public suite takes for granted.

Numbers stay exact where they can: integers are not turned into floats, decimals meet floats as decimals.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

Number: TypeAlias = int | float | Decimal

NAN = math.nan
_LEADING_NUMBER = re.compile(r"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)")
_WHOLE_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_SIMPLE = frozenset({str, int, bool})  # the common case first: comparing two of these needs no conversion
_PLAIN_FLOAT_LIMIT = 1e21  # above it JavaScript, too, writes an exponent


def truthy(value: Any) -> bool:
    """JSONLogic truth: as in JavaScript, but an empty array is false. ``"0"`` and ``{}`` are true."""
    if value is True or value is False:
        return value
    if value is None:
        return False
    if isinstance(value, dict):
        return True
    if isinstance(value, float) and math.isnan(value):
        return False
    return bool(value)


def is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _shorten(number: float) -> Number:
    """A float that is a whole number becomes an integer, as JSON knows only one kind of number."""
    return int(number) if number.is_integer() and abs(number) < _PLAIN_FLOAT_LIMIT else number


def to_number(value: Any) -> Number:  # noqa: PLR0911 - one return per JSON type
    """JavaScript's ``Number(value)``; NaN where there is none."""
    if isinstance(value, bool):
        return int(value)
    if is_number(value):
        number: Number = value
        return number
    if value is None:
        return 0
    if isinstance(value, list | tuple):
        return to_number(to_text(value))
    if not isinstance(value, str):
        return NAN
    text = value.strip()
    if not text:
        return 0
    return _parse(text) if _WHOLE_NUMBER.fullmatch(text) else NAN


def parse_number(value: Any) -> Number:
    """JavaScript's ``parseFloat(value)``: the number a text begins with ("12kg" is 12), else NaN."""
    if is_number(value):
        number: Number = value
        return number
    found = _LEADING_NUMBER.match(to_text(value)) if isinstance(value, str | list | tuple) else None
    return _parse(found[1]) if found else NAN


def _parse(text: str) -> Number:
    try:
        return int(text)
    except ValueError:
        return _shorten(float(text))


def to_text(value: Any) -> str:  # noqa: PLR0911 - one return per JSON type
    """JavaScript's ``String(value)``; a date in ISO form."""
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _float_text(value)
    if isinstance(value, list | tuple):
        return ",".join("" if item is None else to_text(item) for item in value)
    if isinstance(value, dict):
        return "[object Object]"
    return value.isoformat() if isinstance(value, date) else str(value)


def _float_text(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return str(_shorten(value))


def pair(left: Number, right: Number) -> tuple[Any, Any]:
    """Make two numbers computable together: Decimal and float meet as Decimal."""
    if isinstance(left, Decimal) and isinstance(right, float):
        return left, Decimal(repr(right))
    if isinstance(left, float) and isinstance(right, Decimal):
        return Decimal(repr(left)), right
    return left, right


def is_nan(value: Any) -> bool:
    return isinstance(value, float | Decimal) and math.isnan(value)


def strict_equal(left: Any, right: Any) -> bool:
    """JavaScript's ``===``, but two numbers, dates or texts of one value are the same."""
    if is_number(left) and is_number(right):
        first, second = pair(left, right)
        return bool(first == second)
    if isinstance(left, list | dict) or isinstance(right, list | dict):
        return left is right
    return type(left) is type(right) and bool(left == right)


def loose_equal(left: Any, right: Any) -> bool:
    """JavaScript's ``==``. A date equals its ISO text."""
    if left is None or right is None:
        return left is None and right is None
    if type(left) is type(right) and type(left) in _SIMPLE:
        return bool(left == right)
    if isinstance(left, list | tuple | dict) and isinstance(right, list | tuple | dict):
        return left is right
    left, right = _primitive(left), _primitive(right)
    if isinstance(left, str) and isinstance(right, str):
        return left == right
    return strict_equal(to_number(left), to_number(right))


def _primitive(value: Any) -> Any:
    return to_text(value) if isinstance(value, list | tuple | dict | date) else value


def ordered(compare: Callable[[Any, Any], bool], left: Any, right: Any) -> bool:
    """JavaScript's ``<`` and its kin: texts by code point, everything else as numbers, NaN never.

    :param compare: one of ``operator.lt``, ``le``, ``gt``, ``ge``
    """
    if type(left) is int and type(right) is int:
        return compare(left, right)
    left, right = _primitive(left), _primitive(right)
    if isinstance(left, str) and isinstance(right, str):
        return compare(left, right)
    first, second = pair(to_number(left), to_number(right))
    if is_nan(first) or is_nan(second):
        return False
    return compare(first, second)
