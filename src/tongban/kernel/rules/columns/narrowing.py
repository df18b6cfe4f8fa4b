"""Which condition of a rule excludes how many: for an editor who writes it, and for comparing two versions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from tongban.kernel.rules.columns.bits import Rows
from tongban.kernel.rules.columns.evaluator import Evaluator
from tongban.kernel.rules.columns.matching import conditions, failing_one, liftable
from tongban.kernel.rules.columns.population import Population, View
from tongban.kernel.rules.elements import Element
from tongban.kernel.rules.load import Rule
from tongban.kernel.rules.nodes import Node


@dataclass(frozen=True, slots=True)
class Narrowing:
    """One condition of a rule (say it with :func:`tongban.kernel.rules.explain.explain`) by itself.

    :param met: rows of which it is true
    :param unknown: rows of which it cannot be told
    :param excluded: rows of which it is false
    :param alone: those among them that fail nothing else, every other condition being true; none where the condition
        cannot be lifted (`columns.matching.liftable`)
    """

    condition: Node
    met: int
    unknown: int
    excluded: int
    alone: int


def narrowing(
    rule: Rule, population: Population, *, elements: Mapping[str, Element], as_of: date | datetime
) -> tuple[Narrowing, ...]:
    """The conditions that the rule's outermost *and* joins, in the order in which they are written."""
    evaluator = Evaluator(View(population, elements=elements, as_of=as_of))
    parts = conditions(rule.node)
    truths = [evaluator.truth(part) for part in parts]
    lifts = [liftable(part, elements) for part in parts]
    one = Rows(failing_one(truths, lifts, evaluator.whole), population.size)
    found = []
    for part, truth in zip(parts, truths, strict=True):
        met, possible = Rows(truth.true, population.size), Rows(truth.possible, population.size)
        told = Narrowing(
            part, len(met), len(possible) - len(met), population.size - len(possible), len(one - possible)
        )
        found.append(told)
    return tuple(found)
