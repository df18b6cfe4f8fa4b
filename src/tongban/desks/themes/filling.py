"""The form of a plan, filled in: which fields are asked, what they may hold, what is known already.

Values are plain JSON: text, ISO dates, numbers, booleans, money in fen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.themes.conditions import FIELD_TYPES, Condition, Facts, vocabulary
from tongban.desks.themes.contracts import FormField, Plan, Wording
from tongban.kernel.rules.elements import Type

LONGEST = 500
LEAST_ADDRESS = 4
MOST_YUAN = Decimal(1000000000000)
MOST_NUMBER = Decimal(1000000000000)
FIRST_DAY = date(1900, 1, 1)
YES, NO = frozenset({"yes", "true", "1", "是"}), frozenset({"no", "false", "0", "否"})
OFFICIAL = frozenset({"profile", "licence", "shared"})
"""Kinds of known values that an office holds."""
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")


KnownKind = Literal["profile", "licence", "shared", "earlier", "usual"]


@dataclass(frozen=True, slots=True)
class Known:
    """A value that somebody else has given already, with who says so and, where it is told, as of when.

    A `fixed` one is not the applicant's to change here; one that is `vouched` for is changed with a reason, and both
    values are kept with the application; the others are offers, changed freely.

    :param reference: identifier of the licence, key of the register, number of the earlier application
    """

    value: Any
    source: Wording
    fixed: bool = False
    kind: KnownKind = "profile"
    as_of: date | None = None
    reference: str = ""

    @property
    def vouched(self) -> bool:
        """Whether an office stands for the value, so that who changes it says why."""
        return self.kind in {"licence", "shared"} and not self.fixed


@dataclass(slots=True)
class Filled:
    """A form as read: good values by key, and for each wrong or missing field what to do."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


ACCOUNT = Wording("您的账户", "your account")
THEME = Wording("常用填法，请核对", "the usual answer, please check")


def usable(plan: Plan, *sources: Mapping[str, Known]) -> dict[str, Known]:
    """For each field that is asked the first known value that fits it (a choice is among its choices, and so on);
    where nothing is known, what the theme usually fills in.

    :param sources: the most trusted first
    """
    fitting = {}
    for item in plan.asked:
        offered = (_fitting(item, known[item.key]) for known in sources if item.key in known)
        found = next((one for one in offered if one is not None), None)
        if found is not None:
            fitting[item.key] = found
    for item in plan.asked:
        usual = None if item.key in fitting else _usual(plan, item, fitting)
        if usual is not None:
            fitting[item.key] = usual
    return fitting


def _fitting(item: FormField, held: Known) -> Known | None:
    try:
        return replace(held, value=read(item, shown(item, held.value)))
    except ValueError:
        return None


def _usual(plan: Plan, item: FormField, fitting: Mapping[str, Known]) -> Known | None:
    if item.usual is not None:
        return _fitting(item, Known(item.usual, THEME, kind="usual"))
    if item.usual_copies not in fitting:
        return None
    label = next(one.label for one in plan.fields if one.key == item.usual_copies)
    source = Wording(f"与“{label.zh}”相同，请核对", f"same as “{label.text('en')}”, please check")
    return _fitting(item, Known(fitting[item.usual_copies].value, source, kind="usual"))


def complete(
    plan: Plan, given: Mapping[str, Any], known: Mapping[str, Known] | None = None
) -> dict[str, Any]:
    """Everything the form says: what was filled in, what is known, what the answers said, what is copied."""
    known = known or {}
    values: dict[str, Any] = {}
    for item in plan.fields:
        if item.source == "answer":
            values[item.key] = item.value
        elif item.source == "ask":
            if item.key in known and (known[item.key].fixed or item.key not in given):
                values[item.key] = known[item.key].value
            elif item.key in given:
                values[item.key] = given[item.key]
    for item in plan.fields:
        if item.source == "copy" and item.copies in values:
            values[item.key] = values[item.copies]
    return values


def shows(plan: Plan, item: FormField, values: Mapping[str, Any], today: date) -> bool:
    """Whether a field is shown, given what the form says so far; not known means not shown."""
    if item.visible is None:
        return True
    types = {one.key: FIELD_TYPES.get(one.type, Type.TEXT) for one in plan.fields}
    condition = Condition(item.visible)
    condition.compile(vocabulary(types))
    record = {
        key: Decimal(repr(value)) if isinstance(value, float) else value for key, value in values.items()
    }
    return condition.decide(Facts(today, dict(record))) is True


def fill(
    plan: Plan,
    given: Mapping[str, Any],
    known: Mapping[str, Known],
    *,
    today: date,
    reasons: Mapping[str, str] | None = None,
) -> Filled:
    """Read a whole form. Unknown keys are refused, fields that are not shown are left out.

    :param given: by key of the data element, as typed or as JSON
    :param known: what `usable` gave; fills what was not given, and a fixed one admits no other value
    :param reasons: why a value that is vouched for is wrong, by key; without one it is not changed
    """
    result = Filled()
    asked = {item.key: item for item in plan.asked}
    for key in given:
        if key not in asked:
            result.errors[str(key)[:60]] = _("这张表里没有“%s”这一项。") % str(key)[:60]
    for item in plan.asked:
        take(item, given, known, result, reasons or {})
    everything = complete(plan, result.values, known)
    for item in plan.asked:
        if not shows(plan, item, everything, today):
            result.values.pop(item.key, None)
            result.errors.pop(item.key, None)
    return result


