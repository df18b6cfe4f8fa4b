"""Words of a theme in the reader's language, and values of a form as they are read."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.translation import get_language

from tongban.desks.themes.contracts import Wording
from tongban.registers.catalogue import api as catalogue

register = template.Library()
register.filter("pack_said", catalogue.pack_said)


@register.filter
def said(words: Wording | str | None) -> str:
    """``{{ matter.name|said }}`` a `Wording` in the reader's language; plain text stays as it is."""
    if isinstance(words, Wording):
        return words.text(get_language() or "")
    return words or ""


@register.filter
def entry(mapping: dict[str, Any], key: str) -> Any:
    """``{{ errors|entry:slot.name }}`` one entry of a mapping, or nothing."""
    return mapping.get(key, "")
