"""Figures of a month as they were published, beside what the facts say now, and marks of altered entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tongban.oversight.insight import words
from tongban.oversight.insight.contracts import Closed, Figure, Period, Scope
from tongban.oversight.insight.definitions import selectors as definitions
from tongban.oversight.insight.months import freezing
from tongban.oversight.insight.months import selectors as months
from tongban.oversight.insight.packs import Indicator


@dataclass(frozen=True, slots=True)
class Standing:
    """A month within a scope: how it was published, if so, and which figures rest on altered entries."""

    closed: Closed | None
    figures: Mapping[str, Figure]
    marks: Mapping[str, Sequence[months.Mark]]

    def cell(self, one: Indicator, now: Figure | None) -> dict[str, Any]:
        """A figure as published, with what the facts say now where that differs; as it is now where it was not published."""
        was = self.figures.get(one.id)
        differs = was is not None and not freezing.same(was, now)
        figure = was if was is not None else now
        return {
            "figure": figure, "said": words.shown(one, figure), "now": words.shown(one, now) if differs else "",
            "marked": one.id in self.marks, "unread": now.unread if now is not None else 0,
        }  # fmt: skip


def standing(day: date, scope: Scope) -> Standing:
    """How a month stands within a scope."""
    closed, whose = months.closed(day), months.whose_of(scope)
    kept: Mapping[str, Figure] = {}
    if closed is not None and whose:
        kept = months.published(day, whose=whose).get(whose, {})
    return Standing(closed, kept, months.marked(day, scope=scope))


def history(key: str, *, periods: Sequence[Period], scope: Scope) -> list[dict[str, Any]]:
    """An indicator month by month, each by the version that held; from the first month that has a figure."""
    counted = definitions.by_month(key, months=periods, scope=scope)
    whose = months.whose_of(scope)
    known = definitions.known()
    published = months.published_each(key, whose=whose, first=periods[0].first, last=periods[-1].last)
    rows: list[dict[str, Any]] = []
    for period in periods:
        name = f"{period.first:%Y-%m}"
        one, now = known.on(period.last).get(key), counted.get(name)
        if one is None:  # it had ended
            continue
        if not (rows or period == periods[-1] or (now is not None and now.value)):
            continue
        kept = published.get(period.first)
        differs = kept is not None and not freezing.same(kept, now)
        figure = kept if kept is not None else now
        rows.append(
            {
                "month": name, "value": words.shown(one, figure), "figure": figure, "version": (kept or now or one).version,
                "now": words.shown(one, now) if differs else "", "published": kept is not None,
            }
        )  # fmt: skip
    return rows
