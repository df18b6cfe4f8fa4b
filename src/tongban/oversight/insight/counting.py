"""From formulas to figures: every table is read once for all that is asked of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tongban.oversight.insight import stocks
from tongban.oversight.insight.conditions import (
    SAID,
    column,
    meets,
    nobodys,
    of_unit,
    scoped,
    unread,
    untold,
    whole,
)
from tongban.oversight.insight.contracts import Figure, InsightError, Period, Scope, Series
from tongban.oversight.insight.engine import engine, microseconds, rows, view, viewed
from tongban.oversight.insight.facts.api import TABLES, days_of, folder
from tongban.oversight.insight.formulas import STOCKS, Formula, Joined, Leaf, leaves

if TYPE_CHECKING:
    import ibis

GROUPS = ("month", "day", "unit", "region", "channel", "subject", "kind", "name", "line")
Group = tuple[str, ...]
_CENT = Decimal("0.01")
EVERYTHING = Scope()
CALLS = "calls"
DAY = 86_400_000_000
"""Microseconds."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One indicator as far as counting needs it."""

    id: str
    version: int
    formula: Formula


@dataclass(slots=True)
class Counted:
    """Of each leaf its number by group, how many rows it left out since a word is no number, and how many of which nobody
    knows whether they belong within the scope; `untold` are leaves of which nothing can be told there.
    """

    numbers: dict[Leaf, dict[Group, Decimal]] = field(default_factory=dict)
    unread: dict[Leaf, dict[Group, int]] = field(default_factory=dict)
    nobodys: dict[Leaf, dict[Group, int]] = field(default_factory=dict)
    untold: set[Leaf] = field(default_factory=set)

    def tells(self, leaf: Leaf, group: Group) -> bool:
        """Whether there is a number to be told."""
        return leaf not in self.untold and not self.nobodys[leaf].get(group)


def count(
    asked: Sequence[Asked], *, period: Period, scope: Scope = EVERYTHING, by: Sequence[str] = ()
) -> dict[str, Series]:
    """Figures of indicators over a period, by groups.

    :param by: columns of `GROUPS`, or kept words such as ``said.matter``; without any there is one figure, its group is empty.
        By month or day a stock is that of the month's or the day's end
    :raises InsightError: a group that is none
    """
    if unknown := [name for name in by if name not in GROUPS and not name.startswith(SAID)]:
        raise InsightError(
            _("不能按这一列分组：%s。") % "、".join(unknown), possible=_("可以用：%s。") % "、".join(GROUPS)
        )
    if set(stocks.TIMES) <= {*by}:
        raise InsightError(_("不能既按日又按月分组。"), possible=_("按日就够了：日子里有月份。"))
    wanted = {leaf for one in asked for leaf in leaves(one.formula)}
    counted = _count_leaves(wanted, period=period, scope=scope, by=tuple(by))
    return {one.id: _series(one, counted, tuple(by)) for one in asked}


def _count_leaves(wanted: Iterable[Leaf], *, period: Period, scope: Scope, by: tuple[str, ...]) -> Counted:
    found = Counted()
    with engine() as connection:
        for own in together(wanted, by_unit="unit" in by or bool(scope.units)):
            found.numbers |= {leaf: {} for leaf in own}
            found.unread |= {leaf: {} for leaf in own}
            found.nobodys |= {leaf: {} for leaf in own}
            name = own[0].table
            if untold(name, scope):
                found.untold.update(own)
                continue
            there = all(_has(name, group) for group in by) and view(
                connection, name, stocks.reaching(name, period)
            )
            if not there:
                continue
            ends = tuple(stocks.ends(period, by)) if name == STOCKS else ()
            for question, called in _questions(connection, tuple(own), ends, scope, by):
                for row in rows(connection, question):
                    for what, place, end, value in _read(row):
                        group = tuple(called.get(key, {}).get(end) or _called(key, row[key]) for key in by)
                        getattr(found, what)[own[place]][group] = value
            _fill(found, own, period, by)
    return found


def _fill(found: Counted, own: Sequence[Leaf], period: Period, by: tuple[str, ...]) -> None:
    """By month or day, a count of nothing is 0 wherever there are facts at all."""
    if by not in {("month",), ("day",)} or own[0].table == STOCKS:
        return
    for day in days_of(folder(), own[0].table):
        if period.first <= day <= period.last:
            group = (_called(by[0], day),)
            for leaf in own:
                if leaf.kind == "count":
                    found.numbers[leaf].setdefault(group, Decimal(0))


