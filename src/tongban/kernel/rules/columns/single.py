"""One row against many measures: the row evaluator over shared nodes, each evaluated once.

The answers are those of deciding every measure by itself; the trace is left out. Why a measure came to its answer is
told by deciding that one measure (``measure.rule.decide``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Context, localcontext
from typing import Any

from tongban.kernel.rules.amounts import limited
from tongban.kernel.rules.columns.matching import Measure, Plan, Planned
from tongban.kernel.rules.decision import EVALUATE, PRECISION, Run, Unknown, merge
from tongban.kernel.rules.nodes import Literal, Node


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one measure is for one row.

    :param entitled: True, False, or None for unknown
    :param nearest: it is not entitled for one condition only, one that can be lifted, every other one being true
    :param unknown: elements that leave the condition open, or the amount where it is entitled
    :param fen: the amount; None where it is not entitled, where nothing is paid or the amount is unknown
    """

    measure: Measure
    entitled: bool | None
    nearest: bool
    unknown: tuple[str, ...]
    fen: int | None


def outcomes(plan: Plan, *, record: Mapping[str, Any], as_of: date | datetime) -> Iterator[Outcome]:
    """Every measure of the plan for one record, in the order of the plan."""
    run = _Remembering(plan.elements, record, as_of)
    for planned in plan.measures:
        with localcontext(Context(prec=PRECISION)):
            outcome = _outcome(planned, run)
        yield outcome


class _Remembering(Run):
    """Remembers the value of each node and writes no trace."""

    def value(self, node: Node) -> Any:
        if isinstance(node, Literal):
            return node.value
        found = self._values.get(id(node), self)
        if found is self:
            found = self._values[id(node)] = EVALUATE[type(node)](self, node)
        return found


def _outcome(planned: Planned, run: Run) -> Outcome:
    values = [run.value(condition) for condition in planned.conditions]
    failed = [lift for value, lift in zip(values, planned.liftable, strict=True) if value is False]
    open_ones = [value for value in values if isinstance(value, Unknown)]
    if failed:
        return Outcome(planned.measure, False, failed == [True] and not open_ones, (), None)
    if open_ones:
        return Outcome(planned.measure, None, False, merge(open_ones).keys, None)
    if planned.amount is None:
        return Outcome(planned.measure, True, False, (), None)
    amount = limited(run.value(planned.amount))
    if isinstance(amount, Unknown):
        return Outcome(planned.measure, True, False, amount.keys, None)
    return Outcome(planned.measure, True, False, (), int(amount))
