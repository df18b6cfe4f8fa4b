"""Conditions and amounts in the words of the portrait's elements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import get_language

from tongban.kernel.rules.elements import Type
from tongban.kernel.rules.explain import explain
from tongban.registers.portraits.contracts import ElementInfo

TEN_THOUSAND: Final = 10_000 * 100
"""Ten thousand yuan in fen: what sums are counted in."""


@dataclass(frozen=True, slots=True)
class Wording:
    """Says rules in the reader's language, or in the one given."""

    elements: Mapping[str, ElementInfo]
    language: str = ""

    @property
    def _language(self) -> str:
        return self.language or get_language() or "zh"

    def say(self, rule: Any) -> str:
        """A loaded rule or amount, or one of their nodes."""
        return explain(rule, names=self._names(), language=self._language, values=self._value)

    def name(self, key: str) -> str:
        """What an element is called."""
        return self._names().get(key, key)

    def _names(self) -> Mapping[str, str]:
        return {key: info.name_in(self._language) for key, info in self.elements.items()}

    def _value(self, key: str, value: Any) -> str:
        info = self.elements.get(key)
        return str(value) if info is None else value_words(info, value, language=self._language)


def value_words(info: ElementInfo, value: Any, *, language: str) -> str:
    """A value of an element as people write it: 500万元, 大型企业, 是."""
    english = language.startswith("en")
    if isinstance(value, bool):
        return ("yes" if value else "no") if english else ("是" if value else "否")
    if info.type is Type.MONEY:
        return money_words(int(value), language=language)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return (", " if english else "、").join(info.word_in(str(one), language) for one in value)
    if info.type in {Type.TEXT, Type.TEXTS}:
        return info.word_in(str(value), language)
    return f"{value:,}" if isinstance(value, int) else str(value)


def money_words(fen: int, *, language: str) -> str:
    """Whole fen in yuan, large round sums in 万元."""
    if language.startswith("en"):
        return f"{fen // 100:,} yuan" if fen % 100 == 0 else f"{fen / 100:,.2f} yuan"
    if fen and fen % TEN_THOUSAND == 0:
        return f"{fen // TEN_THOUSAND:,}万元"
    return f"{fen // 100:,}元" if fen % 100 == 0 else f"{fen / 100:,.2f}元"