def _questions(
    connection: Any, own: tuple[Leaf, ...], ends: Ends, scope: Scope, by: tuple[str, ...]
) -> Iterable[tuple[Any, Called]]:
    if connection.name == "duckdb":
        return _statements(own, ends, scope, by)
    return _asked(connection.table(viewed(own[0].table)), own, ends=ends, scope=scope, by=by)


@lru_cache(maxsize=512)
def _statements(
    own: tuple[Leaf, ...], ends: Ends, scope: Scope, by: tuple[str, ...]
) -> tuple[tuple[str, Called], ...]:
    """The expressions as DuckDB's statements: writing them takes longer than answering them, and they are asked again."""
    import ibis

    name = own[0].table
    facts = ibis.table(ibis.Schema.from_pyarrow(TABLES[name]), name=viewed(name))
    asked = _asked(facts, own, ends=ends, scope=scope, by=by)
    return tuple((str(ibis.to_sql(numbers, dialect="duckdb")), called) for numbers, called in asked)


def together(wanted: Iterable[Leaf], *, by_unit: bool) -> list[list[Leaf]]:
    """Leaves that one reading of a table answers: where units matter, those that have the same unit's; and where kept words
    are asked for, those of the same kind, since words are taken out of rows one by one.
    """
    found: dict[tuple[object, ...], list[Leaf]] = {}
    for leaf in wanted:
        kinds = next((line.values for line in leaf.where if (line.column, line.how) == ("kind", "is")), ())
        apart = (
            kinds if leaf.table != STOCKS and any(name.startswith(SAID) for name in asked_of(leaf)) else ()
        )
        found.setdefault((leaf.table, leaf.whose if by_unit else "", apart), []).append(leaf)
    return list(found.values())


def asked_of(leaf: Leaf) -> set[str]:
    """The columns and kept words that a leaf looks at."""
    named = {leaf.value, leaf.distinct, leaf.since, leaf.until, leaf.whose}
    return {*named, *(line.column for line in leaf.where)} - {""}


def _has(table: str, name: str) -> bool:
    columns = TABLES[table].names
    return name in {*columns, "month"} or (name.startswith(SAID) and "said" in columns)


def _called(name: str, value: object) -> str:
    """A group as it is called: of a month's first day the month."""
    return str(value)[:7] if name == "month" else str(value)


Ends = tuple[tuple[str, date], ...]
Called = Mapping[str, Mapping[int, str]]


def _asked(
    facts: ibis.Table, own: Sequence[Leaf], *, ends: Ends, scope: Scope, by: tuple[str, ...]
) -> Iterator[tuple[Any, Called]]:
    """Aggregations that answer every leaf of a table, and what their ends are called where they have several."""
    name = own[0].table
    if name != STOCKS:
        facts = _wanted(stocks.happened(facts) if name == CALLS else facts, own)
        facts = _opened(facts, own, by)
        facts = of_unit(facts, own[0]) if "unit" in by or scope.units else facts
        facts = _limited(facts, scope)
        yield _grouped(facts, _numbers(facts, own, {0: None}, scope), by), {}
        return
    facts = _opened(_limited(stocks.lasting(facts), scope), own, by)
    numbered = list(enumerate(ends))
    for start in range(0, len(numbered), stocks.ENDS_AT_ONCE):
        part = numbered[start : start + stocks.ENDS_AT_ONCE]
        standing = {end: stocks.standing(facts, day) for end, (_called, day) in part}
        numbers = _numbers(facts, own, standing, scope)
        called = {end: one for end, (one, _day) in part}
        rest = [name for name in by if name not in stocks.TIMES]
        yield _grouped(facts, numbers, rest), dict.fromkeys(stocks.TIMES, called)


def _numbers(facts: ibis.Table, own: Sequence[Leaf], ends: Mapping[int, Any], scope: Scope) -> dict[str, Any]:
    """What is asked of the rows: each leaf's number, how many it cannot read, and how many are nobody's, at each end."""
    found, lost = {}, nobodys(facts, scope)
    inside = None if lost is None else scoped(facts, scope)
    for place, leaf in enumerate(own):
        wanted, bad = meets(facts, leaf.where), unread(facts, leaf)
        for end, standing in ends.items():
            there = _both(inside, standing)
            found[f"numbers_{place}_{end}"] = _number(facts, leaf, _both(wanted, there))
            if bad is not None:
                found[f"unread_{place}_{end}"] = facts.count(where=_both(bad, there))
            if lost is not None:
                found[f"nobodys_{place}_{end}"] = facts.count(where=_both(_both(wanted, lost), standing))
    return found


