"""Pure decisions about facts: what a value may be, which of two facts holds, and how facts lie in a row.

A fact lies in a row as ``[value, day, source, via]``, plain JSON: money and whole numbers as numbers, decimals as their
text, days as ISO text, lists of texts as lists; None where the source no longer knows a value.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from tongban.kernel.rules.elements import Type, WrongTypeError, read
from tongban.registers.portraits.contracts import ElementInfo, Via

LONGEST, MOST_TEXTS = 500, 200
MOST_FEN, MOST_NUMBER, MOST_PLACES = 10**15, 10**12, 6
"""No amount or number of a portrait is larger or finer: columns of them always fit 64 bits."""
Plain = list[Any]


class ValueRefusedError(ValueError):
    """A value that an element cannot have; the words say what it may be."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact as it lies in a row, opened."""

    value: Any
    as_of: date
    source: str
    via: str


def checked(info: ElementInfo, value: Any) -> Any:
    """The value as facts hold it.

    :raises ValueRefusedError: of another type, not among the closed words, or too large
    """
    try:
        found = read(info.type, value)
    except WrongTypeError as error:
        raise ValueRefusedError(_("要写%(type)s。") % {"type": info.type.zh}) from error
    if info.type in {Type.NUMBER, Type.MONEY}:
        return _number(info, found)
    texts = found if info.type is Type.TEXTS else (found,) if info.type is Type.TEXT else ()
    if any(not text.strip() or len(text) > LONGEST for text in texts) or len(texts) > MOST_TEXTS:
        raise ValueRefusedError(_("文字不能为空，最长%(most)d个字。") % {"most": LONGEST})
    strange = [text for text in texts if info.words and text not in info.words]
    if strange:
        raise ValueRefusedError(_("只能是：%(words)s。") % {"words": "、".join(info.words)})
    return found


def _number(info: ElementInfo, value: Any) -> int | Decimal:
    most = MOST_FEN if info.type is Type.MONEY else MOST_NUMBER
    if not -most <= value <= most:
        raise ValueRefusedError(_("数太大：金额不超过10万亿元，数字不超过1万亿。"))
    if info.type is Type.MONEY or isinstance(value, int) or value == value.to_integral_value():
        return int(value)
    exact: Decimal = value.normalize()
    if -int(exact.as_tuple().exponent) > MOST_PLACES:
        raise ValueRefusedError(_("小数最多%(places)d位。") % {"places": MOST_PLACES})
    return exact


def laid(fact: Fact) -> Plain:
    """A fact as it lies in a row."""
    return [plain_value(fact.value), fact.as_of.isoformat(), fact.source, fact.via]


def plain_value(value: Any) -> Any:
    """A value as plain JSON; :func:`value_of` opens it."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def opened(kind: Type, plain: Plain) -> Fact:
    """The fact that lies in a row. A value that is not of the element's type any more (the pack has changed) is left as
    it lies: every rule takes it for unreadable.
    """
    value, day, source, via = plain
    return Fact(value_of(kind, value), date.fromisoformat(day), source, via)


def value_of(kind: Type, plain: Any) -> Any:
    """The value that plain JSON stands for."""
    try:
        if kind is Type.NUMBER and isinstance(plain, str):
            return Decimal(plain)
        return plain if plain is None else read(kind, plain)
    except (WrongTypeError, InvalidOperation):
        return plain


def holds_over(new: Fact, old: Fact) -> bool:
    """Whether a fact replaces the one before. A newer day does, an older one never. Of the same day, what was corrected
    stands against everything but another correction; otherwise what was said last holds, if it says anything else.
    """
    if new.as_of != old.as_of:
        return new.as_of > old.as_of
    corrected = old.via == Via.CORRECTION
    if (new.via == Via.CORRECTION) != corrected:
        return not corrected
    return same_value(new.value, old.value) is False


def same_value(one: Any, other: Any) -> bool:
    """Whether two values are the same, and of one type: 1 is not True."""
    return type(one) is type(other) and one == other
