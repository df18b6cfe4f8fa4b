"""Reading figures: of months, by unit, and the facts behind one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from tongban.oversight.insight import stocks
from tongban.oversight.insight.conditions import meets, of_unit, scoped, unread
from tongban.oversight.insight.contracts import Period, Scope, Series
from tongban.oversight.insight.counting import CALLS, Asked
from tongban.oversight.insight.engine import engine, table
from tongban.oversight.insight.formulas import Leaf, leaves
from tongban.oversight.insight.packs import Indicator
from tongban.oversight.insight.shelf import counted

PAGE = 50


def figures(
    wanted: Sequence[Indicator], *, period: Period, scope: Scope, by: Sequence[str] = ()
) -> Mapping[str, Series]:
    """Figures of indicators over a period; every table is read once for all of them, and only when a file of it changed."""
    asked = [Asked(one.id, one.version, one.formula) for one in wanted]
    return counted(asked, period=period, scope=scope, by=by)


def month(day: date, *, back: int = 0) -> Period:
    """The month of a day, or one so many months before; its last day is not later than the month's."""
    months = day.year * 12 + day.month - 1 - back
    first = date(months // 12, months % 12 + 1, 1)
    following = date((months + 1) // 12, (months + 1) % 12 + 1, 1)
    return Period(first, following - timedelta(days=1))


def beside(day: date, *, today: date) -> tuple[Period, ...]:
    """A month, the one before, the same a year ago, and its year up to it: up to yesterday while the month lasts, so that
    a year is counted once a day and not with every fact.
    """
    this = month(day)
    until = min(this.last, today - timedelta(days=1))
    first = this.first.replace(month=1)
    year = Period(first, until) if until >= first else this
    return this, month(day, back=1), month(day, back=12), year


@dataclass(frozen=True, slots=True)
class Behind:
    """One fact behind a figure. `number` is the docket's, empty for what a register says; `key` is the thing's or the call's."""

    number: str
    sequence: int
    kind: str
    act: str
    name: str
    unit: str
    day: date
    key: str = ""


def behind(
    indicator: Indicator, *, period: Period, scope: Scope, side: int = 0, unit: str = "", after: str = "",
    left_out: bool = False,
) -> tuple[list[Behind], str]:  # fmt: skip
    """The facts that one side of an indicator counts, a page at a time, oldest docket number first.

    :param side: which of the formula's leaves, as they are written
    :param after: where the last page ended
    :param left_out: instead, those that it leaves out since a word of theirs is no number
    :return: the page, and where the next one begins; empty when there is none
    """
    leaf = _leaf(indicator, side)
    with engine() as connection:
        facts = _facts(connection, leaf, period=period, scope=scope, unit=unit, left_out=left_out)
        if facts is None:
            return [], ""
        rows = connection.to_pyarrow(_page(facts, after)).to_pylist()
    more = _place(rows[PAGE - 1]) if len(rows) > PAGE else ""
    return [_behind(row, leaf) for row in rows[:PAGE]], more


def all_behind(
    indicator: Indicator, *, period: Period, scope: Scope, side: int = 0, unit: str = "", most: int
) -> pa.Table | None:
    """The facts that one side of an indicator counts, all columns, by place; at most so many rows. None without facts."""
    with engine() as connection:
        facts = _facts(connection, _leaf(indicator, side), period=period, scope=scope, unit=unit)
        if facts is None:
            return None
        order = [name for name in ("stream", "sequence", "item", "name") if name in facts.columns]
        found: pa.Table = connection.to_pyarrow(facts.order_by(order).limit(most))
    return found


def _leaf(indicator: Indicator, side: int) -> Leaf:
    own = list(leaves(indicator.formula))
    return own[min(max(side, 0), len(own) - 1)]


def _facts(
    connection: Any, leaf: Leaf, *, period: Period, scope: Scope, unit: str, left_out: bool = False
) -> Any:
    """The rows that a leaf counts, or leaves out, as an expression; None where there are none."""
    facts = table(connection, leaf.table, stocks.reaching(leaf.table, period))
    if facts is None:
        return None
    facts = of_unit(_counted(facts, leaf, period), leaf)
    if (limit := scoped(facts, scope)) is not None:
        facts = facts.filter(limit)
    condition = unread(facts, leaf) if left_out else meets(facts, leaf.where)
    if left_out and condition is None:
        return None
    if condition is not None:
        facts = facts.filter(condition)
    if unit and (own_unit := next((one for one in ("unit", "by_unit") if one in facts.columns), "")):
        facts = facts.filter(facts[own_unit] == unit)
    return facts


def _counted(facts: Any, leaf: Leaf, period: Period) -> Any:
    """What holds on the last day of a stock; of calls those that were some."""
    if leaf.kind == "stock":
        facts = stocks.lasting(facts)
        return facts.filter(stocks.standing(facts, period.last))
    return stocks.happened(facts) if leaf.table == CALLS else facts


_SHOWN = ("place", "stream", "sequence", "kind", "act", "outcome", "name", "unit", "by_unit", "day", "key")


def _page(facts: Any, after: str) -> Any:
    place = facts.stream + "#" + facts.sequence.cast("string").lpad(8, "0")
    if "item" in facts.columns:
        place = place + "#" + facts["item"].cast("string").lpad(8, "0")
    facts = facts.mutate(place=place)
    if after:
        facts = facts.filter(facts.place > after)
    shown = [one for one in _SHOWN if one in facts.columns]
    return facts.select(*shown).order_by("place").limit(PAGE + 1)


def _place(row: Mapping[str, Any]) -> str:
    return str(row["place"])


def _behind(row: Mapping[str, Any], leaf: Leaf) -> Behind:
    number = row["stream"] if leaf.table in {"moves", "clocks"} else ""
    return Behind(
        number, row["sequence"], row.get("kind", "call"), row.get("act", row.get("outcome", "")), row.get("name", ""),
        row.get("unit", row.get("by_unit", "")), row["day"], row.get("key", ""),
    )  # fmt: skip
