"""A value as somebody types it or a file holds it: money in yuan, 是 and 否, days in ISO, several texts with 、 between."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from tongban.kernel.rules.elements import Type
from tongban.registers.portraits.contracts import ElementInfo
from tongban.registers.portraits.rules import ValueRefusedError, checked

_YES = frozenset({"是", "有", "yes", "true", "1", "y"})
_NO = frozenset({"否", "无", "没有", "no", "false", "0", "n"})
_SEPARATORS = re.compile(r"[、，,;；|]")


def read_text(info: ElementInfo, text: str) -> Any:
    """The value that a text says of an element. Money is in yuan; words may be in English where the pack has them.

    :raises ValueRefusedError: the text says no such value; tells what it may say
    """
    said = text.strip()
    match info.type:
        case Type.BOOLEAN:
            return checked(info, _boolean(said))
        case Type.NUMBER | Type.MONEY:
            return checked(info, _number(info, said))
        case Type.DATE:
            return checked(info, _day(said))
        case Type.TEXTS:
            words = [one.strip() for one in _SEPARATORS.split(said)]
            return checked(info, [_chinese(info, one) for one in words if one])
        case Type.TEXT:
            return checked(info, _chinese(info, said))


def read_cell(info: ElementInfo, cell: Any) -> Any:
    """The value of a typed cell of a table; money is in yuan.

    :raises ValueRefusedError: of another type than the element
    """
    if isinstance(cell, str):
        return read_text(info, cell)
    if isinstance(cell, float):
        cell = Decimal(repr(cell))
    if isinstance(cell, int | Decimal) and not isinstance(cell, bool) and info.type is Type.MONEY:
        return checked(info, _fen(Decimal(cell)))
    if isinstance(cell, datetime):
        cell = cell.date()
    return checked(info, cell)


def _boolean(said: str) -> bool:
    if said.lower() in _YES:
        return True
    if said.lower() in _NO:
        return False
    raise ValueRefusedError(_("请写是或否。"))


def _number(info: ElementInfo, said: str) -> Decimal:
    try:
        found = Decimal(said.replace(",", "").replace("，", "").removesuffix("元"))
    except InvalidOperation as error:
        raise ValueRefusedError(
            _("请写金额，以元计，例如 12000.50。") if info.type is Type.MONEY else _("请写数字，例如 12。")
        ) from error
    if not found.is_finite():
        raise ValueRefusedError(_("请写数字，例如 12。"))
    return _fen(found) if info.type is Type.MONEY else found


def _fen(yuan: Decimal) -> Decimal:
    fen = yuan * 100 if yuan.is_finite() and abs(yuan.adjusted()) < 30 else None
    if fen is None or fen != fen.to_integral_value():
        raise ValueRefusedError(_("金额以元计，最多两位小数。"))
    return fen.quantize(Decimal(1))


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said.replace("/", "-").replace(".", "-"))
    except ValueError as error:
        raise ValueRefusedError(_("请写日期，例如 2026-03-31。")) from error


def _chinese(info: ElementInfo, word: str) -> str:
    return info.words[info.words_en.index(word)] if word in info.words_en and word not in info.words else word
