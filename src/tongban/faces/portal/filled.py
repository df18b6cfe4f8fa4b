"""The form of an application as its applicant reads it again."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from tongban.desks.cases import api as cases
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.contracts import CatalogueError, ElementSpec
from tongban.web import formats


def rows(own: Any) -> list[tuple[str, Any, str]]:
    """The form as labels, values and where they came from. Personal: only for who sees the docket."""
    filled, came = cases.form_of(own), cases.provenance_of(own)
    corrected = {one["element"]: one for one in came.corrections}
    found: list[tuple[str, Any, str]] = []
    for key, value in filled.items():
        origin = _corrected(corrected[key]) if key in corrected else _origin(came.origins.get(key))
        try:
            element = catalogue.element(key)
        except CatalogueError:
            found.append((key, value, origin))
            continue
        name = element.name_en if formats.english() and element.name_en else element.name
        found.append((name, _words(element, value), origin))
    return found


def rows_of(form: dict[str, Any]) -> list[tuple[str, Any]]:
    """A form without its sources as labels and values."""
    found: list[tuple[str, Any]] = []
    for key, value in form.items():
        try:
            element = catalogue.element(key)
        except CatalogueError:
            found.append((key, value))
            continue
        name = element.name_en if formats.english() and element.name_en else element.name
        found.append((name, _words(element, value)))
    return found


def _origin(said: tuple[str, str, str, str, str] | None) -> str:
    if said is None:
        return ""
    _kind, zh, english, day, _reference = said
    words = english if formats.english() and english else zh
    return _("%(source)s（截至%(day)s）") % {"source": words, "day": day} if day else words


def _corrected(one: dict[str, Any]) -> str:
    return _("您更正过，%(source)s登记的没有改") % {"source": one["source"]}


def _words(element: ElementSpec, value: Any) -> str:
    kind = element.type
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if kind == "money" and isinstance(value, int):
        return formats.money(value)
    if kind == "id":
        return formats.mask_id(str(value))
    if kind == "phone":
        return formats.mask_phone(str(value))
    return element.choice_label(str(value), english=formats.english())
