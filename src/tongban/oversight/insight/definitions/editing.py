"""A formula as a form: one number or a share of two, each made of things counted, each with its conditions row by row. Pure.

`read` turns a formula into this shape and `write` turns it back; a formula that has no such shape is edited as text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pyarrow as pa
from django.utils.translation import gettext as _

from tongban.oversight.insight.facts.api import TABLES

NUMBER, SHARE = "number", "share"
KINDS = ("count", "sum", "days", "stock")
PLUS, MINUS = "plus", "minus"
HOWS = ("is", "not", "from", "below")
STOCKS = "stocks"
_BREAK = re.compile(r"[、，,;；\n]")
_TRUE, _FALSE = {"true", "yes", "是", "1"}, {"false", "no", "否", "0"}
EMPTY_WORDS = ("空", "(空)", "（空）", "empty", "(empty)")
_WHOLE = re.compile(r"[-+]?\d+")
BEYOND = 10**15
"""No number that a condition compares with is as large."""
_PLACES = {"stream", "item", "key"}
OF_OTHERS = ("moves", "records")
"""Tables whose rows may count for another unit than the one responsible: a kept word names it."""


@dataclass(frozen=True, slots=True)
class Condition:
    """One row: a column, how it is compared, and what was typed."""

    column: str = ""
    how: str = "is"
    values: str = ""

    @property
    def blank(self) -> bool:
        """Whether nothing was put in."""
        return not self.column and not self.values.strip()


@dataclass(frozen=True, slots=True)
class Thing:
    """Something counted, and whether it is added or taken away."""

    sign: str = PLUS
    kind: str = "count"
    table: str = "moves"
    distinct: str = ""
    value: str = ""
    since: str = ""
    until: str = ""
    where: tuple[Condition, ...] = ()
    whose: str = ""


Side = tuple[Thing, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """The whole: one side, or for a share two."""

    how: str = NUMBER
    sides: tuple[Side, ...] = ((Thing(),),)

    def as_(self, how: str) -> Shape:
        """The same as a number or as a share; a side that is not used now is not lost while there are two."""
        if how == SHARE and len(self.sides) < 2:
            return Shape(SHARE, (self.sides[0], self.sides[0]))
        return Shape(how, self.sides)

    def things(self) -> Iterator[tuple[str, Thing]]:
        """Each thing with its path."""
        for number, side in enumerate(self.used):
            for place, thing in enumerate(side):
                yield f"{number}.{place}", thing

    @property
    def used(self) -> tuple[Side, ...]:
        """The sides that the formula has."""
        return self.sides[:2] if self.how == SHARE else self.sides[:1]


class FaultsError(ValueError):
    """Rows that cannot be read; `faults` by path, each what is wanted there."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__(f"{len(faults)} rows")
        self.faults = dict(faults)


# --- reading ----------------------------------------------------------------------------------------------


def read(written: Any) -> Shape | None:
    """A formula as a shape; None where it has none."""
    if not isinstance(written, Mapping) or len(written) != 1:
        return None
    ((how, inner),) = written.items()
    parts = list(inner) if how == SHARE and isinstance(inner, Sequence) else [written]
    sides = [_side(part) for part in parts]
    if any(side is None for side in sides):
        return None
    return Shape(SHARE if how == SHARE else NUMBER, tuple(side for side in sides if side is not None))


def _side(written: Any) -> Side | None:
    ((how, inner),) = written.items()
    if how in KINDS:
        return (_thing(how, inner),)
    if how == PLUS:
        return _leaves(inner)
    if how == MINUS:
        first, second = (_side(part) for part in inner)
        if first is None or second is None or any(one.sign == MINUS for one in (*first, *second)):
            return None
        return (*first, *(replace(one, sign=MINUS) for one in second))
    return None


def _leaves(parts: Sequence[Any]) -> Side | None:
    sides = [_side(part) for part in parts]
    if any(side is None or len(side) != 1 for side in sides):
        return None
    return tuple(side[0] for side in sides if side)


def _thing(kind: str, inner: Mapping[str, Any]) -> Thing:
    where = tuple(_condition(str(column), said) for column, said in (inner.get("where") or {}).items())
    table = str(inner.get("of", STOCKS if kind == "stock" else "moves"))
    distinct, value, since, until, whose = (
        str(inner.get(name, "")) for name in ("distinct", "value", "from", "to", "whose")
    )
    return Thing(PLUS, kind, table, distinct, value, since, until, where, whose)


def _condition(column: str, said: Any) -> Condition:
    how = "is"
    if isinstance(said, Mapping):
        ((how, said),) = said.items()
    values = said if isinstance(said, list | tuple) else [said]
    return Condition(column, str(how), "、".join(_typed(value) for value in values))


def _typed(value: Any) -> str:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(value) if value != "" else _("（空）")


# --- writing ----------------------------------------------------------------------------------------------


def write(shape: Shape) -> dict[str, Any]:
    """The formula of a shape. :raises FaultsError: rows that cannot be read, by path"""
    faults: dict[str, str] = {}
    sides = [_write_side(f"{number}", side, faults) for number, side in enumerate(shape.used)]
    if faults:
        raise FaultsError(faults)
    return {SHARE: sides} if shape.how == SHARE else sides[0]