def _opened(facts: ibis.Table, own: Sequence[Leaf], by: Sequence[str]) -> ibis.Table:
    """Kept words as columns of their own, each taken out of the map once for all that ask for it."""
    asked = {*by}.union(*(asked_of(leaf) for leaf in own))
    words = sorted(name.removeprefix(SAID) for name in asked if name.startswith(SAID))
    return facts.mutate(**{f"said_{word}": facts.said.get(word) for word in words}) if words else facts


def _wanted(facts: ibis.Table, own: Sequence[Leaf]) -> ibis.Table:
    """Only rows that some leaf may count, as far as plain columns tell: an engine skips the others without reading them."""
    each = [{line.column: line for line in leaf.where if line.how == "is"} for leaf in own]
    for name in sorted(set(facts.columns).intersection(*each)):
        values = dict.fromkeys(value for lines in each for value in lines[name].values)
        facts = facts.filter(facts[name].isin(list(values)))
    return facts


def _limited(facts: ibis.Table, scope: Scope) -> ibis.Table:
    limit, lost = scoped(facts, scope), nobodys(facts, scope)
    if limit is None:
        return facts
    return facts.filter(limit if lost is None else limit | lost)


def _grouped(facts: ibis.Table, numbers: Mapping[str, Any], by: Sequence[str]) -> ibis.Table:
    if not by:
        return facts.aggregate(**numbers)
    return facts.group_by(**{name: _key(facts, name) for name in by}).aggregate(**numbers)


def _key(facts: ibis.Table, name: str) -> Any:
    if name == "month":
        return facts.day.truncate("M")
    return column(facts, name).fill_null("") if name.startswith(SAID) else facts[name]


def _read(row: Mapping[str, Any]) -> Iterator[tuple[str, int, int, Any]]:
    """What an aggregation gave: a number, what was unread or nobody's, of which leaf, at which end, how much."""
    for name, value in row.items():
        what, _line, rest = name.partition("_")
        if what in {"numbers", "unread", "nobodys"} and value is not None:
            place, end = rest.split("_")
            yield what, int(place), int(end), Decimal(str(value)) if what == "numbers" else int(value)


def _number(facts: ibis.Table, leaf: Leaf, where: Any) -> Any:
    if leaf.kind == "sum" or leaf.value:
        return whole(column(facts, leaf.value)).sum(where=where)
    if leaf.kind == "days":
        lasted = microseconds(column(facts, leaf.until)) - microseconds(column(facts, leaf.since))
        return (lasted.mean(where=where) / DAY).round(6)
    if leaf.distinct:
        return column(facts, leaf.distinct).nunique(where=where)
    return facts.count(where=where)


def _both(one: Any, other: Any) -> Any:
    """What holds of both; None holds of everything."""
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _series(one: Asked, counted: Counted, by: tuple[str, ...]) -> Series:
    own = set(leaves(one.formula))
    groups = {group for leaf in own for group in counted.numbers[leaf]} or ({()} if not by else set())
    return Series(by, {group: _figure(one, counted, group) for group in sorted(groups)})


def _figure(one: Asked, counted: Counted, group: Group) -> Figure:
    formula = one.formula
    if not all(counted.tells(leaf, group) for leaf in leaves(formula)):
        return Figure(one.id, one.version, group, None)
    bad = sum(counted.unread[leaf].get(group, 0) for leaf in set(leaves(formula)))
    if isinstance(formula, Joined) and formula.how == "share":
        part, whole = (_value(side, counted, group) or Decimal(0) for side in formula.parts)
        value = (100 * part / whole).quantize(_CENT, ROUND_HALF_UP) if whole > 0 else None
        return Figure(one.id, one.version, group, value, int(part), int(whole), bad)
    value = _value(formula, counted, group)
    return Figure(one.id, one.version, group, value, None if value is None else int(value), unread=bad)


def _value(formula: Formula, counted: Counted, group: Group) -> Decimal | None:
    """A number; a count of nothing is 0, a mean of nothing is none."""
    if isinstance(formula, Leaf):
        value = counted.numbers[formula].get(group)
        if formula.kind == "days":
            return None if value is None else value.quantize(_CENT, ROUND_HALF_UP)
        return value or Decimal(0)
    values = [_value(part, counted, group) or Decimal(0) for part in formula.parts]
    if formula.how == "share":
        return 100 * values[0] / values[1] if values[1] > 0 else None
    return sum(values, Decimal(0)) if formula.how == "plus" else values[0] - values[1]
