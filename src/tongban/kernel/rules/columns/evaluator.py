"""The column evaluator: a compiled rule over all rows of a view at once, meaning exactly what the row evaluator means.

Conditions come to a :class:`~tongban.kernel.rules.columns.bits.Truth` (two packed sets), values to a
:class:`~tongban.kernel.rules.columns.vectors.Vector`. What has a fast form runs as array operations: comparisons with a
written value, membership, exact arithmetic that fits 64 bits, dates. Everything else (an operator that a desk
registered, numbers of thirty digits, a text looked for in another) goes row by row through the row evaluator's own
functions, so that both can never differ. Results are kept by node and dropped after their last use, so that what
many rules share is computed once and memory stays bounded.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tongban.kernel.rules import operators
from tongban.kernel.rules.columns import bits, dates, numbers
from tongban.kernel.rules.columns.bits import Flags, Truth
from tongban.kernel.rules.columns.column import days
from tongban.kernel.rules.columns.population import View
from tongban.kernel.rules.columns.vectors import Vector, by_row, choose, single
from tongban.kernel.rules.decision import ARITHMETIC, COMPARISONS
from tongban.kernel.rules.elements import Type
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
)


class Evaluator:
    """Evaluates nodes over one view.

    :param uses: how often each node will be asked for (:func:`tongban.kernel.rules.columns.sharing.uses`); a result is
        kept until then. None: results are kept as long as the evaluator. The caller keeps the nodes alive
    """

    def __init__(self, view: View, *, uses: Mapping[int, int] | None = None) -> None:
        self.view = view
        self.whole = bits.every(view.size)
        self._empty = bits.none(view.size)
        self._left = None if uses is None else dict(uses)
        self._kept: dict[int, Any] = {}

    def truth(self, node: Node) -> Truth:
        """Where a condition is true, and where it is possible."""
        found: Truth | None = self._kept.get(id(node))
        if found is None:
            found = self._truth(node)
        self._used(node, found)
        return found

    def vector(self, node: Node) -> Vector:
        """The value of a node for every row."""
        match node:
            case Literal():
                return single(node.type, node.value)
            case Variable():
                return self.view.lists(node.key) if node.type is Type.TEXTS else self.view.vector(node.key)
            case Today():
                return single(Type.DATE, self.view.today)
            case Arithmetic() | Divide() | If() | Call() if node.type is not Type.BOOLEAN:
                found: Vector | None = self._kept.get(id(node))
                if found is None:
                    found = self._computed(node)
                self._used(node, found)
                return found
            case _:
                return self._from_truth(self.truth(node))

    def _used(self, node: Node, result: Truth | Vector) -> None:
        if self._left is None:
            self._kept[id(node)] = result
            return
        left = self._left.get(id(node), 1) - 1
        self._left[id(node)] = left
        if left > 0:
            self._kept[id(node)] = result
        else:
            self._kept.pop(id(node), None)

    # Conditions ------------------------------------------------------------------------------

    def _truth(self, node: Node) -> Truth:  # noqa: PLR0911 - one case per node
        match node:
            case All():
                return bits.all_of([self.truth(item) for item in node.items])
            case Some():
                return bits.some_of([self.truth(item) for item in node.items])
            case Not():
                return bits.negated(self.truth(node.item), self.whole)
            case If():
                branches = [(self.truth(held), self.truth(then)) for held, then in node.branches]
                return bits.chosen(branches, self.truth(node.otherwise), self.whole)
            case Compare():
                return self._of(self._compared(node))
            case In():
                return self._in(node)
            case Literal():
                return self._everywhere(bool(node.value))
            case Variable():
                return self._of(self.view.vector(node.key))
            case _:
                return self._of(self._computed(node))

    def _of(self, answer: Vector) -> Truth:
        """A vector of yes and no as a truth."""
        flags = np.broadcast_to(answer.data, (self.view.size,))
        known = None if answer.known is None else np.broadcast_to(answer.known, (self.view.size,))
        return bits.of_flags(flags, known)

    def _everywhere(self, value: bool) -> Truth:  # noqa: FBT001 - the value of a literal
        words = self.whole if value else self._empty
        return Truth(words, words)

    def _from_truth(self, truth: Truth) -> Vector:
        true = bits.unpack(truth.true, self.view.size)
        known = None if truth.decided else true | ~bits.unpack(truth.possible, self.view.size)
        return Vector(Type.BOOLEAN, true, known)

    def _compared(self, node: Compare) -> Vector:
        if isinstance(node.right, Literal) and not isinstance(node.left, Literal):
            vector = self.vector(node.left)
            flags = _held_against(node.operator, vector, node.right.value)
            if flags is not None:
                return Vector(Type.BOOLEAN, flags, vector.known)
        left, right = self.vector(node.left), self.vector(node.right)
        if node.left.type is not Type.TEXT:
            compared = numbers.compare(node.operator, left, right)
            if compared is not None:
                return compared
        return by_row(Type.BOOLEAN, COMPARISONS[node.operator], (left, right), self.view.size)

    def _in(self, node: In) -> Truth:
        if isinstance(node.hay, tuple):
            return self._among(node.needle, node.hay)
        if isinstance(node.needle, Literal) and isinstance(node.hay, Variable):
            key, text = node.hay.key, node.needle.value
            if node.hay.type is Type.TEXTS:
                return bits.of_flags(self.view.having(key, text), self.view.fresh(key))
            vector = self.view.vector(key)
            holds = np.array([text in word for word in vector.words], dtype=np.bool_)
            flags = holds[vector.data] if holds.size else np.zeros(self.view.size, dtype=np.bool_)
            return bits.of_flags(flags, vector.known)
        sides = (self.vector(node.needle), self.vector(node.hay))
        return self._of(by_row(Type.BOOLEAN, _contains, sides, self.view.size))

    def _among(self, needle: Node, options: tuple[Node, ...]) -> Truth:
        """Equal to at least one of the options: *or* over the equalities."""
        if not options:
            return self._everywhere(False)
        if all(isinstance(option, Literal) for option in options) and not isinstance(needle, Literal):
            vector = self.vector(needle)
            found = [_held_against("==", vector, getattr(option, "value", None)) for option in options]
            flags = [one for one in found if one is not None]
            if len(flags) == len(options):
                return self._of(Vector(Type.BOOLEAN, np.logical_or.reduce(flags), vector.known))
        return bits.some_of([self._of(self._compared(Compare("==", needle, option))) for option in options])

    # Values ----------------------------------------------------------------------------------

    def _computed(self, node: Any) -> Vector:
        match node:
            case Arithmetic():
                return self._arithmetic(node)
            case Divide():
                return self._divided(node)
            case If():
                conditions = [self.truth(held) for held, _then in node.branches]
                results = [self.vector(then) for _held, then in node.branches]
                return choose(conditions, [*results, self.vector(node.otherwise)], size=self.view.size)
            case _:
                return self._called(node)

    def _arithmetic(self, node: Arithmetic) -> Vector:
        vectors = [self.vector(item) for item in node.items]
        fast = numbers.fold(node.operator, vectors, node.type)
        if fast is not None:
            return fast
        compute = ARITHMETIC[node.operator]
        return by_row(node.type, lambda *values: compute(list(values)), vectors, self.view.size)

    def _divided(self, node: Divide) -> Vector:
        sides = self.vector(node.dividend), self.vector(node.divisor)
        fast = numbers.divide(*sides, rounding=node.rounding, places=node.places, kind=node.type)
        if fast is not None:
            return fast
        return by_row(
            node.type,
            lambda left, right: operators.divide(left, right, node.rounding, node.places),
            sides,
            self.view.size,
        )

    def _called(self, node: Call) -> Vector:
        vectors = [self.vector(item) for item in node.items]
        fast = dates.FAST.get(node.operator.function)
        if fast is not None:
            return fast(*vectors)
        return by_row(node.type, node.operator.function, vectors, self.view.size)


def _held_against(operator: str, vector: Vector, value: Any) -> Flags | None:
    """Every row's value held against one that is written in the rule; None if there is no fast way."""
    if vector.boxed_already:
        return None
    match vector.kind:
        case Type.TEXT:
            number = vector.number_of(value)
            flags = np.equal(vector.data, -1 if number is None else number)
            return np.asarray(flags if operator == "==" else ~flags)
        case Type.DATE:
            return numbers.compared(operator, vector, days(value))
        case Type.BOOLEAN:
            return np.asarray(np.equal(vector.data, value == (operator == "==")))
        case _:
            return numbers.compared(operator, vector, value)


def _contains(needle: Any, hay: Any) -> bool:
    return needle in hay
