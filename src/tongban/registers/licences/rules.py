"""Pure decisions: which act a licence is open to, how long it holds, what its number and entries are."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from string import Formatter
from typing import Any, Final

from stdnum.cn import ric, uscc
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_11_10

from tongban.registers.licences.contracts import KindField, KindInfo, LicenceState
from tongban.registers.licences.identifier import is_credit_code

VALID, SUSPENDED, REVOKED, REPLACED, CANCELLED = LicenceState
NUMBER_WORDS = frozenset({"holder", "year", "region", "serial", "code", "check"})
PLAIN_NUMBER: Final = "{region}{year}{serial:06d}"
LONGEST_TEXT = 2000
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


@dataclass(frozen=True, slots=True)
class Act:
    """An act on a licence: from which states, to which, and whether it makes a new version."""

    name: str
    past: str
    frm: frozenset[LicenceState]
    to: LicenceState
    new_version: bool = False


ACTS: Final = {
    act.name: act
    for act in (
        Act("renew", "renewed", frozenset({VALID}), VALID, new_version=True),
        Act("correct", "corrected", frozenset({VALID, SUSPENDED}), VALID, new_version=True),
        Act("replace", "replaced", frozenset({VALID}), REPLACED),
        Act("suspend", "suspended", frozenset({VALID}), SUSPENDED),
        Act("resume", "resumed", frozenset({SUSPENDED}), VALID),
        Act("revoke", "revoked", frozenset({VALID, SUSPENDED}), REVOKED),
        # Also what was revoked is struck off: 行政许可法 第七十条 第四项.
        Act("cancel", "cancelled", frozenset({VALID, SUSPENDED, REVOKED}), CANCELLED),
    )
}


def last_day(valid_from: date, months: int | None) -> date | None:
    """The last day of a validity of `months` that begins on a day: five years from 2026-11-22 end on 2031-11-21."""
    if months is None:
        return None
    year, month = divmod(valid_from.year * 12 + valid_from.month - 1 + months, 12)
    longest = calendar.monthrange(year, month + 1)[1]
    if valid_from.day > longest:  # begun on a day that the last month lacks: its last day
        return date(year, month + 1, longest)
    return date(year, month + 1, valid_from.day) - timedelta(days=1)


def number_words(pattern: str) -> set[str]:
    """The words in braces of a number's pattern."""
    return {name for _text, name, _spec, _conversion in Formatter().parse(pattern) if name is not None}


def number_of(
    kind: KindInfo, *, fields: Mapping[str, Any], holder: str, region: str, year: int, serial: int
) -> str:
    """The number printed on a licence, by its kind's rule.

    ``field:<key>`` takes an entry; otherwise a pattern with {holder}, {year}, {region}, {serial}, {code} (what the
    kind's `coded` makes of an entry) and at its end {check}, over all digits before it (GB/T 17710, MOD 11,10).
    """
    rule = kind.number or PLAIN_NUMBER
    if rule.startswith("field:"):
        given = str(fields.get(rule.removeprefix("field:")) or "")
        if given:
            return given
        rule = PLAIN_NUMBER
    text = rule.format(
        holder=holder, year=year, region=region[:6], serial=serial, code=_coded(kind, fields), check=""
    )
    if "check" not in number_words(rule):
        return text
    return text + str(mod_11_10.calc_check_digit("".join(filter(str.isdigit, text))))


def _coded(kind: KindInfo, fields: Mapping[str, Any]) -> str:
    """The code of the entry that a number speaks of: of the first word that it holds, else of any other."""
    if kind.coded is None:
        return ""
    said = str(fields.get(kind.coded.field) or "")
    return next((code for word, code in kind.coded.codes.items() if word in said), kind.coded.other)


