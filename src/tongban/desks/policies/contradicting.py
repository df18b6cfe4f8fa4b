"""Conditions that nobody can meet, and conditions that everybody meets, found without any data. Pure.

A condition is taken apart into its alternatives (disjunctive form). An alternative is impossible when what it asks of one
value leaves nothing: at least 10 and fewer than 5; 武汉 and 咸宁; on the list and not on it. What is asked of a computed
value (years since founding) counts like a value of its own. A finding is certain; that none is found proves nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from typing import Any

from tongban.kernel.rules.columns.sharing import Shared
from tongban.kernel.rules.nodes import All, Compare, In, Literal, Node, Not, Some

MOST_ALTERNATIVES = 256
_OPPOSITE = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}
_RELATIONS = {
    "==": frozenset("="),
    "!=": frozenset("<>"),
    "<": frozenset("<"),
    "<=": frozenset("<="),
    ">": frozenset(">"),
    ">=": frozenset(">="),
}


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that an alternative asks: that `node` is `wanted`."""

    node: Node
    wanted: bool


Alternative = tuple[Demand, ...]


@dataclass(slots=True)
class _Range:
    """What is left of one value; each bound remembers who set it."""

    low: tuple[Any, bool] | None = None
    high: tuple[Any, bool] | None = None
    allowed: frozenset[Any] | None = None
    forbidden: set[Any] = field(default_factory=set)
    by: list[Node] = field(default_factory=list)

    def demand(self, operator: str, value: Any, node: Node) -> None:
        self.by.append(node)
        if operator == "==":
            self.among(frozenset([value]))
        elif operator == "!=":
            self.forbidden.add(value)
        elif operator in {">", ">="}:
            bound = (value, operator == ">")
            self.low = bound if self.low is None else max(self.low, bound)
        else:
            # A strict upper bound is the tighter of two equal ones, so it must sort first.
            bound = (value, operator == "<=")
            self.high = bound if self.high is None else min(self.high, bound)

    def among(self, values: frozenset[Any]) -> None:
        self.allowed = values if self.allowed is None else self.allowed & values

    @property
    def empty(self) -> bool:
        if self.low is not None and self.high is not None:
            (low, above), (high, reaching) = self.low, self.high
            if low > high or (low == high and (above or not reaching)):
                return True
        if self.allowed is None:
            return False
        return not any(self._has(value) for value in self.allowed)

    def _has(self, value: Any) -> bool:
        if value in self.forbidden:
            return False
        if self.low is not None and (value < self.low[0] or (value == self.low[0] and self.low[1])):
            return False
        return self.high is None or not (value > self.high[0] or (value == self.high[0] and not self.high[1]))


def impossible(node: Node) -> tuple[Node, ...]:
    """The demands that exclude each other, if the condition can never be true; empty if that is not certain."""
    found = alternatives(node, wanted=True)
    if found is None:
        return ()
    clashes = [clash(one) for one in found]
    if not all(clashes):
        return ()
    return min(clashes, key=len) if clashes else (node,)


def idle(node: Node) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """Alternatives of *or* that can never be true beside the rest, each with what excludes it."""
    rest = _ands(node)
    for some in rest:
        if isinstance(some, Some):
            others = [one for one in rest if one is not some]
            for option in some.items:
                excluded = impossible(All((*others, option)))
                if excluded:
                    yield option, excluded


def certain(node: Node) -> bool:
    """Whether the condition is true of everybody of whom its data are known."""
    found = alternatives(node, wanted=False)
    return found is not None and all(clash(one) for one in found)


def _ands(node: Node) -> list[Node]:
    if not isinstance(node, All):
        return [node]
    return [part for item in node.items for part in _ands(item)]


def alternatives(node: Node, *, wanted: bool) -> list[Alternative] | None:
    """What makes the condition `wanted`: one of these, all of its demands together. None: too many to look at."""
    match node:
        case Not():
            return alternatives(node.item, wanted=not wanted)
        case Literal():
            return [()] if node.value is wanted else []
        case All() | Some():
            parts = [alternatives(item, wanted=wanted) for item in node.items]
            known = [part for part in parts if part is not None]
            if len(known) < len(parts):
                return None
            together = isinstance(node, All) is wanted
            return _crossed(known) if together else _joined(known)
        case _:
            return [(Demand(node, wanted),)]


def _joined(parts: list[list[Alternative]]) -> list[Alternative] | None:
    found = [one for part in parts for one in part]
    return found if len(found) <= MOST_ALTERNATIVES else None


def _crossed(parts: list[list[Alternative]]) -> list[Alternative] | None:
    size = 1
    for part in parts:
        size *= len(part)
        if size > MOST_ALTERNATIVES:
            return None
    return [tuple(demand for one in chosen for demand in one) for chosen in product(*parts)]


def clash(demands: Alternative) -> tuple[Node, ...]:
    """The demands that leave nothing of one value; empty if they may all hold."""
    shared = Shared()
    ranges: dict[int, _Range] = {}
    relations: dict[tuple[int, int], tuple[frozenset[str], tuple[Node, ...]]] = {}
    truths: dict[int, tuple[bool, Node]] = {}
    for demand in demands:
        node = shared.node(demand.node)
        wanted = demand.wanted
        while isinstance(node, Not):
            node, wanted = node.item, not wanted
        said = truths.setdefault(id(node), (wanted, demand.node))
        if said[0] is not wanted:
            return (said[1], demand.node)
        if isinstance(node, Compare):
            found = _compared(node, wanted, demand.node, ranges, relations)
        elif isinstance(node, In) and isinstance(node.hay, tuple):
            found = _listed(node, wanted, demand.node, ranges)
        else:
            found = ()
        if found:
            return found
    return ()


def _compared(
    node: Compare,
    wanted: bool,  # noqa: FBT001  # part of the demand
    written: Node,
    ranges: dict[int, _Range],
    relations: dict[tuple[int, int], tuple[frozenset[str], tuple[Node, ...]]],
) -> tuple[Node, ...]:
    operator = node.operator if wanted else _OPPOSITE[node.operator]
    if isinstance(node.right, Literal):
        if isinstance(node.left, Literal):
            return () if _holds(node.left.value, operator, node.right.value) else (written,)
        left = ranges.setdefault(id(node.left), _Range())
        left.demand(operator, node.right.value, written)
        return tuple(left.by) if left.empty else ()
    pair = (id(node.left), id(node.right))
    if pair[0] > pair[1]:
        pair, operator = (pair[1], pair[0]), _TURNED[operator]
    before, by = relations.get(pair, (frozenset("<=>"), ()))
    possible = before & _RELATIONS[operator]
    if pair[0] == pair[1]:
        possible &= frozenset("=")
    relations[pair] = (possible, (*by, written))
    return () if possible else (*by, written)


def _holds(left: Any, operator: str, right: Any) -> bool:
    sign = "=" if left == right else "<" if left < right else ">"
    return sign in _RELATIONS[operator]


def _listed(
    node: In,
    wanted: bool,  # noqa: FBT001  # part of the demand
    written: Node,
    ranges: dict[int, _Range],
) -> tuple[Node, ...]:
    assert isinstance(node.hay, tuple)  # the caller looked
    if not all(isinstance(option, Literal) for option in node.hay):
        return ()
    values = frozenset(option.value for option in node.hay if isinstance(option, Literal))
    left = ranges.setdefault(id(node.needle), _Range())
    left.by.append(written)
    if wanted:
        left.among(values)
    else:
        left.forbidden |= values
    return tuple(left.by) if left.empty else ()
