"""What a row of a stock says: columns found once, each row then checked and turned into a licence's values."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from operator import mul
from typing import Any

from django.utils.translation import gettext as _

from tongban.registers.licences import rules
from tongban.registers.licences.contracts import KindField, KindInfo, LicencesError, LicenceState
from tongban.registers.licences.identifier import is_credit_code

# Columns of every stock: ours, and what exports of departments call them.
OWN = {
    "holder_number": (
        "持有人证件号码",
        "证件号码",
        "公民身份号码",
        "身份证号",
        "统一社会信用代码",
        "holder_number",
    ),
    "holder_name": ("持有人", "持有人名称", "持证者", "姓名", "名称", "holder_name"),
    "number": ("证照编号", "证照号码", "证号", "编号", "number"),
    "issued_on": ("颁发日期", "发证日期", "issued_on"),
    "valid_from": ("有效期起", "有效期自", "valid_from"),
    "valid_until": ("有效期止", "有效期至", "valid_until"),
    "state": ("状态", "证照状态", "state"),
}
TITLES = {key: names[0] for key, names in OWN.items()}
NEEDED = ("holder_number", "holder_name", "number", "issued_on")
NO_END = frozenset({"", "长期", "长期有效", "永久", "9999-12-31", "2099-12-31"})
STATES = {
    "": LicenceState.VALID, "有效": LicenceState.VALID, "valid": LicenceState.VALID, "正常": LicenceState.VALID,
    "暂扣": LicenceState.SUSPENDED, "suspended": LicenceState.SUSPENDED, "撤销": LicenceState.REVOKED,
    "吊销": LicenceState.REVOKED, "revoked": LicenceState.REVOKED, "注销": LicenceState.CANCELLED,
    "cancelled": LicenceState.CANCELLED,
}  # fmt: skip
LONGEST = 500
EARLIEST = date(1949, 10, 1)
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_RESIDENT = re.compile(r"[1-9]\d{16}[\dX]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ZEROS = sum(_WEIGHTS) * ord("0")


@dataclass(frozen=True, slots=True)
class Reject:
    """Why a row does not come in: its number in the file, the column, what is wrong."""

    row: int
    column: str
    problem: str


@dataclass(slots=True)
class Parsed:
    """One row that can come in. The state is what the file says."""

    row: int
    number: str
    holder_name: str
    holder_number: str
    issued_on: date
    valid_from: date
    valid_until: date | None
    state: LicenceState
    person: bool
    fields: dict[str, Any] = field(default_factory=dict)


Convert = Callable[[str], Any]


class Columns:
    """The columns of one file for one kind of licence.

    :raises LicencesError: columns are missing
    """

    def __init__(self, form: KindInfo, header: Sequence[str], *, unit_name: str) -> None:
        self.form, self.unit_name = form, unit_name
        places = {name: place for place, name in enumerate(header) if name}
        # An own column of a licence goes before a general one of the same name: 名称 of a shop is a field.
        self.fields: list[tuple[KindField, int, Convert]] = []
        self.taken: list[tuple[KindField, str]] = []
        for one in form.fields:
            place = next((places[name] for name in (one.key, one.name) if name in places), None)
            if place is not None:
                self.fields.append((one, place, _CONVERTERS.get(one.type, _as_text)))
            elif source := next((name for name in one.sources if name in _SOURCES), ""):
                self.taken.append((one, source))
            elif one.required:
                raise LicencesError(_("文件缺少列“%s”。") % one.name, possible=_("列名写字段的名称或代号。"))
        self.own = {key: self._own(key, places) for key in OWN}
        lacking = [TITLES[key] for key in NEEDED if self.own[key] is None]
        if lacking:
            raise LicencesError(_("文件缺少列“%s”。") % "、".join(lacking))
        self.width = len(header)

    def _own(self, key: str, places: dict[str, int]) -> int | None:
        return next((places[name] for name in OWN[key] if name in places), None)

    def parse(self, row: int, cells: Sequence[str]) -> Parsed | Reject:
        """A row's values, or the first thing that is wrong with it."""
        if len(cells) < self.width:
            cells = [*cells, *[""] * (self.width - len(cells))]
        try:
            return self._parse(row, cells)
        except _Wrong as wrong:
            return Reject(row, wrong.column, wrong.problem)

    def _parse(self, row: int, cells: Sequence[str]) -> Parsed:
        own = self.own
        name = self._needed(cells, "holder_name")
        holder, person = self._holder(self._needed(cells, "holder_number"))
        number = self._needed(cells, "number")
        issued = self._day(cells, "issued_on")
        if issued is None:
            raise _Wrong(TITLES["issued_on"], _("不能空"))
        begins = self._day(cells, "valid_from") or issued
        place = own["valid_until"]
        ends = None
        if place is None:
            ends = rules.last_day(begins, self.form.months)
        elif cells[place].strip() not in NO_END:
            ends = self._day(cells, "valid_until")
        if ends is not None and ends < begins:
            raise _Wrong(TITLES["valid_until"], _("早于有效期起"))
        state = STATES.get(cells[own["state"]].strip()) if own["state"] is not None else LicenceState.VALID
        if state is None:
            raise _Wrong(TITLES["state"], _("不认识的状态"))
        parsed = Parsed(row, number, name, holder, issued, begins, ends, state, person)
        self._fill(parsed, cells)
        return parsed

    def _fill(self, parsed: Parsed, cells: Sequence[str]) -> None:
        values = parsed.fields
        for one, place, convert in self.fields:
            text = cells[place].strip()
            if text:
                try:
                    values[one.key] = convert(text)
                except ValueError:
                    raise _Wrong(one.name, rules.should(one)) from None
                if len(text) > LONGEST:
                    raise _Wrong(one.name, _("最多%d个字") % LONGEST)
            elif one.required:
                raise _Wrong(one.name, _("不能空"))
        for one, source in self.taken:
            value = _SOURCES[source](parsed, self.unit_name)
            if value:
                values[one.key] = value

    def _needed(self, cells: Sequence[str], key: str) -> str:
        text = cells[self.own[key] or 0].strip()
        if not text:
            raise _Wrong(TITLES[key], _("不能空"))
        if len(text) > LONGEST:
            raise _Wrong(TITLES[key], _("最多%d个字") % LONGEST)
        return text

    def _holder(self, text: str) -> tuple[str, bool]:
        number = text.upper()
        holder = self.form.holder
        if holder != "organisation" and is_resident_id(number):
            return number, True
        if holder != "person" and len(number) == 18 and is_credit_code(number):  # GB 32100
            return number, False
        raise _Wrong(TITLES["holder_number"], _("不是合格的证件号码，请核对位数和校验位"))

    def _day(self, cells: Sequence[str], key: str) -> date | None:
        place = self.own[key]
        text = cells[place].strip() if place is not None else ""
        if not text:
            return None
        try:
            found = day(text)
        except ValueError:
            raise _Wrong(TITLES[key], _("应是日期，如2026-11-22")) from None
        if found < EARLIEST:
            raise _Wrong(TITLES[key], _("日期太早"))
        return found


