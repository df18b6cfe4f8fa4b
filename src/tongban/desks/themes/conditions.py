"""Conditions over answers: what they speak of, and whether they hold.

A condition is JSONLogic over the answers by question key and ``party`` (``person`` or ``organisation``).
It is decided in three values (kernel rules, decision mode): what speaks of an unanswered question is
unknown, not false; and it is typed, so that a number is never compared with a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tongban.kernel.rules.elements import Element, Type
from tongban.kernel.rules.errors import RuleError
from tongban.kernel.rules.load import Rule

PARTY = "party"
ANSWER_TYPES = {"choice": Type.TEXT, "yesno": Type.BOOLEAN, "number": Type.NUMBER, "date": Type.DATE}
"""Type of an answer as conditions see it, by type of question."""
FIELD_TYPES = {"date": Type.DATE, "number": Type.NUMBER, "yesno": Type.BOOLEAN, "money": Type.MONEY}
"""Likewise for form fields, by type of data element; every other type is text."""


@dataclass(slots=True)
class Facts:
    """What conditions see: answers as typed values, and the day on which they are asked about."""

    today: date
    record: dict[str, Any] = field(default_factory=dict)


class Condition:
    """One JSONLogic condition of a theme file, as written and as compiled."""

    __slots__ = ("_rule", "source")

    def __init__(self, source: Any) -> None:
        self.source = source
        self._rule: Rule | None = None

    def __repr__(self) -> str:
        return f"Condition({self.source!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Condition) and other.source == self.source

    def __hash__(self) -> int:
        return hash(repr(self.source))

    def compile(self, elements: Mapping[str, Element]) -> None:
        """Make it ready to be decided.

        :raises RuleError: it is no condition over these elements; names every fault with its place
        """
        self._rule = Rule.load(self.source, elements=elements)

    def decide(self, facts: Facts) -> bool | None:
        """True, False, or None where it depends on what is not known."""
        assert self._rule is not None, "a theme with faulty conditions is never planned with"
        return self._rule.decide(record=facts.record, as_of=facts.today).value

    @property
    def variables(self) -> frozenset[str]:
        """Every name that it asks for."""
        return frozenset(_variables(self.source))


def holds(condition: Condition | None, facts: Facts) -> bool:
    """Whether a condition is known to hold. No condition always holds."""
    return condition is None or condition.decide(facts) is True


def vocabulary(types: Mapping[str, Type]) -> dict[str, Element]:
    """The vocabulary for `Condition.compile`."""
    return {key: Element(key, kind) for key, kind in types.items()}


def literals(condition: Condition) -> Iterator[Any]:
    """Every value written in a condition, wherever it stands."""
    yield from _literals(condition.source)


def _variables(rule: Any) -> Iterator[str]:
    if isinstance(rule, Mapping):
        for operator, value in rule.items():
            if operator == "var":
                yield str(value[0] if isinstance(value, list) and value else value)
            else:
                yield from _variables(value)
    elif isinstance(rule, list):
        for item in rule:
            yield from _variables(item)


def _literals(rule: Any) -> Iterator[Any]:
    if isinstance(rule, Mapping):
        for operator, value in rule.items():
            if operator != "var":
                yield from _literals(value)
    elif isinstance(rule, list):
        for item in rule:
            yield from _literals(item)
    else:
        yield rule


__all__ = [
    "ANSWER_TYPES",
    "FIELD_TYPES",
    "PARTY",
    "Condition",
    "Facts",
    "RuleError",
    "holds",
    "literals",
    "vocabulary",
]
