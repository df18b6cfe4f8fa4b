"""A value in words, in both languages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tongban.kernel.rules.elements import Type
from tongban.registers.portraits.contracts import ElementInfo


def value_text(info: ElementInfo, value: Any, language: str) -> str:
    """A value as people read it: money in yuan, words of the pack in the reader's language."""
    english = language.startswith("en")
    match value:
        case bool():
            return ("Yes" if value else "No") if english else ("是" if value else "否")
        case int() | Decimal() if info.type is Type.MONEY:
            return f"{Decimal(value) / 100:,.2f} {'yuan' if english else '元'}"
        case int() | Decimal():
            return f"{value:,}"
        case date():
            return value.isoformat()
        case list() | tuple():
            words = [info.word_in(str(one), language) for one in value]
            return (", " if english else "、").join(words) or ("none" if english else "无")
        case _:
            return info.word_in(str(value), language)
