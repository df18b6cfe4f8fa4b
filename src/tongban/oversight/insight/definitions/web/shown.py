"""The formula's rows, the effect on the past and versions as pages show them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tongban.kernel import api as kernel
from tongban.kernel.flow.declaration import Flow
from tongban.oversight.insight import words
from tongban.oversight.insight.contracts import Figure, Measured, Period
from tongban.oversight.insight.definitions import editing
from tongban.oversight.insight.definitions.editing import Condition, Thing
from tongban.oversight.insight.definitions.effect import Change, Effect
from tongban.oversight.insight.definitions.seen import seen
from tongban.oversight.insight.definitions.web.posted import Typed
from tongban.oversight.insight.facts import api as facts
from tongban.oversight.insight.packs import Indicator
from tongban.web import formats

Choices = list[tuple[str, str]]
HINTS = 24


def tables() -> Choices:
    """Tables that are counted row by row."""
    return [(name, words.table(name)) for name in facts.TABLES if name != editing.STOCKS]


def hows() -> Choices:
    """Ways of comparing."""
    return [
        ("is", _("是其中一个")),
        ("not", _("不是其中任何一个")),
        ("from", _("不少于")),
        ("below", _("少于")),
    ]


def kinds() -> Choices:
    """Ways of counting."""
    return [("count", _("计数")), ("sum", _("合计")), ("days", _("平均天数")), ("stock", _("期末在册"))]


def instant(name: str) -> str:
    """An instant of a fact in words."""
    known = {
        "opened_at": _("开立时刻"), "at": _("发生时刻"), "recorded_at": _("入账时刻"), "started_at": _("期限开始"), "due_at": _("期限届满"),
    }  # fmt: skip
    return known.get(name, name)


def columns(table: str) -> Choices:
    """What a row may compare: the table's columns, then the kept words."""
    own = [(name, column_name(name)) for name in editing.columns(table)]
    if "said" not in facts.TABLES[table].names:
        return own
    return [
        *own,
        *((f"said.{word}", f"{_('写着的')} {words.column('said.' + word)}") for word in _kept(table)),
    ]


def _kept(table: str) -> list[str]:
    pack = facts.kept()
    source: Mapping[str, tuple[str, ...]]
    source = (
        pack.records
        if table == "records"
        else getattr(pack, "stocks", {})
        if table == editing.STOCKS
        else pack.dockets
    )
    return sorted({word for kept in source.values() for word in kept})


def sides(typed: Typed, faults: Mapping[str, str], *, period: Period) -> list[dict[str, Any]]:
    """The form of the formula, side by side, with what is wrong and what can be put in."""
    share = typed.shape.how == editing.SHARE
    names = [_("分子：数哪些"), _("分母：在哪些里面")] if share else [_("数什么")]
    return [
        {
            "path": f"{number}", "name": names[number], "fault": faults.get(f"{number}", ""), "several": len(side) > 1,
            "things": [_thing(f"{number}.{place}", one, faults, period) for place, one in enumerate(side)],
        }
        for number, side in enumerate(typed.shape.used)
    ]  # fmt: skip


def spare(typed: Typed) -> Iterator[tuple[str, str]]:
    """Names and values of what was typed for a side that is not used now, so that it is there when it is again."""
    for number, side in enumerate(typed.shape.sides):
        if number < len(typed.shape.used):
            continue
        for place, one in enumerate(side):
            path = f"f.{number}.{place}"
            for name in ("sign", "kind", "table", "distinct", "value", "since", "until", "whose"):
                yield f"{path}.{name}", getattr(one, name)
            for line, row in enumerate(one.where):
                for name in ("column", "how", "values"):
                    yield f"{path}.w.{line}.{name}", getattr(row, name)


def _thing(path: str, one: Thing, faults: Mapping[str, str], period: Period) -> dict[str, Any]:
    table = editing.STOCKS if one.kind == "stock" else one.table if one.table in facts.TABLES else "moves"
    rows = [*one.where] or [Condition()]
    said: Choices = columns(table)
    own = ("", _("选一列"))
    kind = next((row.values.strip() for row in rows if row.column == "kind" and row.how == "is"), "")
    return {
        "path": path, "one": one, "stock": one.kind == "stock", "fault": faults.get(path, ""), "columns": [own, *said],
        "distinct": _distinct(table, said), "values": [own, *said], "whose": _whose(table, one),
        "instants": [("", _("选一个时刻")), *((name, instant(name)) for name in editing.instants(table))],
        "rows": [
            {
                "path": f"{path}.{place}", "name": f"f.{path}.w.{place}", "row": row, "fault": faults.get(f"{path}.{place}", ""),
                "hints": list(_hints(table, row, kind, period)), "now": _now(row, kind),
            }
            for place, row in enumerate(rows)
        ],
    }  # fmt: skip


def _distinct(table: str, said: Choices) -> Choices:
    every = _("每一条都数") if table != editing.STOCKS else _("每一个都数")
    dockets = [("stream", _("同一案卷只数一次"))] if table in {"moves", "clocks"} else []
    return [("", every), *dockets, *((key, _("不同的%s") % name) for key, name in said)]


def _whose(table: str, one: Thing) -> Choices:
    """Under whose name a row may count; empty where there is no choice."""
    if table not in editing.OF_OTHERS or one.kind == "stock":
        return []
    words_of_units = [name for name in dict.fromkeys(("said.unit", one.whose)) if name]
    return [
        ("", _("算在当时的责任单位名下")),
        *((name, _("算在%s名下") % words.column(name)) for name in words_of_units),
    ]


