"""From formulas to figures: every table is read once for all that is asked of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tongban.oversight.insight import stocks
from tongban.oversight.insight.contracts import Figure, InsightError, Period, Scope, Series
from tongban.oversight.insight.engine import engine, table
from tongban.oversight.insight.formulas import STOCKS, Formula, Joined, Leaf, Line, leaves

if TYPE_CHECKING:
    import ibis

GROUPS = ("month", "day", "unit", "region", "channel", "subject", "kind", "name", "line")
Group = tuple[str, ...]
Counted = Mapping[Leaf, Mapping[Group, Decimal]]
_CENT = Decimal("0.01")
EVERYTHING = Scope()
CALLS = "calls"
_SAID = "said."
FEW = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """One indicator as far as counting needs it."""

    id: str
    version: int
    formula: Formula


def count(
    asked: Sequence[Asked], *, period: Period, scope: Scope = EVERYTHING, by: Sequence[str] = ()
) -> dict[str, Series]:
    """Figures of indicators over a period, by groups.

    :param by: columns of `GROUPS`, or kept words such as ``said.matter``; without any there is one figure, its group is empty.
        By month or day a stock is that of the month's or the day's end
    :raises InsightError: a group that is none
    """
    if unknown := [name for name in by if name not in GROUPS and not name.startswith("said.")]:
        raise InsightError(
            _("不能按这一列分组：%s。") % "、".join(unknown), possible=_("可以用：%s。") % "、".join(GROUPS)
        )
    wanted = {leaf for one in asked for leaf in leaves(one.formula)}
    counted = _count_leaves(wanted, period=period, scope=scope, by=tuple(by))
    return {one.id: _series(one, counted, tuple(by)) for one in asked}


def _count_leaves(wanted: Iterable[Leaf], *, period: Period, scope: Scope, by: tuple[str, ...]) -> Counted:
    by_table: dict[str, list[Leaf]] = {}
    for leaf in wanted:
        by_table.setdefault(leaf.table, []).append(leaf)
    found: dict[Leaf, dict[Group, Decimal]] = {leaf: {} for own in by_table.values() for leaf in own}
    with engine() as connection:
        for name, own in by_table.items():
            facts = table(connection, name, stocks.reaching(name, period))
            if facts is None or not all(_has(facts, column) for column in by):
                continue
            for numbers, ends in _asked(facts, own, period=period, scope=scope, by=by):
                for row in connection.to_pyarrow(numbers).to_pylist():
                    for (place, end), value in _read(row):
                        group = tuple(ends.get(column, {}).get(end) or str(row[column]) for column in by)
                        found[own[place]][group] = value
    return found


def _has(facts: ibis.Table, column: str) -> bool:
    return column in {*facts.columns, "month"} or (column.startswith("said.") and "said" in facts.columns)


Asking = Iterator[tuple[Any, Mapping[str, Mapping[int, str]]]]


def _asked(
    facts: ibis.Table, own: Sequence[Leaf], *, period: Period, scope: Scope, by: tuple[str, ...]
) -> Asking:
    """Aggregations that answer every leaf of a table, and what their ends are called where they have several."""
    name = own[0].table
    if name != STOCKS:
        facts = _limited(stocks.happened(facts) if name == CALLS else facts, scope)
        facts = _opened(facts.mutate(month=facts.day.strftime("%Y-%m")), own, by)
        facts = facts if by else _wanted(facts, own)
        yield (
            _grouped(facts, {f"leaf_{place}_0": _number(facts, leaf) for place, leaf in enumerate(own)}, by),
            {},
        )
        return
    facts = _opened(_limited(stocks.lasting(facts), scope), own, by)
    ends = list(enumerate(stocks.ends(period, by)))
    for start in range(0, len(ends), stocks.ENDS_AT_ONCE):
        part = ends[start : start + stocks.ENDS_AT_ONCE]
        numbers = {
            f"leaf_{place}_{end}": _number(facts, leaf, stocks.standing(facts, day))
            for place, leaf in enumerate(own)
            for end, (_called, day) in part
        }
        called = {end: one for end, (one, _day) in part}
        rest = [column for column in by if column not in stocks.TIMES]
        yield _grouped(facts, numbers, rest), dict.fromkeys(stocks.TIMES, called)


def _opened(facts: ibis.Table, own: Sequence[Leaf], by: Sequence[str]) -> ibis.Table:
    """Kept words as columns of their own, each taken out of the map once for all that ask for it."""
    asked = {line.column for leaf in own for line in leaf.where}
    asked |= {name for leaf in own for name in (leaf.value, leaf.distinct, leaf.since, leaf.until)} | {*by}
    words = sorted(name.removeprefix(_SAID) for name in asked if name.startswith(_SAID))
    return facts.mutate(**{f"said_{word}": facts.said.get(word) for word in words}) if words else facts


def _wanted(facts: ibis.Table, own: Sequence[Leaf]) -> ibis.Table:
    """Only rows that some leaf counts, where a few are asked: the rest need not be looked at more closely."""
    conditions = [meets(facts, leaf.where) for leaf in own]
    if len(own) > FEW or any(condition is None for condition in conditions):
        return facts
    return facts.filter(reduce(or_, conditions))


def _limited(facts: ibis.Table, scope: Scope) -> ibis.Table:
    limit = scoped(facts, scope)
    return facts if limit is None else facts.filter(limit)


def _grouped(facts: ibis.Table, numbers: Mapping[str, Any], by: Sequence[str]) -> ibis.Table:
    if not by:
        return facts.aggregate(**numbers)
    keys = {one: _column(facts, one).fill_null("") if one.startswith("said.") else facts[one] for one in by}
    return facts.group_by(**keys).aggregate(**numbers)


def _read(row: Mapping[str, Any]) -> Iterator[tuple[tuple[int, int], Decimal]]:
    """What an aggregation gave: which leaf, at which end, how much."""
    for name, value in row.items():
        if name.startswith("leaf_") and value is not None:
            _leaf, place, end = name.split("_")
            yield (int(place), int(end)), Decimal(str(value))


def scoped(facts: ibis.Table, scope: Scope) -> Any:
    """The rows that somebody may count; None when all of them. Facts of registers belong to the whole city."""
    parts = []
    if scope.units and (own := next((name for name in ("unit", "by_unit") if name in facts.columns), "")):
        parts.append(facts[own].isin(scope.units))
    if scope.regions and "region" in facts.columns:
        parts += [facts.region.startswith(region) for region in scope.regions]
        if scope.regions and "by_unit" in facts.columns and "parent" not in facts.columns:
            parts.append(facts.region == "")  # a register's record that is no division's
    return reduce(lambda one, other: one | other, parts) if parts else None


def _number(facts: ibis.Table, leaf: Leaf, standing: Any = None) -> Any:
    where = meets(facts, leaf.where)
    if standing is not None:
        where = standing if where is None else standing & where
    if leaf.kind == "sum" or leaf.value:
        return _column(facts, leaf.value).cast("int64").sum(where=where)
    if leaf.kind == "days":
        seconds = _column(facts, leaf.until).epoch_seconds() - _column(facts, leaf.since).epoch_seconds()
        return (seconds / 86400).mean(where=where).round(6)
    if leaf.distinct:
        return _column(facts, leaf.distinct).nunique(where=where)
    return facts.count(where=where)


def meets(facts: ibis.Table, lines: Sequence[Line]) -> Any:
    """Which rows every line holds of; None when there is no line."""
    return reduce(and_, [_holds(_column(facts, line.column), line) for line in lines]) if lines else None


def _column(facts: ibis.Table, name: str) -> Any:
    if name.startswith(_SAID):
        word = name.removeprefix(_SAID)
        return facts[f"said_{word}"] if f"said_{word}" in facts.columns else facts.said.get(word)
    return facts[name]


def _holds(column: Any, line: Line) -> Any:
    if line.how == "from":
        return column.cast("float64") >= float(line.values[0])
    if line.how == "below":
        return column.cast("float64") < float(line.values[0])
    listed = column.isin(list(line.values)).fill_null(False)
    return ~listed if line.how == "not" else listed


def _series(one: Asked, counted: Counted, by: tuple[str, ...]) -> Series:
    groups = {group for leaf in leaves(one.formula) for group in counted[leaf]} or ({()} if not by else set())
    return Series(by, {group: _figure(one, counted, group) for group in sorted(groups)})


def _figure(one: Asked, counted: Counted, group: Group) -> Figure:
    formula = one.formula
    if isinstance(formula, Joined) and formula.how == "share":
        part, whole = (_value(side, counted, group) or Decimal(0) for side in formula.parts)
        value = (100 * part / whole).quantize(_CENT, ROUND_HALF_UP) if whole else None
        return Figure(one.id, one.version, group, value, int(part), int(whole))
    value = _value(formula, counted, group)
    return Figure(one.id, one.version, group, value, None if value is None else int(value))


def _value(formula: Formula, counted: Counted, group: Group) -> Decimal | None:
    """A number; a count of nothing is 0, a mean of nothing is none."""
    if isinstance(formula, Leaf):
        value = counted[formula].get(group)
        if formula.kind == "days":
            return None if value is None else value.quantize(_CENT, ROUND_HALF_UP)
        return value or Decimal(0)
    values = [_value(part, counted, group) or Decimal(0) for part in formula.parts]
    if formula.how == "share":
        return 100 * values[0] / values[1] if values[1] else None
    return sum(values, Decimal(0)) if formula.how == "plus" else values[0] - values[1]
