"""The form of an application as its applicant reads it again."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from tongban.desks.cases import api as cases
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.contracts import CatalogueError
from tongban.web import formats


def rows(own: Any) -> list[tuple[str, Any]]:
    """The form as labels and values. Personal: only for who sees the docket."""
    filled = cases.form_of(own)
    found: list[tuple[str, Any]] = []
    for key, value in filled.items():
        try:
            element = catalogue.element(key)
        except CatalogueError:
            found.append((key, value))
            continue
        found.append(
            (
                element.name_en if formats.english() and element.name_en else element.name,
                _words(element.type, value),
            )
        )
    return found


def _words(kind: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if kind == "money" and isinstance(value, int):
        return formats.money(value)
    if kind == "id":
        return formats.mask_id(str(value))
    if kind == "phone":
        return formats.mask_phone(str(value))
    return str(value)
