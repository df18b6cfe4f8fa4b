"""Near misses worth telling: a threshold that is missed by little. Pure.

A condition is eased by moving its threshold: a number by a share of itself, a day by some days. What fails exactly one
condition and would meet it eased is worth a message; who is in another county, or of another trade, is not. Only
conditions of the outermost *and* are eased, each towards more rows, so whatever was true stays true.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from tongban.kernel.rules.columns.matching import Measure, conditions
from tongban.kernel.rules.elements import Type
from tongban.kernel.rules.load import Rule
from tongban.kernel.rules.nodes import All, Compare, Literal, Node

_AT_LEAST = frozenset({">", ">="})
_AT_MOST = frozenset({"<", "<="})
_HUNDRED = Decimal(100)


def eased(node: Node, *, percent: int, days: int) -> Node | None:
    """A comparison with a written threshold, its threshold moved; None for any other condition."""
    if not isinstance(node, Compare) or node.operator not in _AT_LEAST | _AT_MOST:
        return None
    if isinstance(node.left, Literal) == isinstance(node.right, Literal):
        return None
    # ``18 <= x`` asks for a large x as ``x >= 18`` does.
    lower = (node.operator in _AT_LEAST) == isinstance(node.right, Literal)
    if isinstance(node.right, Literal):
        moved = _moved(node.right, lower=lower, percent=percent, days=days)
        return None if moved is None else replace(node, right=moved)
    assert isinstance(node.left, Literal)
    moved = _moved(node.left, lower=lower, percent=percent, days=days)
    return None if moved is None else replace(node, left=moved)


def _moved(literal: Literal, *, lower: bool, percent: int, days: int) -> Literal | None:
    value = literal.value
    if literal.type is Type.DATE and isinstance(value, date):
        return replace(literal, value=value + timedelta(days=-days if lower else days))
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    step = abs(Decimal(value)) * percent / _HUNDRED
    found = Decimal(value) - step if lower else Decimal(value) + step
    if literal.type is Type.MONEY:
        found = found.to_integral_value(ROUND_FLOOR if lower else ROUND_CEILING)
        return replace(literal, value=int(found))
    return replace(literal, value=found)


def eased_measure(measure: Measure, *, percent: int, days: int) -> Measure | None:
    """A measure with every condition eased that can be, without its amount; None where none can."""
    parts = conditions(measure.rule.node)
    moved = [eased(part, percent=percent, days=days) for part in parts]
    if not any(moved):
        return None
    items = tuple(new or old for new, old in zip(moved, parts, strict=True))
    rule = measure.rule
    node = items[0] if len(items) == 1 else All(items)
    return Measure(measure.key, Rule(rule.source, node, rule.elements, rule.reads))
