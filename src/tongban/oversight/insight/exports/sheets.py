"""What is exported, as one table: columns with a type, rows of plain values. Row scope was applied when it was counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
from django.utils.translation import gettext as _

from tongban.oversight.insight import names, words
from tongban.oversight.insight.contracts import Figure, InsightError, Period, Scope
from tongban.oversight.insight.definitions import selectors as definitions
from tongban.oversight.insight.formulas import leaves
from tongban.oversight.insight.months import selectors as months
from tongban.oversight.insight.packs import Indicator
from tongban.oversight.insight.selectors import all_behind, figures, month
from tongban.web import formats

MOST = 1_000_000
"""So many facts go into one file."""
BY = {"": (), "unit": ("unit",), "region": ("region",), "channel": ("channel",), "day": ("day",)}
TEXT, COUNT, NUMBER, DAY, INSTANT = (
    pa.string(),
    pa.int64(),
    pa.decimal128(20, 2),
    pa.date32(),
    pa.timestamp("us", tz="UTC"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key for programs, its name for people, its type."""

    key: str
    name: str
    type: Any = TEXT


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to be written; `name` is the file's."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[Any, ...]]


def month_sheet(*, day: date, scope: Scope, by: str = "") -> Sheet:
    """Every figure of a month; with `by` for each group that has something to count.

    :raises InsightError: no such group
    """
    if by not in BY:
        raise InsightError(
            _("不能按这一列分组：%s。") % by, possible=_("可以用：%s。") % "、".join(filter(None, BY))
        )
    period = month(day)
    found = {key: one for key, one in definitions.indicators(on=period.last).items() if one.told_by(by)}
    counted = figures(list(found.values()), period=period, scope=scope, by=BY[by])
    whose = months.whose_of(scope) if not by else ""
    kept = months.published(day, whose=whose).get(whose, {}) if whose else {}
    group = [Column(by, words.column(by)), Column("group_name", _("名称"))] if by else []
    columns = (
        Column("month", _("月份")),
        *_indicator_columns(),
        *group,
        *_figure_columns(),
        *_published_columns(bool(kept)),
    )
    rows = []
    for key, one in found.items():
        for place, figure in sorted(counted[key].figures.items()):
            named = (place[0], _name(by, place[0])) if by else ()
            published = _values(kept.get(key)) if kept else ()
            rows.append((f"{day:%Y-%m}", *_indicator(one), *named, *_values(figure), *published))
    return Sheet(f"{day:%Y-%m}{'-' + by if by else ''}", columns, rows)


def history_sheet(one: Indicator, *, day: date, scope: Scope, length: int = 13) -> Sheet:
    """One indicator month by month, each by the version that held, with what was published."""
    periods = [month(day, back=back) for back in reversed(range(length))]
    counted = definitions.by_month(one.id, months=periods, scope=scope)
    known, whose = definitions.known(), months.whose_of(scope)
    published = months.published_each(one.id, whose=whose, first=periods[0].first, last=periods[-1].last)
    rows = []
    for period in periods:
        name = f"{period.first:%Y-%m}"
        figure = counted.get(name)
        held = known.on(period.last).get(one.id)
        if held is None:  # it had ended
            continue
        kept = published.get(period.first)
        rows.append((name, *_indicator(held), *_values(figure), *_values(kept)))
    columns = (
        Column("month", _("月份")),
        *_indicator_columns(),
        *_figure_columns(),
        *_published_columns(there=True),
    )
    return Sheet(f"{one.id}-{day:%Y-%m}", columns, rows)


def facts_sheet(
    one: Indicator, *, period: Period, scope: Scope, side: int = 0, unit: str = "", first: int = 0
) -> Sheet:
    """The facts that one side of an indicator counts: places in the ledger, codes and times; nobody is in them.

    :param first: only so many, and one more where there are more; else all of them
    :raises InsightError: all of them are more than a file holds
    """
    found = all_behind(one, period=period, scope=scope, side=side, unit=unit, most=(first or MOST) + 1)
    if not first and found is not None and found.num_rows > MOST:
        raise InsightError(
            _("事实超过%s条，一个文件放不下。") % formats.count(MOST),
            possible=_("请按单位或者按县（市、区）分开导出。"),
        )
    name = f"{one.id}-{side + 1}-{period.first:%Y-%m}"
    if found is None:
        return Sheet(name, (Column("stream", _("编号")),), [])
    kept = [field for field in found.schema if field.name != "said"]
    columns = [Column(field.name, field.name, field.type) for field in kept]
    lists = [found[field.name].to_pylist() for field in kept]
    if "said" in found.column_names:
        said = [dict(row or ()) for row in found["said"].to_pylist()]
        for word in sorted({word for row in said for word in row}):
            columns.append(Column(f"said.{word}", f"said.{word}"))
            lists.append([row.get(word) for row in said])
    return Sheet(name, tuple(columns), list(zip(*lists, strict=True)))


def side_of(one: Indicator, text: str) -> int:
    """Which leaf is asked for. :raises InsightError: there is no such one"""
    last = sum(1 for _leaf in leaves(one.formula)) - 1
    if text.isdecimal() and int(text) <= last:
        return int(text)
    raise InsightError(
        _("没有这一部分：%s。") % text, possible=_("可以用：%s。") % "、".join(map(str, range(last + 1)))
    )


def _indicator_columns() -> tuple[Column, ...]:
    return (
        Column("indicator", _("指标编号")), Column("name", _("指标")), Column("version", _("口径版本"), COUNT),
        Column("measured", _("计量单位")), Column("target", _("目标"), NUMBER),
    )  # fmt: skip


def _indicator(one: Indicator) -> tuple[Any, ...]:
    return (one.id, words.name(one), one.version, str(one.measured.label), one.target)


def _figure_columns() -> tuple[Column, ...]:
    return (
        Column("value", _("数"), NUMBER),
        Column("part", _("分子"), COUNT),
        Column("whole", _("分母"), COUNT),
    )


def _published_columns(there: bool) -> tuple[Column, ...]:  # noqa: FBT001 - whether the month was published
    if not there:
        return ()
    return (
        Column("published", _("公布的数"), NUMBER), Column("published_part", _("公布的分子"), COUNT),
        Column("published_whole", _("公布的分母"), COUNT),
    )  # fmt: skip


def _values(figure: Figure | None) -> tuple[Any, ...]:
    """Value, part and whole; nothing where there is nothing to divide by, never 0."""
    return (None, None, None) if figure is None else (figure.value, figure.part, figure.whole)


def _name(by: str, key: str) -> str:
    if by == "unit" and key:
        return names.unit(key)
    if by == "region" and key:
        return names.division(key)
    return words.code_name(key)
