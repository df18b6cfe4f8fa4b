"""Worked examples: what a measure comes to for a record on a day, beside what its author expects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from tongban.desks.policies.contracts import Standing
from tongban.desks.policies.format import Example, Terms
from tongban.desks.policies.places import limited
from tongban.kernel.rules.amounts import Amount
from tongban.kernel.rules.decision import Decision, Reason
from tongban.kernel.rules.elements import Dated, Element, Type, WrongTypeError, read
from tongban.kernel.rules.load import Rule
from tongban.kernel.rules.operators import yuan

ROUNDING = "down"
"""An amount is brought to whole fen downwards: never more than the formula gives."""


class RecordError(ValueError):
    """A value of an example that is not of its element's type, or an element that is unknown; `key` names it."""

    def __init__(self, key: str, code: str) -> None:
        super().__init__(f"{key}: {code}")
        self.key, self.code = key, code


@dataclass(frozen=True, slots=True)
class Loaded:
    """A condition and an amount, compiled."""

    rule: Rule
    amount: Amount | None

    @property
    def reads(self) -> tuple[str, ...]:
        """Every element that is read, each once, those of the condition first."""
        more = self.amount.reads if self.amount is not None else ()
        return tuple(dict.fromkeys((*self.rule.reads, *more)))


@dataclass(frozen=True, slots=True)
class Tried:
    """What an example came to. `expected` False: something else than its author says."""

    example: Example
    standing: Standing
    fen: int | None
    missing: tuple[str, ...]
    reasons: tuple[Reason, ...]
    decision: Decision
    expected: bool


def load(condition: Any, amount: Any, *, elements: Mapping[str, Element]) -> Loaded:
    """:raises RuleError: the condition or the amount is none"""
    rule = Rule.load(condition, elements=elements)
    formula = None if amount is None else Amount.load(amount, elements=elements, rounding=ROUNDING)
    return Loaded(rule, formula)


def kept_to(ready: Loaded, *, region: str, party: str) -> Loaded:
    """The same for a policy of a division: matched, counted and compared so; its examples say nothing of places."""
    whole = limited(ready.rule.source, region=region, party=party)
    if whole is ready.rule.source:
        return ready
    return Loaded(Rule.load(whole, elements=ready.rule.elements), ready.amount)


def try_examples(
    terms: Terms, loaded: Loaded, *, elements: Mapping[str, Element]
) -> list[Tried | RecordError]:
    """Every example in order; a record that cannot be read gives its error."""
    found: list[Tried | RecordError] = []
    for example in terms.examples:
        try:
            found.append(try_one(example, loaded, elements=elements))
        except RecordError as error:
            found.append(error)
    return found


def try_one(example: Example, loaded: Loaded, *, elements: Mapping[str, Element]) -> Tried:
    """:raises RecordError: a value of the record cannot be read"""
    record = record_of(example, elements=elements)
    decision = loaded.rule.decide(record=record, as_of=example.on)
    fen, missing, reasons = None, decision.unknown, decision.reasons
    if decision.value and loaded.amount is not None:
        computed = loaded.amount.compute(record=record, as_of=example.on)
        fen, missing, reasons = computed.fen, computed.unknown, computed.reasons
    standing = {True: Standing.ENTITLED, False: Standing.NOT, None: Standing.UNKNOWN}[decision.value]
    expected = standing == example.expect and (not example.missing or set(example.missing) == set(missing))
    if standing is Standing.ENTITLED and loaded.amount is not None and not example.missing:
        expected = expected and fen == example.amount_fen
    return Tried(example, standing, fen, missing, reasons, decision, expected)


def record_of(example: Example, *, elements: Mapping[str, Element]) -> dict[str, Any]:
    """The record as the rules read it: every value known on the example's day unless it says another.

    :raises RecordError: an element is unknown, or a value not of its type
    """
    return {key: _value(key, given, example.on, elements) for key, given in example.record.items()}


def _value(key: str, given: Any, on: date, elements: Mapping[str, Element]) -> Any:
    if key not in elements:
        raise RecordError(key, "unknown_element")
    if given is None:
        return None
    known_at = on
    if isinstance(given, Mapping) and set(given) == {"value", "as_of"}:
        try:
            known_at = date.fromisoformat(str(given["as_of"]))
        except ValueError as error:
            raise RecordError(key, "as_of") from error
        given = given["value"]
    return Dated(typed(key, given, elements[key].type), known_at)


def typed(key: str, given: Any, kind: Type) -> Any:
    """A value of a pack or a form as its element holds it. :raises RecordError: of another type"""
    try:
        if kind is Type.MONEY and isinstance(given, Mapping) and set(given) == {"yuan"}:
            return yuan(str(given["yuan"]))
        if kind is Type.NUMBER and isinstance(given, float):
            return Decimal(repr(given))
        return read(kind, given)
    except (WrongTypeError, ValueError) as error:
        raise RecordError(key, "type") from error
