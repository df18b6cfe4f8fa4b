"""What an indicator counts, as data that a civil servant can read. Pure: no database, no engine.

A formula is one of

- ``{count: {of: moves, where: {…}}}``: rows; with ``distinct: stream`` the dockets they are of
- ``{sum: {of: moves, value: said.amount_fen, where: {…}}}``
- ``{days: {of: moves, from: opened_at, to: at, where: {…}}}``: mean of natural days with two decimals
- ``{stock: {where: {kind: matter, …}}}``: things that a register holds on the period's last day; with ``distinct: said.department``
  how many different ones of a column they have, with ``value: said.abolished`` the sum of a column
- ``{share: [part, whole]}``: percent with two decimals
- ``{plus: [a, b, …]}``, ``{minus: [a, b]}``

Of a count, a sum or a mean, ``whose: said.unit`` counts a row for the unit that a kept word names, where it names one, instead of
the unit that was responsible then: what a caller says of an answer is the answering unit's, not the desk's that asked.

`where` names columns of the table; every line has to hold: a value, a list (one of them), ``{not: …}``, ``{from: n}``
(at least), ``{below: n}``. What a column holds is told in `facts/contracts.py`; ``said.<word>`` reads a kept word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from tongban.oversight.insight.contracts import InsightError
from tongban.oversight.insight.facts.api import TABLES

OPERATORS = ("count", "sum", "days", "stock", "share", "plus", "minus")
STOCKS = "stocks"
COMPARISONS = ("not", "from", "below")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of `where`: a column, how it is compared, and with what."""

    column: str
    how: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """What is asked of one table: its kind is count, sum, days or stock; `whose` a column that names the unit, empty for `unit`."""

    kind: str
    table: str
    where: tuple[Line, ...]
    distinct: str = ""
    value: str = ""
    since: str = ""
    until: str = ""
    whose: str = ""


@dataclass(frozen=True, slots=True)
class Joined:
    """Numbers put together: share, plus or minus."""

    how: str
    parts: tuple[Formula, ...]


Formula = Leaf | Joined


def parse(written: Any) -> Formula:
    """:raises InsightError: it is none of the forms above; says which part, and what is possible"""
    if not isinstance(written, Mapping) or len(written) != 1:
        raise InsightError(_("公式要是一个运算：%r。") % (written,), possible=_one_of(OPERATORS))
    ((how, inner),) = written.items()
    if how in {"share", "minus"} and isinstance(inner, list) and len(inner) == 2:
        return Joined(how, tuple(parse(one) for one in inner))
    if how == "plus" and isinstance(inner, list) and len(inner) >= 2:
        return Joined(how, tuple(parse(one) for one in inner))
    if how in {"count", "sum", "days", "stock"} and isinstance(inner, Mapping):
        return _leaf(how, inner)
    raise InsightError(_("看不懂的运算：%r。") % (how,), possible=_one_of(OPERATORS))


def leaves(formula: Formula) -> Iterator[Leaf]:
    """Everything that has to be asked of the facts."""
    if isinstance(formula, Leaf):
        yield formula
    else:
        for part in formula.parts:
            yield from leaves(part)


_OWN: Mapping[str, set[str]] = {
    "count": {"distinct", "whose"},
    "sum": {"value", "whose"},
    "days": {"from", "to", "whose"},
    "stock": {"distinct", "value"},
}


def _leaf(kind: str, inner: Mapping[str, Any]) -> Leaf:
    allowed = {"of", "where"} | _OWN[kind]
    if unknown := sorted(set(inner) - allowed):
        raise InsightError(
            _("%(kind)s没有这一项：%(names)s。") % {"kind": kind, "names": "、".join(unknown)},
            possible=_one_of(sorted(allowed)),
        )
    table = str(inner.get("of", STOCKS if kind == "stock" else ""))
    if table not in TABLES:
        raise InsightError(_("没有这张事实表：%s。") % table, possible=_one_of(TABLES))
    if (kind == "stock") != (table == STOCKS):
        raise InsightError(_("存量要用stock来数，别的事实表不能用stock。"), possible=_one_of(OPERATORS))
    named = {name: str(inner.get(name, "")) for name in ("distinct", "value", "from", "to", "whose")}
    for column in filter(None, named.values()):
        _check_column(table, column)
    _check_whose(table, named["whose"])
    if (kind == "sum" and not named["value"]) or (kind == "days" and not (named["from"] and named["to"])):
        raise InsightError(_("%s少了要算的列。") % kind, possible=_one_of(sorted(allowed)))
    if named["distinct"] and named["value"]:
        raise InsightError(_("distinct和value只能写一个。"), possible=_one_of(sorted(allowed)))
    where = inner.get("where") or {}
    lines = tuple(_line(table, str(column), said) for column, said in where.items())
    return Leaf(kind, table, lines, *named.values())


def _check_whose(table: str, column: str) -> None:
    if column and ("said" not in TABLES[table].names or not column.startswith("said.")):
        raise InsightError(
            _("事实表%s只能算在责任单位名下。") % table, possible=_("可以用：%s。") % "moves、records"
        )


def _line(table: str, column: str, said: Any) -> Line:
    _check_column(table, column)
    if isinstance(said, Mapping):
        if len(said) != 1 or next(iter(said)) not in COMPARISONS:
            raise InsightError(_("看不懂的比较：%r。") % (dict(said),), possible=_one_of(COMPARISONS))
        ((how, value),) = said.items()
        return Line(column, str(how), tuple(value) if isinstance(value, list) else (value,))
    return Line(column, "is", tuple(said) if isinstance(said, list) else (said,))


def _check_column(table: str, column: str) -> None:
    names = TABLES[table].names
    if column not in names and not (column.startswith("said.") and "said" in names):
        raise InsightError(
            _("事实表%(table)s没有这一列：%(column)s。") % {"table": table, "column": column},
            possible=_one_of(names),
        )


def _one_of(names: Any) -> str:
    return _("可以用：%s。") % "、".join(names)
