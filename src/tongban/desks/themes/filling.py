"""The form of a plan, filled in: which fields are asked, what they may hold, what is known already.

Values are plain JSON: text, ISO dates, numbers, booleans, money in fen.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
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
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True, slots=True)
class Known:
    """A value that a register holds. A `fixed` one is not the applicant's to change here."""

    value: Any
    source: Wording
    fixed: bool = False


@dataclass(slots=True)
class Filled:
    """A form as read: good values by key, and for each wrong or missing field what to do."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


POLICE = Wording("公安户籍登记", "police register")
MARKET = Wording("市场主体登记", "business register")
ACCOUNT = Wording("您的账户", "your account")
SELF = ("person", "guardian", "buyer", "contact", "legal_rep")
"""Subjects of the form that are, unless told otherwise, the person who applies."""


def known_facts(*, applicant: str, acting: str) -> dict[str, Known]:
    """What the registers know, by key of the data element.

    :param applicant: id of the party in whose name is asked
    :param acting: id of the person at the screen (the contact of an organisation)
    :raises actors.NotKnownError: nobody has this id
    """
    facts = actors.party_facts(applicant)
    if facts.kind == "person":
        return {key: known for key, known in _of_person(facts).items() if known.value}
    found = _of_organisation(facts)
    if acting.startswith("person:"):
        person = actors.party_facts(acting)
        found |= {
            "contact.name": Known(person.name, POLICE),
            "contact.id": Known(person.number, POLICE),
            "contact.phone": Known(person.phone, ACCOUNT),
        }
    return {key: known for key, known in found.items() if known.value}


def _of_person(facts: actors.PartyFacts) -> dict[str, Known]:
    found = {
        "person.birth_date": Known(
            facts.birth_date.isoformat() if facts.birth_date else "", POLICE, fixed=True
        ),
        "person.gender": Known(facts.gender, POLICE, fixed=True),
        "person.nation": Known(facts.nation, POLICE, fixed=True),
        "person.household_address": Known(facts.address, POLICE, fixed=True),
    }
    for subject in SELF:
        fixed = subject == "person"
        found[f"{subject}.name"] = Known(facts.name, POLICE, fixed=fixed)
        found[f"{subject}.id"] = Known(facts.number, POLICE, fixed=fixed)
        found[f"{subject}.phone"] = Known(facts.phone, ACCOUNT)
        found[f"{subject}.address"] = Known(facts.address, POLICE)
    return found


def _of_organisation(facts: actors.PartyFacts) -> dict[str, Known]:
    found = {
        "legal_rep.name": Known(facts.representative, MARKET),
        "legal_rep.id": Known(facts.representative_number, MARKET),
        "legal_rep.phone": Known(facts.representative_phone, MARKET),
        "buyer.name": Known(facts.name, MARKET),
        "buyer.id": Known(facts.number, MARKET),
        "buyer.phone": Known(facts.phone, MARKET),
        "business.capital": Known(facts.capital_fen, MARKET),
        "company.phone": Known(facts.phone, MARKET),
        "company.address": Known(facts.address, MARKET),
    }
    for subject in ("company", "business"):
        found[f"{subject}.name"] = Known(facts.name, MARKET, fixed=True)
        found[f"{subject}.uscc"] = Known(facts.number, MARKET, fixed=True)
        found[f"{subject}.type"] = Known(facts.type, MARKET)
    return found


def usable(plan: Plan, known: Mapping[str, Known]) -> dict[str, Known]:
    """Those known values that fit a field which is asked: a choice among its choices, and so on."""
    fitting = {}
    for item in plan.asked:
        if item.key in known:
            try:
                fitting[item.key] = Known(
                    read(item, shown(item, known[item.key].value)),
                    known[item.key].source,
                    known[item.key].fixed,
                )
            except ValueError:
                continue
    return fitting


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


def fill(plan: Plan, given: Mapping[str, Any], known: Mapping[str, Known], *, today: date) -> Filled:
    """Read a whole form. Unknown keys are refused, fields that are not shown are left out.

    :param given: by key of the data element, as typed or as JSON
    :param known: what `usable` gave; fills what was not given, and a fixed one admits no other value
    """
    result = Filled()
    asked = {item.key: item for item in plan.asked}
    for key in given:
        if key not in asked:
            result.errors[str(key)[:60]] = _("这张表里没有“%s”这一项。") % str(key)[:60]
    for item in plan.asked:
        take(item, given, known, result)
    everything = complete(plan, result.values, known)
    for item in plan.asked:
        if not shows(plan, item, everything, today):
            result.values.pop(item.key, None)
            result.errors.pop(item.key, None)
    return result


def take(item: FormField, given: Mapping[str, Any], known: Mapping[str, Known], result: Filled) -> None:
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
    result.values[item.key] = value


def _ask(item: FormField) -> str:
    words = _("请选：%s") if item.type in {"choice", "yesno"} else _("请填%s")
    return words % _label(item)


def _label(item: FormField) -> str:
    from django.utils.translation import get_language

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
        raise ValueError(
            _("%(label)s只能选：%(choices)s。") % {"label": _label(item), "choices": "、".join(item.choices)}
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