def counted_by(rule: str, *, slug: str, region: str, year: int, unit: str) -> str:
    """Within what the serials of a number run on: only what the number itself shows may begin them anew.

    A number without the year never repeats in another year, one without the region in no other place, and units of one
    division that issue the same kind share its numbers.
    """
    words = number_words(rule)
    if "serial" not in words:  # the serial is the identifier's alone
        return f"{slug}:{unit}:{year}"
    return f"{slug}:{region[:6] if 'region' in words else ''}:{year if 'year' in words else ''}"


def credit_code(*, region: str, sole: bool, serial: int) -> str:
    """A new unified social credit code (GB 32100): 9 market regulation, 1 company or 2 sole trader, division, body.

    The body is an organisation code (GB 11714) that begins with TE, which no real one does.
    """
    stem = f"TE{serial:06d}"
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    left = (
        11
        - sum(weight * alphabet.index(c) for weight, c in zip(_ORGANISATION_WEIGHTS, stem, strict=True)) % 11
    )
    body = f"9{2 if sole else 1}{region[:6]}{stem}{'0' if left == 11 else 'X' if left == 10 else left}"  # GB 11714
    return body + str(uscc.calc_check_digit(body))


def missing(kind: KindInfo, fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Keys of required entries without a value."""
    return tuple(one.key for one in kind.fields if one.required and fields.get(one.key) in (None, "", [], ()))


def filled(
    kind: KindInfo,
    *,
    given: Mapping[str, Any],
    form: Mapping[str, Any],
    facts: Mapping[str, Any],
    carried: Mapping[str, Any],
) -> dict[str, Any]:
    """The entries of a licence: given by key, else from the form by element, else facts, else the earlier licence.

    :param facts: by ``party.…`` and ``issue.…``
    :param carried: entries of an earlier licence of the kind, which a change builds on
    """
    values: dict[str, Any] = {}
    for one in kind.fields:
        places = [given.get(one.key), form.get(one.element) if one.element else None]
        places += [facts.get(name) if "." in name and name.split(".")[0] in {"party", "issue"} else form.get(name)
                   for name in one.sources]  # fmt: skip
        places.append(carried.get(one.key))
        found = next((value for value in places if value not in (None, "", [], ())), None)
        if found is not None:
            values[one.key] = found
    return values


def wrong(one: KindField, value: Any) -> str:
    """What is wrong with an entry's value, in words for people; empty when nothing is."""
    check = _CHECKS.get(one.type)
    if check is not None and not check(value):
        return _SHOULD[one.type]
    if isinstance(value, str) and len(value) > LONGEST_TEXT:
        return f"最多{LONGEST_TEXT}个字"
    return ""


def should(one: KindField) -> str:
    """What a value of this entry has to be, in words for people."""
    return _SHOULD.get(one.type, "填得不对")


def _is_day(value: Any) -> bool:
    if isinstance(value, str):
        try:
            date.fromisoformat(value)
        except ValueError:
            return False
        return True
    return isinstance(value, date)


def _is_number(value: Any) -> bool:
    if isinstance(value, bool):
        return False
    return isinstance(value, int | float) or bool(re.fullmatch(r"-?\d+(\.\d+)?", str(value)))


def _is_resident_id(value: Any) -> bool:
    try:
        return bool(ric.validate(str(value)))
    except ValidationError:
        return False


_CHECKS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "date": _is_day,
    "number": _is_number,
    "money": _is_number,
    "id": _is_resident_id,
    "uscc": lambda value: is_credit_code(str(value)),
    "yesno": lambda value: isinstance(value, bool),
    "licences": lambda value: isinstance(value, list | tuple) and all(isinstance(one, str) for one in value),
}
_SHOULD = {
    "date": "应是日期，如2026-11-22",
    "number": "应是数字",
    "money": "应是以分计的数字",
    "id": "应是公民身份号码，校验位要对",
    "uscc": "应是统一社会信用代码，校验位要对",
    "yesno": "应是“是”或“否”",
    "licences": "应是电子证照标识的清单",
}