def take(
    item: FormField,
    given: Mapping[str, Any],
    known: Mapping[str, Known],
    result: Filled,
    reasons: Mapping[str, str],
) -> None:
    """Read one field into `result`."""
    typed, held = given.get(item.key), known.get(item.key)
    if typed in (None, ""):
        if held is not None:
            result.values[item.key] = held.value
        elif item.required:
            result.errors[item.key] = _ask(item)
        return
    try:
        value = read(item, typed)
    except ValueError as error:
        result.errors[item.key] = str(error)
        return
    if held is not None and held.fixed and value != held.value:
        result.errors[item.key] = _("与登记的不一致。要更正请先到登记机关办理，或打12345。")
        return
    if held is not None and held.vouched and value != held.value and not reasons.get(item.key, "").strip():
        result.errors[item.key] = _("与%(source)s不一致。要改，请写明理由；有证明的一起传上来。") % {
            "source": held.source.text(get_language() or "")
        }
        return
    result.values[item.key] = value


def changed(plan: Plan, values: Mapping[str, Any], known: Mapping[str, Known]) -> list[FormField]:
    """The fields in which the applicant says other than an office (not his account, not an offer)."""
    return [
        item
        for item in plan.asked
        if item.key in known
        and item.key in values
        and values[item.key] != known[item.key].value
        and known[item.key].kind in OFFICIAL
        and known[item.key].source != ACCOUNT
    ]


def _ask(item: FormField) -> str:
    words = _("请选：%s") if item.type in {"choice", "yesno"} else _("请填%s")
    return words % _label(item)


def _label(item: FormField) -> str:
    return item.label.text(get_language() or "")


def read(item: FormField, typed: Any) -> Any:
    """One value as it is kept.

    :raises ValueError: no possible value; says what is wrong and what is possible
    """
    reader: Callable[[FormField, Any], Any] = READERS.get(item.type, _text)
    try:
        return reader(item, typed)
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from error


def _text(item: FormField, typed: Any) -> str:
    text = " ".join(unicodedata.normalize("NFC", str(typed)).split())
    if any(unicodedata.category(char) == "Cc" for char in text):
        raise ValueError(_("%s里有不能显示的字符，请重新输入。") % _label(item))
    most = item.maximum or LONGEST
    if len(text) > most:
        raise ValueError(_("%(label)s最多%(most)d个字，现在有%(count)d个。") % {
            "label": _label(item), "most": most, "count": len(text),
        })  # fmt: skip
    if not text:
        raise ValueError(_ask(item))
    return text


def _address(item: FormField, typed: Any) -> str:
    text = _text(item, typed)
    if len(text) < LEAST_ADDRESS:
        raise ValueError(_("%s请写到门牌号。") % _label(item))
    return text


def _date(item: FormField, typed: Any) -> str:
    found = _DATE.fullmatch(unicodedata.normalize("NFKC", str(typed)).strip().replace(" ", ""))
    try:
        parts = [int(part) for part in found.groups() if part] if found else []
        day = date(*parts[:3]) if len(parts) == 3 else None
    except ValueError:
        day = None
    if day is None or day < FIRST_DAY:
        raise ValueError(_("%s要写成日期，如2026-12-01。") % _label(item))
    return day.isoformat()


def _decimal(item: FormField, typed: Any) -> Decimal:
    plain = unicodedata.normalize("NFKC", str(typed)).replace(",", "").replace(" ", "")
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValueError(_("%s要填数字。") % _label(item))
    if number < 0:
        raise ValueError(_("%s不能小于0。") % _label(item))
    return number


def _number(item: FormField, typed: Any) -> int | float:
    number = _decimal(item, typed)
    if number > MOST_NUMBER:
        raise ValueError(_("%s太大了，请核对。") % _label(item))
    if item.maximum and number > item.maximum:
        raise ValueError(_("%(label)s不能大于%(most)d。") % {"label": _label(item), "most": item.maximum})
    return int(number) if number == number.to_integral_value() else float(number)


def _money(item: FormField, typed: Any) -> int:
    plain = unicodedata.normalize("NFKC", str(typed)).removesuffix("元")
    fen = _decimal(item, plain) * 100
    if fen != fen.to_integral_value():
        raise ValueError(_("%s最多写到分，如12.50。") % _label(item))
    if fen > MOST_YUAN * 100:
        raise ValueError(_("%s太大了，请核对。") % _label(item))
    return int(fen)


def _choice(item: FormField, typed: Any) -> str:
    if typed not in item.choices:
        labels = [item.choice_label(one, get_language() or "") for one in item.choices]
        raise ValueError(
            _("%(label)s只能选：%(choices)s。") % {"label": _label(item), "choices": _("、").join(labels)}
        )
    return str(typed)


def _yesno(item: FormField, typed: Any) -> bool:
    if isinstance(typed, bool):
        return typed
    word = str(typed).strip().lower()
    if word not in YES | NO:
        raise ValueError(_("%s请选“是”或“否”。") % _label(item))
    return word in YES


def _identity(item: FormField, typed: Any) -> str:
    """A resident id; where a buyer or seller is a company, its credit code (their first signs differ)."""
    if item.key in {"buyer.id", "seller.id"}:
        try:
            return actors.credit_code(str(typed))
        except ValidationError:
            pass
    return actors.resident_id(str(typed))


READERS: dict[str, Callable[[FormField, Any], Any]] = {
    "address": _address,
    "date": _date,
    "number": _number,
    "money": _money,
    "choice": _choice,
    "yesno": _yesno,
    "id": _identity,
    "uscc": lambda _item, typed: actors.credit_code(str(typed)),
    "phone": lambda _item, typed: actors.phone_number(str(typed)),
}


def shown(item: FormField, value: Any) -> str:
    """A kept value as somebody would type it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if item.type == "money":
        yuan, rest = divmod(int(value), 100)
        return f"{yuan}.{rest:02d}" if rest else str(yuan)
    return str(value)