def _hints(table: str, row: Condition, kind: str, period: Period) -> Iterator[str]:
    """Values that were there lately, with their names; a flow's own even where nobody has used them yet."""
    if not row.column or row.how in {"from", "below"}:
        return
    if editing.is_yes_or_no(table, row.column):
        yield from (_("是"), _("否"))
        return
    found = dict.fromkeys([*_of_flow(row.column, kind), *seen(table, row.column, kind=kind, period=period)])
    for value in list(found)[:HINTS]:
        name = _value_name(row.column, value, kind)
        yield value if name == value else f"{value} {name}" if value else _("（空）")


def _now(row: Condition, kind: str) -> str:
    """What the typed codes are called, where any has a name."""
    typed = editing.parts(row.values)
    names = [_value_name(row.column, value, kind) for value in typed]
    return "" if names == typed else _("、").join(names)


def _flow(kind: str) -> Flow | None:
    return next((one for one in kernel.all_flows() if one.kind == kind), None)


def _of_flow(column: str, kind: str) -> list[str]:
    flow = _flow(kind)
    if flow is None:
        return []
    if column == "act":
        return [*flow.opens, *flow.moves]
    return [str(state) for state in flow.states] if column in {"before", "after"} else []


def _value_name(column: str, value: str, kind: str) -> str:
    flow = _flow(kind)
    if column == "kind":
        return words.kind_name(value)
    if column == "act":
        return words.act_name(kind, value)
    if flow is not None and column in {"before", "after"} and value in flow.states:
        return str(flow.states[value].label)
    if flow is not None and column == "name":
        return words.limit_name(flow, value)
    return words.code_name(value)


def column_name(key: str) -> str:
    """A column in words, those too that only the form offers."""
    known = {
        "ended": _("已经结束"), "delegated": _("受委托办理"), "by_hand": _("人工登记的"), "gone": _("已经没有了"),
        "extended": _("延期次数"), "by_unit": _("经手单位"), "parent": _("上级案卷"),
    }  # fmt: skip
    return known.get(key) or words.column(key)


# --- the effect -----------------------------------------------------------------------------------------------


def effect(found: Effect, *, old: Indicator | None, new: Indicator, unit: Any) -> dict[str, Any]:
    """The effect on the past, in the reader's words.

    :param unit: what a unit is called
    """

    def line(change: Change, name: str) -> dict[str, Any]:
        return {
            "name": name, "old": _shown(old, change.old), "new": _shown(new, change.new), "moved": moved(new, change),
            "differs": bool(change.moved) or (change.moved is None and (change.old or change.new) is not None),
        }  # fmt: skip

    return {
        "whole": line(found.whole, _("十二个月合计")), "months": [line(one, one.group) for one in found.months],
        "units": [line(one, unit(one.group)) for one in found.units if one.moved or old is None],
        "first": found.period.first, "last": found.period.last, "is_new": old is None,
    }  # fmt: skip


def _shown(indicator: Indicator | None, figure: Figure | None) -> str:
    if indicator is None:
        return "—"
    said = words.shown(indicator, figure)
    if figure is not None and figure.whole:
        return f"{said}（{formats.count(figure.part)}/{formats.count(figure.whole)}）"
    return said


def moved(indicator: Indicator, change: Change) -> str:
    """The difference with its sign; in percentage points between shares."""
    if change.moved is None:
        return "—"
    if not change.moved:
        return _("不变")
    sign = "+" if change.moved > 0 else "−"
    size = abs(change.moved)
    if indicator.measured is Measured.SHARE:
        return _("%s个百分点") % f"{sign}{size.normalize():f}"
    if indicator.measured is Measured.FEN:
        return sign + formats.money(int(size))
    return f"{sign}{size.normalize():f}"


def compared(old: Indicator | None, new: Indicator, *, owner: Any) -> list[dict[str, Any]]:
    """Line by line what one definition says beside the other."""
    lines = []
    for label, told in _LINES:
        before, after = (told(one, owner) if one is not None else "" for one in (old, new))
        lines.append(
            {"label": label(), "old": before, "new": after, "differs": old is not None and before != after}
        )
    return lines


def formula(one: Indicator) -> str:
    """A formula in words."""
    parts = [said for _place, said in words.parts(one)]
    if len(parts) == 1:
        return f"{words.how(one.formula)} · {parts[0]}"
    return f"{words.how(one.formula)} · " + "／".join(
        f"({place}) {said}" for place, said in enumerate(parts, 1)
    )


def since(day: date) -> str:
    """A day as tables write it."""
    return formats.iso(day)


_LINES: tuple[tuple[Any, Any], ...] = (
    (lambda: _("名称"), lambda one, _owner: one.name),
    (lambda: _("英文名称"), lambda one, _owner: one.name_en),
    (lambda: _("怎么算"), lambda one, _owner: formula(one)),
    (lambda: _("计量单位"), lambda one, _owner: str(one.measured.label)),
    (lambda: _("好的方向"), lambda one, _owner: str(one.good.label)),
    (lambda: _("最小算到"), lambda one, _owner: str(one.grain.label)),
    (lambda: _("目标"), lambda one, _owner: words.target(one) or _("没有定目标")),
    (lambda: _("归在哪一类"), lambda one, _owner: str(one.theme.label)),
    (lambda: _("口径由谁负责"), lambda one, owner: owner(one.owner)),
    (lambda: _("依据的法律或者政策"), lambda one, _owner: one.source),
    (lambda: _("从何时起"), lambda one, _owner: since(one.since)),
)