def _write_side(path: str, side: Side, faults: dict[str, str]) -> dict[str, Any]:
    written = [(one.sign, _write_thing(f"{path}.{place}", one, faults)) for place, one in enumerate(side)]
    plus = [one for sign, one in written if sign == PLUS]
    minus = [one for sign, one in written if sign == MINUS]
    if not plus:
        faults[path] = _("至少要有一项是加上的。")
        return {}
    if minus:
        return {MINUS: [_sum(plus), _sum(minus)]}
    return _sum(plus)


def _sum(parts: list[dict[str, Any]]) -> dict[str, Any]:
    return parts[0] if len(parts) == 1 else {PLUS: parts}


_WRITTEN = {
    "count": ("distinct", "whose"),
    "sum": ("value", "whose"),
    "days": ("from", "to", "whose"),
    "stock": ("distinct", "value"),
}


def _write_thing(path: str, one: Thing, faults: dict[str, str]) -> dict[str, Any]:
    table = STOCKS if one.kind == "stock" else one.table
    inner: dict[str, Any] = {} if one.kind == "stock" else {"of": table}
    said = {
        "distinct": one.distinct,
        "value": one.value,
        "from": one.since,
        "to": one.until,
        "whose": one.whose,
    }
    for name in _WRITTEN[one.kind]:
        if said[name] and (name != "whose" or table in OF_OTHERS):
            inner[name] = said[name]
        elif (one.kind, name) in {("sum", "value"), ("days", "from"), ("days", "to")}:
            faults[path] = _("请选要合计的列。") if one.kind == "sum" else _("请选从哪个时刻到哪个时刻。")
    if table not in TABLES or (one.kind != "stock" and table == STOCKS):
        faults[path] = _("请选一张事实表；期末在册的用“期末在册”来数。")
        return {}
    where: dict[str, Any] = {}
    for place, row in enumerate(one.where):
        if row.blank:
            continue
        fault = _put(where, table, row)
        if fault:
            faults[f"{path}.{place}"] = fault
    return {one.kind: {**inner, **({"where": where} if where else {})}}


def _put(where: dict[str, Any], table: str, row: Condition) -> str:
    """Write one row into `where`; gives what is wrong with it."""
    texts = parts(row.values)
    if fault := _incomplete(where, table, row, texts):
        return fault
    values = []
    for text in texts:
        value = _value(table, row, text)
        if value is None:
            return _("“%s”不是这一列能有的值。") % text + _possible(table, row)
        values.append(value)
    said = values[0] if len(values) == 1 else values
    where[row.column] = said if row.how == "is" else {row.how: said}
    return ""


def _incomplete(where: Mapping[str, Any], table: str, row: Condition, texts: Sequence[str]) -> str:
    if not row.column:
        return _("请选一列，或者把值清空。")
    if row.column not in columns(table) and not row.column.startswith("said."):
        return _("这张事实表没有这一列，请另选一列。")
    if row.column in where:
        return _("同一列只能写一行；几个值用顿号隔开，写在一行里。")
    if not texts:
        return _("请填要比较的值；要比较“没有值”，填“（空）”。")
    if row.how in {"from", "below"} and len(texts) != 1:
        return _("比大小只能填一个数。")
    return ""


def _value(table: str, row: Condition, text: str) -> Any:
    if row.how in {"from", "below"}:
        return _number(text)
    if is_yes_or_no(table, row.column):
        low = text.lower()
        return True if low in _TRUE else False if low in _FALSE else None
    kind = columns(table).get(row.column)
    if kind is not None and pa.types.is_integer(kind):
        return _number(text)
    return "" if text.lower() in EMPTY_WORDS else text


def _number(text: str) -> int | float | None:
    """A number that can be kept and compared; None for what is none, too large or endless."""
    try:
        found = float(text)
        return (int(text) if _WHOLE.fullmatch(text) else found) if abs(found) < BEYOND else None
    except ValueError:
        return None


def _possible(table: str, row: Condition) -> str:
    if is_yes_or_no(table, row.column) and row.how in {"is", "not"}:
        return _("可以填：是、否。")
    return _("请填数字。")


# --- what is possible ---------------------------------------------------------------------------------------


def parts(values: str) -> list[str]:
    """What was typed, value by value."""
    return [part.strip() for part in _BREAK.split(values) if part.strip()]


def columns(table: str) -> dict[str, Any]:
    """Columns of a table that a condition may compare, with their type: neither instants nor places in the ledger."""
    return {
        field.name: field.type
        for field in TABLES.get(table, ())
        if not pa.types.is_timestamp(field.type)
        and not pa.types.is_date(field.type)
        and not pa.types.is_map(field.type)
        and field.name not in _PLACES
    }


def is_yes_or_no(table: str, column: str) -> bool:
    """Whether a column of a table says yes or no."""
    kind = columns(table).get(column)
    return kind is not None and pa.types.is_boolean(kind)


def instants(table: str) -> list[str]:
    """Columns of a table that are instants."""
    return [field.name for field in TABLES.get(table, ()) if pa.types.is_timestamp(field.type)]