class _Wrong(Exception):  # noqa: N818 - carries a reason to the one place that reports it
    def __init__(self, column: str, problem: str) -> None:
        super().__init__(problem)
        self.column, self.problem = column, problem


def day(text: str) -> date:
    """A day as people and exports write it.

    :raises ValueError: none
    """
    if len(text) == 10 and text[4] == "-":  # ISO, the usual
        return date.fromisoformat(text)
    found = _DAY.match(text)
    if not found:
        raise ValueError(text)
    year, month, number = (int(part) for part in found.groups() if part)
    return date(year, month, number)


def is_resident_id(number: str) -> bool:
    """Form, birth date and check of GB 11643. The division is not looked up: old ones are gone from every list."""
    if len(number) != 18 or not _RESIDENT.fullmatch(number):  # GB 11643
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return "10X98765432"[(sum(map(mul, _WEIGHTS, number.encode())) - _ZEROS) % 11] == number[17]


def _as_text(text: str) -> str:
    return text


def _as_day(text: str) -> str:
    return day(text).isoformat()


def _as_number(text: str) -> int | float:
    return float(text) if "." in text else int(text.replace(",", ""))


def _as_yesno(text: str) -> bool:
    if text in {"是", "有", "1", "true", "yes", "Y"}:
        return True
    if text in {"否", "无", "0", "false", "no", "N"}:
        return False
    raise ValueError(text)


def _as_resident(text: str) -> str:
    if not is_resident_id(text.upper()):
        raise ValueError(text)
    return text.upper()


def _as_credit_code(text: str) -> str:
    if not is_credit_code(text.upper()):
        raise ValueError(text)
    return text.upper()


def _born(number: str) -> str:
    return f"{number[6:10]}-{number[10:12]}-{number[12:14]}"


_CONVERTERS: dict[str, Convert] = {
    "date": _as_day, "number": _as_number, "money": _as_number, "yesno": _as_yesno, "id": _as_resident,
    "uscc": _as_credit_code,
}  # fmt: skip
_SOURCES: dict[str, Callable[[Parsed, str], str]] = {
    "party.name": lambda row, _unit: row.holder_name,
    "party.number": lambda row, _unit: row.holder_number,
    "party.id": lambda row, _unit: row.holder_number if row.person else "",
    "party.uscc": lambda row, _unit: "" if row.person else row.holder_number,
    "party.birth_date": lambda row, _unit: _born(row.holder_number) if row.person else "",
    "party.gender": lambda row, _unit: "女男"[int(row.holder_number[16]) % 2] if row.person else "",
    "issue.date": lambda row, _unit: row.issued_on.isoformat(),
    "issue.valid_from": lambda row, _unit: row.valid_from.isoformat(),
    "issue.valid_until": lambda row, _unit: row.valid_until.isoformat() if row.valid_until else "",
    "issue.unit": lambda _row, unit: unit,
}
