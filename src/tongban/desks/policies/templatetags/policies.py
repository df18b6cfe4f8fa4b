"""What a policy or a measure is called, and says, in the language of the reader."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import get_language

register = template.Library()


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
def summary(one: Any) -> str:
    """The summary of a policy."""
    return _said(one, "summary")
