"""Many measures over a whole population: who is entitled and to how much, of whom it cannot be told, who just misses.

A measure is a condition and, where it pays, a formula for the amount. Its condition counts as the conditions that its
outermost *and* joins. :class:`Plan` brings all measures to shared nodes, so that a condition found in a hundred of
them is evaluated once; :meth:`Plan.matches` then goes measure by measure:

1. each condition gives two packed sets, true and possible (true or unknown), most of them already at hand;
2. *and* over them: entitled is what is true, unknown is what is possible and not true;
3. the same sets give who fails exactly one condition while every other is true: the nearest. Where a company is cannot
   be lifted: conditions on such elements (:func:`liftable`) have to be true of the nearest as well;
4. the amount is computed for the entitled rows only, in whole fen; where it is unknown the row is named, not paid.

One row against all measures goes through the row evaluator instead, over the same shared nodes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongban.kernel.rules.amounts import MOST_FEN, Amount
from tongban.kernel.rules.columns import bits
from tongban.kernel.rules.columns.bits import Indices, Rows, Truth, Words
from tongban.kernel.rules.columns.column import narrow
from tongban.kernel.rules.columns.evaluator import Evaluator
from tongban.kernel.rules.columns.population import Population, View
from tongban.kernel.rules.columns.sharing import Shared, uses
from tongban.kernel.rules.elements import Element
from tongban.kernel.rules.load import Rule
from tongban.kernel.rules.nodes import All, Node, elements_of


@dataclass(frozen=True, slots=True)
class Measure:
    """What is given to whom: a condition, and how much (None: nothing that is paid)."""

    key: str
    rule: Rule
    amount: Amount | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Amounts of a measure.

    :param rows: rows whose amount is known
    :param fen: whole fen, in the order of ``rows.indices()``; one number where it is the same for all
    :param unknown: rows that are entitled while their amount is unknown: never paid, always named
    """

    rows: Rows
    fen: NDArray[Any]
    unknown: Rows

    @property
    def total(self) -> int:
        """All of it together, in fen."""
        return int(self.fen) * len(self.rows) if self.fen.ndim == 0 else int(self.fen.sum(dtype=np.int64))

    def by_row(self) -> dict[int, int]:
        """Fen by row."""
        rows = self.rows.indices()
        fen = np.broadcast_to(self.fen, rows.shape)
        return dict(zip(rows.tolist(), fen.tolist(), strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """One measure over the population: four sets of rows, disjoint but for the rest, which is *not*.

    :param entitled: the condition is true
    :param unknown: it is neither true nor false
    :param nearest: exactly one of its conditions is false, and one that can be lifted; every other one is true
    :param sums: amounts of the entitled; None where nothing is paid
    """

    key: str
    entitled: Rows
    unknown: Rows
    nearest: Rows
    sums: Sums | None


@dataclass(frozen=True, slots=True)
class Planned:
    """A measure over shared nodes; `liftable` says of each condition whether whoever fails it may come to meet it."""

    measure: Measure
    conditions: tuple[Node, ...]
    liftable: tuple[bool, ...]
    amount: Node | None


class Plan:
    """Measures prepared to be run together. Preparing costs about as much as reading their JSON; a plan may be run
    any number of times, over any population.

    :param elements: what the measures read, by key
    """

    def __init__(self, measures: Iterable[Measure], *, elements: Mapping[str, Element]) -> None:
        self.elements = elements
        self._shared = Shared()
        self.measures = tuple(self._planned(measure) for measure in measures)
        self._uses = uses(node for planned in self.measures for node in planned.conditions)

    def _planned(self, measure: Measure) -> Planned:
        amount = None if measure.amount is None else self._shared.node(measure.amount.node)
        parts = conditions(self._shared.node(measure.rule.node))
        return Planned(measure, parts, tuple(liftable(one, self.elements) for one in parts), amount)

    def truths(self, population: Population, *, as_of: date | datetime) -> Iterator[tuple[str, Truth]]:
        """The conditions alone: key of each measure, and where it is true and where possible."""
        evaluator = self._evaluator(population, as_of)
        for planned in self.measures:
            truths = [evaluator.truth(condition) for condition in planned.conditions]
            yield planned.measure.key, bits.all_of(truths)

    def matches(self, population: Population, *, as_of: date | datetime) -> Iterator[Match]:
        """Every measure in turn.

        :raises ValueError: a column holds another type than its element
        """
        evaluator = self._evaluator(population, as_of)
        for planned in self.measures:
            yield _match(planned, evaluator)

    def _evaluator(self, population: Population, as_of: date | datetime) -> Evaluator:
        return Evaluator(View(population, elements=self.elements, as_of=as_of), uses=self._uses)


def conditions(node: Node) -> tuple[Node, ...]:
    """The conditions that a rule joins with its outermost *and* (an *and* within it included), in order."""
    if not isinstance(node, All):
        return (node,)
    return tuple(part for item in node.items for part in conditions(item))


def liftable(condition: Node, elements: Mapping[str, Element]) -> bool:
    """Whether somebody who fails a condition may come to meet it: it reads an element that is not fixed."""
    return any(not elements[key].fixed for key in elements_of(condition))


def failing_one(truths: Sequence[Truth], lifts: Sequence[bool], whole: Words) -> Words:
    """Rows of which exactly one of the answers is false, and one that can be lifted, and every other one is true."""
    missed = bits.failing_one((one for one, lift in zip(truths, lifts, strict=True) if lift), whole)
    for one, lift in zip(truths, lifts, strict=True):
        if not lift:
            missed = missed & one.true
    return missed


def _match(planned: Planned, evaluator: Evaluator) -> Match:
    size, whole = evaluator.view.size, evaluator.whole
    truths = [evaluator.truth(condition) for condition in planned.conditions]
    truth = bits.all_of(truths)
    entitled = Rows(truth.true, size)
    return Match(
        planned.measure.key,
        entitled,
        Rows(truth.true ^ truth.possible, size),
        Rows(failing_one(truths, planned.liftable, whole), size),
        None if planned.amount is None else _sums(planned.amount, entitled, evaluator.view),
    )


def _sums(amount: Node, entitled: Rows, view: View) -> Sums:
    """The amount of each entitled row. Formulas differ from measure to measure, so only these rows are computed."""
    nobody = Rows(bits.none(view.size), view.size)
    fixed = _fixed(amount)
    if fixed is not None:
        return Sums(entitled, np.array(fixed, dtype=np.int64), nobody)
    rows = entitled.indices()
    vector = Evaluator(view.only(rows)).vector(amount)
    data = np.broadcast_to(vector.data, rows.shape)
    good = np.asarray((data >= -MOST_FEN) & (data <= MOST_FEN), dtype=np.bool_)
    if vector.known is not None:
        good &= vector.known
    if good.all():
        return Sums(entitled, narrow(data.astype(np.int64)), nobody)
    unknown = _rows(rows[~good], view.size)
    return Sums(entitled - unknown, narrow(data[good].astype(np.int64)), unknown)


def _fixed(amount: Node) -> int | None:
    """The amount where it is written out, the same for all."""
    value = getattr(getattr(amount, "dividend", None), "value", None)
    return value if isinstance(value, int) and abs(value) <= MOST_FEN else None


def _rows(indices: Indices, size: int) -> Rows:
    flags = np.zeros(size, dtype=np.bool_)
    flags[indices] = True
    return Rows(bits.pack(flags), size)
