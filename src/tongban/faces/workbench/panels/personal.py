"""Form fields as an officer sees them: labelled by the catalogue, masked unless revealed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from tongban.desks.cases import api as cases
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.contracts import ElementSpec, UnknownKeyError
from tongban.web import formats

_SHORT = 2
# What looks like an identity number or a phone is masked as one, whatever its element says.
_NUMBER = re.compile(r"[0-9A-Z]{17}[0-9A-Zx]")
_PHONE = re.compile(r"1\d{10}")
_LONG = re.compile(r"\d{11,}")


@dataclass(frozen=True, slots=True)
class Filled:
    """One filled-in field. `hidden` says that the value is masked; `origin` where it came from if nobody typed it."""

    key: str
    label: str
    value: str
    group: str
    hidden: bool
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Corrected:
    """A value that the applicant says is wrong, beside what the office says; `files` prove it."""

    label: str
    old: str
    new: str
    source: str
    reason: str
    slot: str
    hidden: bool


def shown(spec: ElementSpec, value: Any, *, clear: bool) -> str:
    """One value in words, masked if it is personal and not revealed."""
    text = _words(spec, value)
    return _masked(spec, text) if spec.personal and not clear else text


def corrected(found: cases.Provenance, *, clear: bool, only: frozenset[str] | None = None) -> list[Corrected]:
    """What the applicant corrected; `only` as in `fields`."""
    rows = []
    for one in found.corrections:
        key = one["element"]
        if only is not None and key not in only:
            continue
        spec = _spec(key)
        hidden = spec.personal and not clear
        rows.append(
            Corrected(
                _label(spec), shown(spec, one["old"], clear=clear), shown(spec, one["new"], clear=clear),
                one["source"], "" if hidden else one["reason"], cases.correction_slot(key), hidden,
            )
        )  # fmt: skip
    return rows


def fields(
    form: dict[str, Any],
    *,
    clear: bool,
    only: frozenset[str] | None = None,
    origins: Mapping[str, tuple[str, str, str, str, str]] | None = None,
) -> list[Filled]:
    """The fields of a form in its own order.

    :param only: keys that the reader needs for the matter at hand; None is every one
    :param origins: where values came from, see `cases.Provenance`
    """
    origins = origins or {}
    return [
        _filled(key, value, clear=clear, origin=_origin(origins.get(key)))
        for key, value in form.items()
        if (only is None or key in only) and value not in ("", None, [])
    ]


def label(key: str) -> str:
    """Name of a field in the reader's language."""
    return _label(_spec(key))


def strictly(form: dict[str, Any]) -> list[Filled]:
    """As `fields`, for who looks at what is not submitted yet: numbers that name somebody, and what stands elsewhere in
    the form as personal, are masked whatever their element says.
    """
    held = {str(value) for key, value in form.items() if _spec(key).personal}
    return [
        Filled(key, label(key), masked(key, value, also=held), _spec(key).group, hidden=True)
        for key, value in form.items()
        if value not in ("", None, [])
    ]


def masked(key: str, value: Any, *, also: Collection[str] = ()) -> str:
    """One value of a field in words, masked if it is personal or says who somebody is; `also` these values."""
    spec, text = _spec(key), str(value)
    if spec.type in {"id", "phone"} or _LONG.fullmatch(text) or text in also:
        spec = replace(spec, personal=True)
    return formats.mask_id(text) if _is_account(spec, text) else shown(spec, value, clear=False)


def _is_account(spec: ElementSpec, text: str) -> bool:
    return spec.personal and bool(_LONG.fullmatch(text)) and not _PHONE.fullmatch(text)


def _spec(key: str) -> ElementSpec:
    try:
        return catalogue.element(key)
    except UnknownKeyError:  # a field that no element describes may be anything: treat it as personal
        return ElementSpec(key=key, name=key, type="text", personal=True)


def _label(spec: ElementSpec) -> str:
    return spec.name_en if formats.english() and spec.name_en else spec.name


def _filled(key: str, value: Any, *, clear: bool, origin: str) -> Filled:
    spec = _spec(key)
    hidden = spec.personal and not clear
    return Filled(key, _label(spec), shown(spec, value, clear=clear), spec.group, hidden, origin)


def _origin(said: tuple[str, str, str, str, str] | None) -> str:
    if said is None:
        return ""
    _kind, zh, english, day, _reference = said
    words = english if formats.english() and english else zh
    return _("%(source)s（截至%(day)s）") % {"source": words, "day": day} if day else words


def _words(spec: ElementSpec, value: Any) -> str:
    if isinstance(value, bool) or spec.type == "yesno":
        return _("是") if value in (True, "yes", "true", "1", "是") else _("否")
    if spec.type == "money" and isinstance(value, int):
        return formats.money(value)
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    return str(value)


def _masked(spec: ElementSpec, text: str) -> str:
    if spec.type in {"id", "uscc"} or _NUMBER.fullmatch(text):
        return formats.mask_id(text)
    if spec.type == "phone" or _PHONE.fullmatch(text):
        return formats.mask_phone(text)
    if spec.type == "date":
        return "****-**-**"
    if spec.type == "address":
        return text[: max(0, min(6, len(text) - 4))] + "****"
    return formats.mask_name(text) if len(text) > _SHORT else "*" * len(text)


def needed_for(matter: str, region: str) -> frozenset[str] | None:
    """Keys of the elements that a matter asks for; None when the catalogue does not say."""
    spec = catalogue.matters([matter], region).get(matter)
    return frozenset(element.key for element in spec.elements) if spec and spec.elements else None
