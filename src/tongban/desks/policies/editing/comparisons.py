"""The comparisons that a row offers for an element of each type, and how each is written in JSONLogic. Pure.

A comparison may know several spellings of the same thing; `write` gives them all, the first is how we write it. Reading
tries the comparisons in turn and keeps which spelling it found, so that a condition is saved as it was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tongban.kernel.rules.elements import Type
from tongban.kernel.rules.operators import yuan

Logic = Any
TODAY: Final[Logic] = {"today": []}
NOTHING: Final = ""
ONE: Final = "one"
TWO: Final = "two"
SEVERAL: Final = "several"
ELEMENT: Final = "element"


class NoValueError(ValueError):
    """What was typed is no value of the type; `wanted` says what is."""

    def __init__(self, given: str, wanted: str) -> None:
        super().__init__(given)
        self.given, self.wanted = given, wanted


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says beside its element: the values as they are typed, or another element and how much of it."""

    values: tuple[str, ...] = ()
    other: str = ""
    percent: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison.

    :param takes: nothing, ``one`` value, ``two``, ``several``, or another ``element``
    :param kind: type of the values, where it is not the element's own
    :param unit: what stands behind the value: 周年, 天
    :param write: gives every spelling for an element, its type and what is said
    """

    code: str
    label: str | Promise
    takes: str
    write: Callable[[str, Type, Said], Iterator[Logic]]
    kind: Type | None = None
    unit: str | Promise = ""


def var(key: str) -> Logic:
    return {"var": key}


def literal(text: str, kind: Type) -> Logic:
    """What was typed as JSONLogic. :raises NoValueError: it is no value of the type"""
    text = text.strip()
    try:
        match kind:
            case Type.MONEY:
                yuan(_number(text))
                return {"yuan": str(_number(text))}
            case Type.NUMBER:
                number = _number(text)
                return int(number) if number == number.to_integral_value() else {"decimal": str(number)}
            case Type.DATE:
                return {"date": date.fromisoformat(text).isoformat()}
            case _:
                if text:
                    return text
    except ValueError:
        pass
    raise NoValueError(text, kind.value)


def _number(text: str) -> Decimal:
    """A number as people type it: 1,000 and full-width digits too. :raises ValueError: none"""
    try:
        number = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not number.is_finite() or abs(number) > Decimal(10) ** 16:
        raise ValueError(text)
    # 5E+3 and 5000 are one number; it is written as people write it.
    return Decimal(f"{number.normalize():f}")


def shown(value: Logic, kind: Type) -> str | None:  # noqa: PLR0911 - one case per spelling
    """A JSONLogic literal as it is typed; None where it is none of the type."""
    if isinstance(value, bool):
        return None
    match kind, value:
        case Type.MONEY, int():
            return f"{Decimal(value) / 100:f}"
        case Type.MONEY, {"yuan": str() | int() as text}:
            return str(text)
        case Type.NUMBER, int() | float() | Decimal():
            return str(value)
        case Type.NUMBER, {"decimal": str(text)}:
            return text
        case Type.DATE, {"date": str(text)}:
            return text
        case Type.TEXT | Type.TEXTS, str():
            return value
        case _:
            return None


def _compare(operator: str) -> Callable[[str, Type, Said], Iterator[Logic]]:
    def write(key: str, kind: Type, said: Said) -> Iterator[Logic]:
        yield {operator: [var(key), literal(said.values[0], kind)]}

    return write


def _beside(operator: str) -> Callable[[str, Type, Said], Iterator[Logic]]:
    """One element beside another, or beside so many per cent of it."""

    def write(key: str, kind: Type, said: Said) -> Iterator[Logic]:
        share = _number(said.percent.strip() or "100")
        if share == 100:
            yield {operator: [var(key), var(said.other)]}
        of = literal(str(share), Type.NUMBER)
        tenth = literal(str(share / 10), Type.NUMBER)
        part = literal(str(share / 100), Type.NUMBER)
        yield {operator: [{"*": [var(key), 100]}, {"*": [var(said.other), of]}]}
        yield {operator: [{"*": [var(key), 10]}, {"*": [var(said.other), tenth]}]}
        yield {operator: [var(key), {"*": [var(said.other), part]}]}
        yield {operator: [{"divide": [{"*": [var(key), 100]}, var(said.other), "down"]}, of]}
        del kind

    return write


def _yes(key: str, _kind: Type, _said: Said) -> Iterator[Logic]:
    yield var(key)
    yield {"==": [var(key), True]}


def _no(key: str, _kind: Type, _said: Said) -> Iterator[Logic]:
    yield {"!": [var(key)]}
    yield {"==": [var(key), False]}


def _among(key: str, kind: Type, said: Said) -> Iterator[Logic]:
    yield {"in": [var(key), [literal(value, kind) for value in said.values]]}


def _not_among(key: str, kind: Type, said: Said) -> Iterator[Logic]:
    for one in _among(key, kind, said):
        yield {"!": [one]}


def _has(key: str, kind: Type, said: Said) -> Iterator[Logic]:
    yield {"in": [literal(said.values[0], kind), var(key)]}


def _lacks(key: str, kind: Type, said: Said) -> Iterator[Logic]:
    for one in _has(key, kind, said):
        yield {"!": [one]}


def _has_any(key: str, kind: Type, said: Said) -> Iterator[Logic]:
    yield {"or": [{"in": [literal(value, kind), var(key)]} for value in said.values]}


def _between(key: str, kind: Type, said: Said) -> Iterator[Logic]:
    low, high = (literal(value, kind) for value in said.values[:2])
    yield {"<=": [low, var(key), high]}


def _ago(function: str, operator: str) -> Callable[[str, Type, Said], Iterator[Logic]]:
    """So many years or days since a day."""

    def write(key: str, _kind: Type, said: Said) -> Iterator[Logic]:
        yield {operator: [{function: [var(key), TODAY]}, literal(said.values[0], Type.NUMBER)]}

    return write


def _left(operator: str) -> Callable[[str, Type, Said], Iterator[Logic]]:
    """So many days to come until a day."""

    def write(key: str, _kind: Type, said: Said) -> Iterator[Logic]:
        yield {operator: [{"days_between": [TODAY, var(key)]}, literal(said.values[0], Type.NUMBER)]}

    return write


def _future(key: str, _kind: Type, _said: Said) -> Iterator[Logic]:
    yield {">=": [var(key), TODAY]}


def _past(key: str, _kind: Type, _said: Said) -> Iterator[Logic]:
    yield {"<": [var(key), TODAY]}


_ORDER = (
    Comparison("ge", pgettext_lazy("comparison", "不少于"), ONE, _compare(">=")),
    Comparison("le", pgettext_lazy("comparison", "不多于"), ONE, _compare("<=")),
    Comparison("gt", pgettext_lazy("comparison", "多于"), ONE, _compare(">")),
    Comparison("lt", pgettext_lazy("comparison", "少于"), ONE, _compare("<")),
    Comparison("eq", pgettext_lazy("comparison", "正好是"), ONE, _compare("==")),
    Comparison("ne", pgettext_lazy("comparison", "不是"), ONE, _compare("!=")),
    Comparison("between", pgettext_lazy("comparison", "在两数之间（都含）"), TWO, _between),
    Comparison("ge_of", pgettext_lazy("comparison", "不少于另一项数据的"), ELEMENT, _beside(">=")),
    Comparison("le_of", pgettext_lazy("comparison", "不多于另一项数据的"), ELEMENT, _beside("<=")),
    Comparison("gt_of", pgettext_lazy("comparison", "多于另一项数据的"), ELEMENT, _beside(">")),
    Comparison("lt_of", pgettext_lazy("comparison", "少于另一项数据的"), ELEMENT, _beside("<")),
)
_YEARS, _DAYS = _("周年"), _("天")
_DATES = (
    Comparison("since", _("在这天或以后"), ONE, _compare(">=")),
    Comparison("until", _("在这天或以前"), ONE, _compare("<=")),
    Comparison("after", _("晚于"), ONE, _compare(">")),
    Comparison("before", _("早于"), ONE, _compare("<")),
    Comparison("on", _("正好是这天"), ONE, _compare("==")),
    Comparison("days", _("在两天之间（都含）"), TWO, _between),
    Comparison("years_ge", _("到今天满"), ONE, _ago("years_between", ">="), Type.NUMBER, _YEARS),
    Comparison("years_gt", _("到今天超过"), ONE, _ago("years_between", ">"), Type.NUMBER, _YEARS),
    Comparison("years_le", _("到今天不超过"), ONE, _ago("years_between", "<="), Type.NUMBER, _YEARS),
    Comparison("years_lt", _("到今天不满"), ONE, _ago("years_between", "<"), Type.NUMBER, _YEARS),
    Comparison("ago_ge", _("已经过去至少"), ONE, _ago("days_between", ">="), Type.NUMBER, _DAYS),
    Comparison("ago_le", _("已经过去不超过"), ONE, _ago("days_between", "<="), Type.NUMBER, _DAYS),
    Comparison("left_ge", _("离今天还有至少"), ONE, _left(">="), Type.NUMBER, _DAYS),
    Comparison("left_gt", _("离今天还有多于"), ONE, _left(">"), Type.NUMBER, _DAYS),
    Comparison("left_le", _("离今天还有不超过"), ONE, _left("<="), Type.NUMBER, _DAYS),
    Comparison("future", _("今天或以后"), NOTHING, _future),
    Comparison("past", _("已经过去"), NOTHING, _past),
)
OFFERED: Final[Mapping[Type, tuple[Comparison, ...]]] = {
    Type.BOOLEAN: (
        Comparison("yes", pgettext_lazy("comparison", "是"), NOTHING, _yes),
        Comparison("no", pgettext_lazy("comparison", "否"), NOTHING, _no),
    ),
    Type.TEXT: (
        Comparison("is", pgettext_lazy("comparison", "是"), ONE, _compare("==")),
        Comparison("is_not", pgettext_lazy("comparison", "不是"), ONE, _compare("!=")),
        Comparison("among", _("是其中之一"), SEVERAL, _among),
        Comparison("not_among", _("都不是"), SEVERAL, _not_among),
    ),
    Type.TEXTS: (
        Comparison("has", _("有"), ONE, _has),
        Comparison("lacks", _("没有"), ONE, _lacks),
        Comparison("has_any", _("有其中之一"), SEVERAL, _has_any),
    ),
    Type.NUMBER: _ORDER,
    Type.MONEY: _ORDER,
    Type.DATE: _DATES,
}


def comparison(kind: Type, code: str) -> Comparison:
    """That comparison of a type, or the first it has."""
    offered = OFFERED[kind]
    return next((one for one in offered if one.code == code), offered[0])
