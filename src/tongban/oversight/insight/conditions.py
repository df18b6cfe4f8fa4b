"""Which rows of a table a leaf counts: its lines, the unit each row belongs to, and what somebody may count.

A kept word that is compared as a number, or added up, may be none: such a row is left out and told (`unread`), never an error.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any

from tongban.oversight.insight.access import whole_city
from tongban.oversight.insight.contracts import Scope
from tongban.oversight.insight.facts.api import TABLES
from tongban.oversight.insight.formulas import Leaf, Line

if TYPE_CHECKING:
    import ibis

SAID = "said."
NUMERIC = ("from", "below")
BEYOND = 1e15
"""Nothing that is counted reaches so far: what is larger, or is no number at all (NaN), is unread."""


def column(facts: ibis.Table, name: str) -> Any:
    """A column, or a kept word: from a column of its own where it was taken out of the map already."""
    if name.startswith(SAID):
        word = name.removeprefix(SAID)
        return facts[f"said_{word}"] if f"said_{word}" in facts.columns else facts.said.get(word)
    return facts[name]


def number(value: Any) -> Any:
    """What a column says as a number; a word that is none is null."""
    if not value.type().is_string():
        return value.cast("float64")
    read = value.try_cast("float64")
    return ((read > -BEYOND) & (read < BEYOND)).ifelse(read, None)


def whole(value: Any) -> Any:
    """What a column says as a whole number, to be added up; a word that is none is null."""
    return value.try_cast("int64") if value.type().is_string() else value.cast("int64")


def meets(facts: ibis.Table, lines: Sequence[Line]) -> Any:
    """Which rows every line holds of; None when there is no line."""
    return reduce(and_, [_holds(column(facts, line.column), line) for line in lines]) if lines else None


def _holds(value: Any, line: Line) -> Any:
    if line.how == "from":
        return number(value) >= float(line.values[0])
    if line.how == "below":
        return number(value) < float(line.values[0])
    listed = value.isin(list(line.values)).fill_null(False)
    return ~listed if line.how == "not" else listed


def unread(facts: ibis.Table, leaf: Leaf) -> Any:
    """Rows that a leaf would count and that say a word where it wants a number; None where it wants none of words."""
    compared = [line for line in leaf.where if line.how in NUMERIC]
    wanted = [(column(facts, line.column), number) for line in compared]
    wanted += [(column(facts, leaf.value), whole)] if leaf.value else []
    bad = [value.notnull() & read(value).isnull() for value, read in wanted if value.type().is_string()]
    if not bad:
        return None
    rest = meets(facts, [line for line in leaf.where if line not in compared])
    found = reduce(or_, bad)
    return found if rest is None else rest & found


def reads_numbers(leaf: Leaf) -> bool:
    """Whether a leaf wants a number where a fact may hold a word."""
    return leaf.value.startswith(SAID) or any(
        line.how in NUMERIC and line.column.startswith(SAID) for line in leaf.where
    )


def of_unit(facts: ibis.Table, leaf: Leaf) -> ibis.Table:
    """The rows with `unit` as the leaf has it: whom a kept word names, else who was responsible."""
    if not leaf.whose:
        return facts
    named = column(facts, leaf.whose).nullif("")
    return facts.mutate(unit=named.fill_null(facts.unit))


def untold(table: str, scope: Scope) -> bool:
    """Whether nothing of a table can be told within a scope: it says neither unit nor division, and is the whole city's."""
    return not whole_city(scope) and "region" not in TABLES[table].names


def nobodys(facts: ibis.Table, scope: Scope) -> Any:
    """The rows of registers of which nobody wrote down whether they belong within a scope; None where there can be none."""
    if whole_city(scope) or "region" not in facts.columns or "parent" in facts.columns:
        return None
    own = facts.region == ""
    return own & (facts.unit == "") if scope.units else own


def scoped(facts: ibis.Table, scope: Scope) -> Any:
    """The rows that somebody may count; None when all of them. What has no division is the whole city's alone."""
    import ibis

    if whole_city(scope) and ("region" not in facts.columns or not scope.regions):
        return None
    parts = []
    if scope.units and (own := next((name for name in ("unit", "by_unit") if name in facts.columns), "")):
        parts.append(facts[own].isin(scope.units))
    if scope.regions and "region" in facts.columns:
        parts += [facts.region.startswith(region) for region in scope.regions]
        if whole_city(scope) and "parent" not in facts.columns:
            parts.append(facts.region == "")  # what a register wrote down of no division, such as a line
    return reduce(or_, parts) if parts else ibis.literal(False)
