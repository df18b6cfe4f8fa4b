"""Which values a column had lately: what a row may be compared with, and what has never been there."""

from __future__ import annotations

from datetime import date

from tongban.oversight.insight.contracts import Period
from tongban.oversight.insight.definitions import editing
from tongban.oversight.insight.engine import engine, table

MOST = 40


def seen(name: str, column: str, *, kind: str, period: Period) -> list[str]:
    """Values of a column in a period, those that were there most often first.

    :param kind: only of facts of this kind; empty for all
    """
    with engine() as connection:
        wanted = (
            Period(date.min, period.last) if name == editing.STOCKS else period
        )  # a stock began long before
        facts = table(connection, name, wanted)
        if facts is None:
            return []
        if kind and "kind" in facts.columns and column != "kind":
            facts = facts.filter(facts.kind == kind)
        word = column.removeprefix("said.")
        if word != column:
            if "said" not in facts.columns:
                return []
            value = facts.said.get(word)
        elif column in editing.columns(name):
            value = facts[column].cast("string")
        else:
            return []
        facts = facts.mutate(value=value)
        found = facts.group_by("value").aggregate(times=facts.count())
        found = found.filter(found.value.notnull()).order_by([-found.times, found.value]).limit(MOST)
        return [str(row["value"]) for row in connection.to_pyarrow(found).to_pylist()]
