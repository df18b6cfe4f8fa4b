"""What a policy or a measure is called, and says, in the language of the reader."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import get_language

register = template.Library()
_ARTICLE = re.compile(r"第([零〇一二三四五六七八九十百\d]{1,7})([条款项])")
_PARTS = {"条": "article", "款": "paragraph", "项": "item"}
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"〇": 0}


def _said(one: Any, name: str) -> str:
    """The English of a field where the reader reads English and there is any; else the Chinese."""
    value = one.get if isinstance(one, Mapping) else lambda key: getattr(one, key, "")
    english = (get_language() or "").startswith("en")
    return str((english and value(f"{name}_en")) or value(name) or "")


@register.filter
def titled(one: Any) -> str:
    """The title of a policy, of terms, or of a measure."""
    return _said(one, "title")


@register.filter
def says(one: Any) -> str:
    """The one sentence of a measure."""
    return _said(one, "says")


@register.filter
def named(one: Any) -> str:
    """What a worked example is called."""
    return _said(one, "name")


@register.filter
def summary(one: Any) -> str:
    """The summary of a policy."""
    return _said(one, "summary")


@register.filter
def article(text: str) -> str:
    """``第五条第二款`` for an English reader: ``Article 5, paragraph 2``; what is written otherwise stays."""
    if not (get_language() or "").startswith("en") or _ARTICLE.sub("", text or ""):
        return text
    said = ", ".join(f"{_PARTS[kind]} {_number(number)}" for number, kind in _ARTICLE.findall(text))
    return said[:1].upper() + said[1:]


def _number(text: str) -> int:
    """A number up to some hundreds, in Chinese or in figures."""
    if text.isascii():
        return int(text)
    whole, digit = 0, None
    for sign in text:
        if sign in "十百":
            whole += (1 if digit is None else digit) * (10 if sign == "十" else 100)
            digit = None
        else:
            digit = _DIGITS[sign]
    return whole + (digit or 0)
