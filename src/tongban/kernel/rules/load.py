"""Loading rules: checked, and tried on the examples that lie beside them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tongban.kernel.rules.coercion import strict_equal
from tongban.kernel.rules.compile import compile_rule
from tongban.kernel.rules.decision import Decision, as_elements, decide_node
from tongban.kernel.rules.elements import Element
from tongban.kernel.rules.errors import Problem, RuleError, join_pointer
from tongban.kernel.rules.nodes import Node, elements_of
from tongban.kernel.rules.plain import Evaluator, compile_plain

# The day of an example that names none. Fixed, so that an example means the same for ever.
EXAMPLE_DAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition that decides: compiled, type-checked, its examples run.

    `source` is the JSONLogic it was read from, `node` its compiled form.
    """

    source: Any
    node: Node
    elements: Mapping[str, Element]
    reads: tuple[str, ...]

    @classmethod
    def load(
        cls,
        source: Any,
        *,
        elements: Mapping[str, Element] | Iterable[Element],
        examples: Sequence[Mapping[str, Any]] = (),
    ) -> Rule:
        """Read a rule.

        :param source: JSON text, or what it stands for
        :param elements: the elements that it may read
        :param examples: ``{given: record, expect: true | false | null (unknown), as_of: date}``; `as_of` may be
            left out (then 2026-01-01)
        :raises RuleError: every fault with its JSON pointer; ``/examples/0`` for an example that fails
        """
        known = as_elements(elements)
        parsed = parse(source)
        node = compile_rule(parsed, elements=known)
        rule = cls(parsed, node, known, elements_of(node))
        run_examples(
            examples, lambda given, as_of: rule.decide(record=given, as_of=as_of or EXAMPLE_DAY).value
        )
        return rule

    def decide(self, *, record: Mapping[str, Any], as_of: date | datetime) -> Decision:
        """As :func:`tongban.kernel.rules.decision.decide`."""
        return decide_node(self.node, elements=self.elements, record=record, as_of=as_of)


@dataclass(frozen=True, slots=True)
class PlainRule:
    """A plain JSONLogic rule for what is shown: compiled once, its examples run."""

    source: Any
    reads: tuple[str, ...]
    _run: Evaluator = field(repr=False, compare=False)

    @classmethod
    def load(
        cls,
        source: Any,
        *,
        names: Collection[str] | None = None,
        examples: Sequence[Mapping[str, Any]] = (),
    ) -> PlainRule:
        """Read a rule.

        :param names: what `var`, `missing` and `missing_some` may name; None allows anything
        :param examples: ``{given: data, expect: result, as_of: date}``
        :raises RuleError: every fault with its JSON pointer
        """
        parsed = parse(source)
        run = compile_plain(parsed)
        read = list(_plain_names(parsed, "", inner=False))
        if names is not None:
            problems = [
                Problem(pointer, "unknown_element", {"key": name})
                for name, pointer in read
                if name not in names
            ]
            if problems:
                raise RuleError(problems)
        run_examples(examples, run)
        return cls(parsed, tuple(dict.fromkeys(name for name, _ in read)), run)

    def evaluate(self, data: Any, *, as_of: date | None = None) -> Any:
        """As :func:`tongban.kernel.rules.plain.evaluate`."""
        return self._run(data, as_of)


def parse(source: Any) -> Any:
    """JSON text to data, with decimals instead of floats; anything but a text is returned as it is.

    :raises RuleError: not valid JSON
    """
    if not isinstance(source, str | bytes):
        return source
    try:
        return json.loads(source, parse_float=Decimal)
    except ValueError as error:
        raise RuleError([Problem("", "json", {"detail": str(error)})]) from error


_SCOPED = {"map", "filter", "reduce", "all", "some", "none"}


def _plain_names(rule: Any, pointer: str, *, inner: bool) -> Iterable[tuple[str, str]]:
    """Every name of data that the rule reads, with its pointer. Inside map and its kin names are those of an item."""
    if isinstance(rule, list | tuple):
        for index, part in enumerate(rule):
            yield from _plain_names(part, join_pointer(pointer, index), inner=inner)
        return
    if not isinstance(rule, Mapping) or len(rule) != 1:
        return
    [(name, values)] = rule.items()
    here = join_pointer(pointer, name)
    parts = list(values) if isinstance(values, list | tuple) else [values]
    if not inner:
        if name == "var" and parts and isinstance(parts[0], str) and parts[0]:
            yield parts[0], here
        elif name in {"missing", "missing_some"}:
            yield from ((key, here) for key in _texts(parts))
    for index, part in enumerate(parts):
        at = join_pointer(here, index) if isinstance(values, list | tuple) else here
        yield from _plain_names(part, at, inner=inner or (name in _SCOPED and index == 1))


def _texts(parts: Iterable[Any]) -> Iterable[str]:
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, list | tuple):
            yield from _texts(part)


def run_examples(examples: Sequence[Mapping[str, Any]], run: Any) -> None:
    """Try a rule on its examples: `run` is called with ``(given, as_of)``.

    :raises RuleError: with every example that gives something else than it expects
    """
    problems = []
    for index, example in enumerate(examples):
        pointer = f"/examples/{index}"
        if not isinstance(example, Mapping) or not {"given", "expect"} <= example.keys() <= _EXAMPLE_KEYS:
            problems.append(Problem(pointer, "example_shape"))
            continue
        actual = run(example["given"], _example_day(example.get("as_of")))
        if not _same(actual, example["expect"]):
            shown = {
                name: json.dumps(value, ensure_ascii=False, default=str) for name, value in example.items()
            }
            said = json.dumps(actual, ensure_ascii=False, default=str)
            problems.append(
                Problem(
                    pointer, "example", {"given": shown["given"], "expect": shown["expect"], "actual": said}
                )
            )
    if problems:
        raise RuleError(problems)


_EXAMPLE_KEYS = {"given", "expect", "as_of", "note"}


def _example_day(value: Any) -> date | datetime | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return len(left) == len(right) and all(_same(*both) for both in zip(left, right, strict=True))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(_same(left[key], right[key]) for key in left)
    return strict_equal(left, right)
