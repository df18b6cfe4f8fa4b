"""A licence as words for the typesetter and as facts for the statement. No database of its own, no clock."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from django.utils import translation

from tongban.actors import api as actors
from tongban.kernel.pdf import render_for_seal
from tongban.kernel.qr import qr_code
from tongban.registers.licences import kinds, selectors
from tongban.registers.licences.contracts import KindField, KindInfo, LicenceInfo, LicencesError
from tongban.web.formats import MONTHS, money

FORMAT: Final = "tongban-licence-1"
FRONT = 5
"""Entries on the front side of a card."""
TEMPLATES: Final = frozenset({"certificate", "permit", "card", "proof", "approval"})


def facts(one: LicenceInfo, *, token: str, address: str) -> dict[str, Any]:
    """What is signed as JSON: the same as is printed, under stable names.

    :param address: of the verify page
    """
    kind = kinds.kinds().get(one.kind)
    return {
        "format": FORMAT,
        "identifier": one.identifier,
        "number": one.number,
        "version": one.version,
        "kind": {
            "code": kind.code if kind else "",
            "slug": one.kind,
            "name": one.kind_name[0],
            "name_en": one.kind_name[1],
        },
        "holder": {"name": one.holder_name, "number": one.holder_number},
        "issuer": {"unit": one.unit, "name": one.unit_name},
        "issued_on": one.issued_on.isoformat(),
        "valid_from": one.valid_from.isoformat(),
        "valid_until": one.valid_until.isoformat() if one.valid_until else None,
        "fields": [
            {"key": entry.key, "name": entry.name, "name_en": entry.name_en, "value": value}
            for entry, value in _entries(kind, one)
        ],
        "verify": address,
        "token": token,
    }


def pdf(one: LicenceInfo, *, address: str, at: datetime) -> tuple[bytes, tuple[int, float, float]]:
    """The paper before it is sealed, as PDF/A, and where its seal goes.

    Chinese with English sub-labels, whatever the reader's language.

    :param address: of the verify page, which the code leads to
    """
    kind = kinds.kinds().get(one.kind)
    name = kind.template if kind and kind.template in TEMPLATES else "permit"
    with translation.override("zh-hans"):
        return render_for_seal(f"licence_{name}", _sheet(one, kind, address), at=at)


def _sheet(one: LicenceInfo, kind: KindInfo | None, address: str) -> dict[str, Any]:
    unit = actors.unit(one.unit)
    site = address.rpartition("/")[0]
    return {
        "title": one.kind_name[0],
        "title_en": one.kind_name[1],
        "number": one.number,
        "identifier": one.identifier,
        "issuer": one.unit_name,
        "issuer_en": unit.name_en,
        "issued": chinese_day(one.issued_on),
        "lead": "经审查，决定如下：" if kind and kind.template == "approval" else "兹证明下列事项属实：",
        "front": FRONT,
        "fields": [
            {"name": entry.name, "name_en": entry.name_en, "value": shown(entry, value)}
            for entry, value in _printed(kind, one)
        ],
        "code": _code(address),
        "code_words": f"核验用的二维码：{address}",
        "check": [
            f"扫码，或打开 {site} 输入证照编号核验。",
            "有效、暂扣、撤销、换发以核验结果为准。",
            "Scan to verify. Its state is what the verify page says.",
        ],
        "words": {
            "number": "证照编号 No.", "identifier": "电子证照标识 e-Licence ID", "annex": "见附页（see annex）",
            "annex_title": "附页 Annex", "fold": "沿此处对折 · fold here",
            "issued_en": f"Date of issue  {english_day(one.issued_on)}",
            "hereby": "特此批复。" if kind and kind.template == "approval" else "特此证明。",
        },
    }  # fmt: skip


def _entries(kind: KindInfo | None, one: LicenceInfo) -> list[tuple[KindField, Any]]:
    """The entries that stand on the paper and have a value."""
    fields = kind.fields if kind else ()
    return [
        (entry, one.fields[entry.key])
        for entry in fields
        if entry.shown and one.fields.get(entry.key) not in (None, "", [], ())
    ]


def _printed(kind: KindInfo | None, one: LicenceInfo) -> list[tuple[KindField, Any]]:
    """The entries, with whose it is first and how long it holds last, where the kind has no entry of its own for it."""
    found = _entries(kind, one)
    if all(value != one.holder_name for _entry, value in found):
        found.insert(0, (KindField("holder", "持有人", "Holder", "text"), one.holder_name))
    ends = one.valid_until.isoformat() if one.valid_until else None
    if not any(entry.type == "date" and value == ends for entry, value in found) and not any(
        "issue.valid_until" in entry.sources for entry, _value in found
    ):
        span = f"{chinese_day(one.valid_from)}至{chinese_day(one.valid_until)}" if one.valid_until else "长期"
        found.append((KindField("validity", "有效期", "Period of validity", "text"), span))
    return found


def shown(entry: KindField, value: Any) -> str:
    """A value as it is printed."""
    say = _SAYINGS.get(entry.type)
    if say is not None:
        return say(value)
    if isinstance(value, list | tuple):
        return "、".join(str(item) for item in value)
    if isinstance(value, Mapping):
        return "；".join(f"{name}：{item}" for name, item in value.items())
    return str(value)


def _part_words(identifier: str) -> str:
    try:
        part = selectors.licence(identifier)
    except LicencesError:
        return identifier
    until = f"有效期至{chinese_day(part.valid_until)}" if part.valid_until else "长期有效"
    return f"{part.kind_name[0]}  {part.number}（{part.unit_name}，{until}）"


def chinese_day(day: date) -> str:
    """``2026年11月22日``, as an official paper dates itself."""
    return f"{day.year}年{day.month}月{day.day}日"


def english_day(day: date) -> str:
    """``22 November 2026``."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _code(address: str) -> str:
    drawn = io.BytesIO()
    qr_code(address).save(drawn, kind="svg", xmldecl=False, border=3, dark="#000", light="#fff")
    return drawn.getvalue().decode()


_SAYINGS: Final[Mapping[str, Callable[[Any], str]]] = {
    "date": lambda value: chinese_day(date.fromisoformat(str(value))),
    "money": lambda value: money(int(value)),
    "yesno": lambda value: "是" if value else "否",
    "licences": lambda value: "\n".join(_part_words(str(item)) for item in value),
}
