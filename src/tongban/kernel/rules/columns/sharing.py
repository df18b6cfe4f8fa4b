"""The same sub-condition of many rules as one node, so that it is computed once over all of them.

Nodes are rebuilt from the leaves up without the place where they were written; two that say the same become one object.
``a and b`` is ``b and a``, and ``18 <= x`` is ``x >= 18``. An evaluator then keeps results by the object's identity.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from tongban.kernel.rules.nodes import (
    All,
    Arithmetic,
    Call,
    Compare,
    Divide,
    If,
    In,
    Literal,
    Node,
    Not,
    Some,
    Today,
    Variable,
    children,
)

_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


class Shared:
    """Nodes known so far; each distinct one is kept once for as long as this object lives."""

    def __init__(self) -> None:
        self._nodes: dict[tuple[Any, ...], Node] = {}

    def __len__(self) -> int:
        return len(self._nodes)

    def node(self, node: Node) -> Node:  # noqa: PLR0911 - one case per node
        """The one node that says the same as `node`."""
        match node:
            case Literal():
                return self._one(Literal(node.value, node.type), type(node.value), node.value, node.type)
            case Variable():
                return self._one(Variable(node.key, node.type), node.key)
            case Today():
                return self._one(Today())
            case All() | Some():
                return self._junction(node)
            case Not():
                item = self.node(node.item)
                return item.item if isinstance(item, Not) else self._one(Not(item), id(item))
            case Compare():
                return self._compare(node)
            case _:
                return self._computed(node)

    def _one(self, node: Node, *said: Any) -> Node:
        return self._nodes.setdefault((type(node), *said), node)

    def _junction(self, node: All | Some) -> Node:
        items: dict[int, Node] = {}
        for part in map(self.node, node.items):
            inner = part.items if isinstance(part, All | Some) and type(part) is type(node) else (part,)
            items.update((id(item), item) for item in inner)
        if len(items) == 1:
            return next(iter(items.values()))
        return self._one(type(node)(tuple(items.values())), frozenset(items))

    def _compare(self, node: Compare) -> Node:
        operator, left, right = node.operator, self.node(node.left), self.node(node.right)
        if isinstance(left, Literal) and not isinstance(right, Literal):
            operator, left, right = _TURNED[operator], right, left
        return self._one(Compare(operator, left, right), operator, id(left), id(right))

    def _in(self, node: In) -> Node:
        needle = self.node(node.needle)
        if isinstance(node.hay, tuple):
            options = tuple(map(self.node, node.hay))
            return self._one(In(needle, options), "among", id(needle), frozenset(map(id, options)))
        hay = self.node(node.hay)
        return self._one(In(needle, hay), id(needle), id(hay))

    def _computed(self, node: In | Arithmetic | Divide | If | Call) -> Node:
        match node:
            case In():
                return self._in(node)
            case If():
                branches = tuple((self.node(held), self.node(then)) for held, then in node.branches)
                otherwise = self.node(node.otherwise)
                parts = [id(part) for branch in branches for part in branch]
                return self._one(If(branches, otherwise, node.type), node.type, *parts, id(otherwise))
            case Divide():
                dividend, divisor = self.node(node.dividend), self.node(node.divisor)
                shared = replace(node, dividend=dividend, divisor=divisor, pointer="")
                return self._one(shared, id(dividend), id(divisor), node.rounding, node.places, node.type)
            case _:
                items = tuple(map(self.node, node.items))
                named = node.operator if isinstance(node, Arithmetic) else node.operator.name
                return self._one(replace(node, items=items, pointer=""), named, node.type, *map(id, items))


def uses(nodes: Iterable[Node]) -> Counter[int]:
    """How often each node is read, by identity: once for every node above it and every rule that it is."""
    counted: Counter[int] = Counter()
    waiting = list(nodes)
    for node in waiting:
        counted[id(node)] += 1
        if counted[id(node)] == 1:
            waiting.extend(children(node))
    return counted
