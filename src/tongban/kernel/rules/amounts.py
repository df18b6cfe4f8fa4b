"""How much: a formula over data elements that comes to whole fen, or to an unknown with its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tongban.kernel.rules.compile import compile_amount
from tongban.kernel.rules.decision import Reason, Step, Unknown, as_elements, value_of
from tongban.kernel.rules.elements import Element
from tongban.kernel.rules.load import EXAMPLE_DAY, parse, run_examples
from tongban.kernel.rules.nodes import Node, elements_of

MOST_FEN = 10**15
"""Ten million million yuan, in either direction: beyond it an amount is a fault in the data, not a payment."""


@dataclass(frozen=True, slots=True)
class Computed:
    """What a formula came to.

    :param fen: whole fen, or None where it is unknown
    :param unknown: elements whose absence or age left it open
    :param reasons: for each unknown, why; ``overflow`` for an amount beyond :data:`MOST_FEN`
    :param trace: every value on the way, in the order computed
    """

    fen: int | None
    unknown: tuple[str, ...]
    reasons: tuple[Reason, ...]
    trace: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Amount:
    """A formula for an amount of money: compiled, type-checked, its examples run.

    `source` is the JSONLogic it was read from, `node` its compiled form, the rounding included.
    """

    source: Any
    rounding: str
    node: Node
    elements: Mapping[str, Element]
    reads: tuple[str, ...]

    @classmethod
    def load(
        cls,
        source: Any,
        *,
        elements: Mapping[str, Element] | Iterable[Element],
        rounding: str,
        examples: Sequence[Mapping[str, Any]] = (),
    ) -> Amount:
        """Read a formula.

        :param source: JSON text, or what it stands for; it must come to money
        :param elements: the elements that it may read
        :param rounding: how the result is brought to whole fen: ``half_up``, ``half_even``, ``up``, ``down``,
            ``ceiling`` or ``floor``
        :param examples: ``{given: record, expect: fen | null (unknown), as_of: date}``
        :raises RuleError: every fault with its JSON pointer; ``/examples/0`` for an example that fails
        """
        known = as_elements(elements)
        parsed = parse(source)
        node = compile_amount(parsed, elements=known, rounding=rounding)
        amount = cls(parsed, rounding, node, known, elements_of(node))
        run_examples(
            examples, lambda given, as_of: amount.compute(record=given, as_of=as_of or EXAMPLE_DAY).fen
        )
        return amount

    def compute(self, *, record: Mapping[str, Any], as_of: date | datetime) -> Computed:
        """The amount for one record, as :func:`tongban.kernel.rules.decision.decide` reads it."""
        value, trace = value_of(self.node, elements=self.elements, record=record, as_of=as_of)
        value = limited(value)
        if isinstance(value, Unknown):
            return Computed(None, value.keys, value.reasons, trace)
        return Computed(int(value), (), (), trace)


def limited(value: Any) -> Any:
    """An amount, or why it is none: beyond :data:`MOST_FEN` it is unknown."""
    if not isinstance(value, Unknown) and abs(value) > MOST_FEN:
        return Unknown((Reason("overflow", "", ""),))
    return value
