"""An indicator in words: what is counted, of what, and how a number is shown."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.desks.hotline.telephony.api import Outcome as CallOutcome
from tongban.kernel import api as kernel
from tongban.kernel.flow.declaration import Flow
from tongban.oversight.insight.contracts import Figure, Good, Measured
from tongban.oversight.insight.facts import api as facts
from tongban.oversight.insight.formulas import Formula, Joined, Leaf, Line, leaves
from tongban.oversight.insight.packs import Indicator
from tongban.web import formats


def english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "").startswith("en")


def name(indicator: Indicator) -> str:
    """Its name in the reader's language."""
    return indicator.name_en if english() else indicator.name


def shown(indicator: Indicator, figure: Figure | None) -> str:
    """A figure as it is read: a share of nothing is 无, never 0 %."""
    if figure is None or figure.value is None:
        return _("无")
    if indicator.measured is Measured.SHARE:
        return formats.rate(figure.part or 0, figure.whole or 0)
    if indicator.measured is Measured.DAYS:
        return _("%s天") % figure.value
    if indicator.measured is Measured.FEN:
        return formats.money(int(figure.value))
    return formats.count(int(figure.value))


def target(indicator: Indicator) -> str:
    """What should be reached, as it is read; empty where nothing is set."""
    if indicator.target is None:
        return ""
    number = f"{indicator.target.normalize():,f}"
    if indicator.measured is Measured.SHARE:
        return f"{number}%"
    if indicator.measured is Measured.FEN:
        return formats.money(int(indicator.target))
    return _("%s天") % number if indicator.measured is Measured.DAYS else number


def missed(indicator: Indicator, figure: Figure | None) -> bool:
    """Whether a target is missed, where there is one and something to compare."""
    if indicator.target is None or figure is None or figure.value is None:
        return False
    if indicator.good is Good.DOWN:
        return figure.value > indicator.target
    return figure.value < indicator.target


def parts(indicator: Indicator) -> Iterator[tuple[int, str]]:
    """Each thing that is counted, with its place and in words."""
    for place, leaf in enumerate(leaves(indicator.formula)):
        yield place, said(leaf)


def how(formula: Formula) -> str:
    """How the parts are put together."""
    if isinstance(formula, Leaf):
        return {"count": _("计数"), "sum": _("合计"), "days": _("平均天数"), "stock": _("期末在册")}[
            formula.kind
        ]
    return {"share": _("前者占后者的百分比"), "plus": _("相加"), "minus": _("前者减后者")}[formula.how]


def said(leaf: Leaf) -> str:
    """What a leaf counts."""
    kinds = next((line.values for line in leaf.where if line.column == "kind"), ())
    kind = str(kinds[0]) if len(kinds) == 1 else ""
    told = [_line(line, kind or leaf.table) for line in leaf.where]
    if leaf.distinct and leaf.distinct != "stream":
        told.append(_("同一%s只算一次") % column(leaf.distinct))
    if leaf.whose:
        told.append(_("算在%s名下") % column(leaf.whose))
    return _("%(table)s：%(lines)s") % {"table": table(leaf.table), "lines": _("；").join(told) or _("全部")}


def table(key: str) -> str:
    """What a table of facts is about."""
    return {
        "moves": _("案卷上发生的事"), "clocks": _("期限记录"), "records": _("登记簿记录"), "stocks": _("期末在册的"), "calls": _("电话"),
    }[key]  # fmt: skip


def _line(line: Line, kind: str) -> str:
    if line.column == "ended":
        return _("已经结束") if line.values == (True,) else _("刚开始")
    if line.column == "delegated":
        return _("受委托办理") if line.values == (True,) else _("不是受委托办理")
    if line.column == "by_hand":
        return _("人工登记的") if line.values == (True,) else _("交换机送来的")
    if line.values == ("true",) and line.how == "is":
        return column(line.column)
    if line.column == "sequence" and line.values == (1,):
        return _("开立时")
    values = _("、").join(_value(line.column, value, kind) for value in line.values)
    pattern = {
        "is": _("%(column)s是%(values)s"), "not": _("%(column)s不是%(values)s"), "from": _("%(column)s不少于%(values)s"),
        "below": _("%(column)s少于%(values)s"),
    }[line.how]  # fmt: skip
    called = column(line.column)
    return pattern % {"column": called[:1].lower() + called[1:] if english() else called, "values": values}


def column(key: str) -> str:
    """A column's name."""
    known = {
        "kind": _("类别"), "act": _("动作"), "before": _("原状态"), "after": _("新状态"), "outcome": _("结果"), "by": _("经手方"),
        "channel": _("渠道"), "unit": _("单位"), "region": _("区划"), "subject": _("事由"), "name": _("期限名称"),
        "whose": _("谁的期限"), "sequence": _("第几步"), "party": _("申请方"),
        "line": _("线路"), "waited": _("等待秒数"), "rating": _("话后评价"),
    }  # fmt: skip
    return str(known.get(key) or code_name(key.removeprefix("said.")))


def _value(key: str, value: object, kind: str) -> str:
    text = str(value)
    if key == "kind":
        return kind_name(text)
    if key == "act":
        return act_name(kind, text)
    if kind == "calls" and key == "outcome":
        return call_outcome(text)
    flow = _flow(kind)
    if flow is not None and key in {"before", "after"} and text in flow.states:
        return str(flow.states[text].label)
    if flow is not None and key == "name":
        return limit_name(flow, text)
    return code_name(text) or _("空")


def call_outcome(code: str) -> str:
    """How a call went, as the hotline says it."""
    return str(CallOutcome(code).label) if code in CallOutcome.values else code


def _flow(kind: str) -> Flow | None:
    return next((one for one in kernel.all_flows() if one.kind == kind), None)


def code_name(code: str) -> str:
    """A code as the pack of facts says it; else itself."""
    named = facts.kept().names.get(code)
    return named[english()] if named else code


def limit_name(flow: Flow, key: str) -> str:
    """A limit as the flow calls it; one that a desk starts by hand keeps its key."""
    limits = [limit for way in flow.opens.values() for limit in way.starts]
    limits += [limit for move in flow.moves.values() for limit in move.starts]
    return next((str(limit.label) for limit in limits if limit.name == key), code_name(key))


def kind_name(kind: str) -> str:
    """A kind of docket as people say it; else as the pack does."""
    flow = _flow(kind)
    return str(flow.label) if flow else code_name(kind)


def act_name(kind: str, act: str) -> str:
    """What happened as people say it; else as the pack does."""
    flow = _flow(kind)
    found = (flow.moves.get(act) or flow.opens.get(act)) if flow else None
    return str(found.label) if found else code_name(act)


def happened(kind: str, *, act: str, limit: str) -> str:
    """What one fact says: the act, or the limit that it tells of."""
    if kind == "call":
        return call_outcome(act)
    flow = _flow(kind)
    return limit_name(flow, limit) if flow and limit else act_name(kind, act) or _("在册")


def is_share(formula: Formula) -> bool:
    """Whether a figure has a numerator and a denominator."""
    return isinstance(formula, Joined) and formula.how == "share"
