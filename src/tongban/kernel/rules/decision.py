"""Decision mode: three-valued logic (Kleene) over typed elements, for what is granted, refused or paid.

An element that is missing, null, of the wrong type or stale is *unknown* and named. ``false and unknown`` is false,
``true or unknown`` is true, everything else that touches an unknown is unknown. So a decided answer never changes
when a further element becomes known.
"""

from __future__ import annotations

import operator as op
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Context, Decimal, localcontext
from typing import Any, TypeAlias

from tongban.kernel.rules.compile import compile_rule
from tongban.kernel.rules.elements import Dated, Element, WrongTypeError, is_stale, read
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
from tongban.kernel.rules.operators import divide

PRECISION = 60  # digits: sums and products of money and rates stay exact
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is unknown.

    `code` is ``missing``, ``null``, ``wrong_type``, ``stale``, ``division_by_zero``, ``no_answer`` or ``overflow`` (of
    an amount); `key` the element, empty for the last three; `pointer` the place in the rule.
    """

    code: str
    key: str
    pointer: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """The third value, with what it comes from."""

    reasons: tuple[Reason, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(reason.key for reason in self.reasons if reason.key))


@dataclass(frozen=True, slots=True)
class Step:
    """One value on the way: `value` is None where it was unknown."""

    pointer: str
    value: Any


@dataclass(frozen=True, slots=True)
class Decision:
    """What a rule came to.

    :param value: True, False, or None for unknown
    :param unknown: elements whose absence or age left it open; empty when decided
    :param failed: the sub-conditions that are false and made it False, each a node with its `pointer`
        (say them with :func:`tongban.kernel.rules.explain.explain`)
    :param reasons: for each unknown, why
    :param trace: every value on the way, in the order computed
    """

    value: bool | None
    unknown: tuple[str, ...]
    failed: tuple[Node, ...]
    reasons: tuple[Reason, ...]
    trace: tuple[Step, ...]


def decide(
    rule: Any,
    *,
    record: Mapping[str, Any],
    as_of: date | datetime,
    elements: Mapping[str, Element] | Iterable[Element] | None = None,
) -> Decision:
    """Decide a condition on one record.

    :param rule: a loaded :class:`~tongban.kernel.rules.load.Rule`, or JSONLogic together with `elements`
    :param record: element key to value, or to :class:`Dated` value; keys with dots may also be nested
    :param as_of: the day or instant of the decision: what "today" means and staleness is measured from
    :raises RuleError: the JSON is not a valid rule over `elements`
    """
    node = getattr(rule, "node", None)
    if node is None:
        known = as_elements(elements or ())
        node = compile_rule(rule, elements=known)
    else:
        known = rule.elements
    return decide_node(node, elements=known, record=record, as_of=as_of)


def as_elements(elements: Mapping[str, Element] | Iterable[Element]) -> Mapping[str, Element]:
    """Elements by key."""
    return elements if isinstance(elements, Mapping) else {element.key: element for element in elements}


def decide_node(
    node: Node, *, elements: Mapping[str, Element], record: Mapping[str, Any], as_of: date | datetime
) -> Decision:
    """As :func:`decide`, on a compiled condition."""
    run = Run(elements, record, as_of)
    with localcontext(Context(prec=PRECISION)):
        value = run.value(node)
    trace = tuple(run.trace)
    if isinstance(value, Unknown):
        return Decision(None, value.keys, (), value.reasons, trace)
    failed = () if value else tuple(run.failed(node))
    return Decision(bool(value), (), failed, (), trace)


def value_of(
    node: Node, *, elements: Mapping[str, Element], record: Mapping[str, Any], as_of: date | datetime
) -> tuple[Any, tuple[Step, ...]]:
    """What any node comes to, or :class:`Unknown`; and every value on the way."""
    run = Run(elements, record, as_of)
    with localcontext(Context(prec=PRECISION)):
        value = run.value(node)
    return value, tuple(run.trace)


class Run:
    """One evaluation over one record."""

    def __init__(
        self, elements: Mapping[str, Element], record: Mapping[str, Any], as_of: date | datetime
    ) -> None:
        self.elements = elements
        self.record = record
        self.as_of = as_of
        self.trace: list[Step] = []
        self._values: dict[int, Any] = {}

    def value(self, node: Node) -> Any:
        """The value of a node, or :class:`Unknown`."""
        if isinstance(node, Literal):
            return node.value
        result = EVALUATE[type(node)](self, node)
        self._values[id(node)] = result
        self.trace.append(Step(node.pointer, None if isinstance(result, Unknown) else result))
        return result

    def values(self, nodes: Iterable[Node]) -> list[Any] | Unknown:
        """The values of the nodes, or what is unknown among them."""
        found = [self.value(node) for node in nodes]
        unknown = [value for value in found if isinstance(value, Unknown)]
        return merge(unknown) if unknown else found

    def failed(self, node: Node) -> Iterable[Node]:
        """The smallest conditions below a false `node` that made it false."""
        if isinstance(node, All | Some):
            for item in node.items:
                if self._is_false(item):
                    yield from self.failed(item)
        elif isinstance(node, If):
            yield from self._failed_branch(node)
        else:
            yield node

    def _failed_branch(self, node: If) -> Iterable[Node]:
        for condition, result in node.branches:
            if self._values.get(id(condition)) is True:
                yield from self.failed(result)
                return
        yield from self.failed(node.otherwise) if not isinstance(node.otherwise, Literal) else (node,)

    def _is_false(self, node: Node) -> bool:
        if isinstance(node, Literal):
            return node.value is False
        return self._values.get(id(node), _ABSENT) is False


def merge(unknown: Iterable[Unknown]) -> Unknown:
    """All the reasons of several unknowns, each once."""
    return Unknown(tuple(dict.fromkeys(reason for part in unknown for reason in part.reasons)))


def _unknown(code: str, node: Node, key: str = "") -> Unknown:
    return Unknown((Reason(code, key, node.pointer),))


def _variable(run: Run, node: Variable) -> Any:
    value = _find(run.record, node.key)
    known_at = None
    if isinstance(value, Dated):
        value, known_at = value.value, value.known_at
    if value is _ABSENT:
        return _unknown("missing", node, node.key)
    if value is None:
        return _unknown("null", node, node.key)
    max_age = run.elements[node.key].max_age
    if max_age is not None and is_stale(known_at=known_at, max_age=max_age, as_of=run.as_of):
        return _unknown("stale", node, node.key)
    try:
        return read(node.type, value)
    except WrongTypeError:
        return _unknown("wrong_type", node, node.key)


def _find(record: Mapping[str, Any], key: str) -> Any:
    if key in record:
        return record[key]
    found: Any = record
    for step in key.split("."):
        if not isinstance(found, Mapping) or step not in found:
            return _ABSENT
        found = found[step]
    return found


def _today(run: Run, _node: Today) -> date:
    return run.as_of.date() if isinstance(run.as_of, datetime) else run.as_of


def _all(run: Run, node: All) -> Any:
    # Every item is looked at even after a false one, so that the reader is told all that failed.
    values = [run.value(item) for item in node.items]
    if any(value is False for value in values):
        return False
    unknown = [value for value in values if isinstance(value, Unknown)]
    return merge(unknown) if unknown else True


def _some(run: Run, node: Some) -> Any:
    values = [run.value(item) for item in node.items]
    if any(value is True for value in values):
        return True
    unknown = [value for value in values if isinstance(value, Unknown)]
    return merge(unknown) if unknown else False


def _not(run: Run, node: Not) -> Any:
    value = run.value(node.item)
    return value if isinstance(value, Unknown) else not value


def _compare(run: Run, node: Compare) -> Any:
    values = run.values((node.left, node.right))
    return values if isinstance(values, Unknown) else COMPARISONS[node.operator](*values)


def _in(run: Run, node: In) -> Any:
    if not isinstance(node.hay, tuple):
        values = run.values((node.needle, node.hay))
        return values if isinstance(values, Unknown) else values[0] in values[1]
    needle = run.value(node.needle)
    options = [run.value(option) for option in node.hay]
    if not options:
        return False
    if isinstance(needle, Unknown):
        return needle
    if any(not isinstance(option, Unknown) and option == needle for option in options):
        return True
    unknown = [option for option in options if isinstance(option, Unknown)]
    return merge(unknown) if unknown else False


def _arithmetic(run: Run, node: Arithmetic) -> Any:
    values = run.values(node.items)
    if isinstance(values, Unknown):
        return values
    if node.operator == "%" and not values[1]:
        return _unknown("division_by_zero", node)
    try:
        return ARITHMETIC[node.operator](values)
    except ArithmeticError:
        return _unknown("no_answer", node)


def _divide(run: Run, node: Divide) -> Any:
    values = run.values((node.dividend, node.divisor))
    if isinstance(values, Unknown):
        return values
    try:
        return divide(values[0], values[1], node.rounding, node.places)
    except ZeroDivisionError:
        return _unknown("division_by_zero", node)
    except ArithmeticError:
        return _unknown("no_answer", node)


def _if(run: Run, node: If) -> Any:
    """The first true branch; while a condition is unknown, the value on which all that remains possible agree."""
    possible: list[Any] = []
    doubts: list[Unknown] = []
    for condition, result in node.branches:
        held = run.value(condition)
        if held is False:
            continue
        possible.append(run.value(result))
        if held is True:
            break
        doubts.append(held)
    else:
        possible.append(run.value(node.otherwise))
    unknown = [value for value in possible if isinstance(value, Unknown)]
    agreed = not unknown and all(value == possible[0] for value in possible)
    return possible[0] if agreed else merge([*doubts, *unknown])


def _call(run: Run, node: Call) -> Any:
    values = run.values(node.items)
    if isinstance(values, Unknown):
        return values
    try:
        return node.operator.function(*values)
    except (ValueError, ArithmeticError):
        return _unknown("no_answer", node)


def remainder(values: list[Any]) -> int | Decimal:
    """The remainder with the sign of the dividend, as JSONLogic has it."""
    dividend, divisor = values
    rest: int | Decimal = abs(dividend) % abs(divisor)
    return -rest if dividend < 0 else rest


def _fold(function: Callable[[Any, Any], Any]) -> Callable[[list[Any]], Any]:
    def run(values: list[Any]) -> Any:
        total = values[0]
        for value in values[1:]:
            total = function(total, value)
        return total

    return run


def _minus(values: list[Any]) -> Any:
    return -values[0] if len(values) == 1 else values[0] - values[1]


COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": op.eq,
    "!=": op.ne,
    "<": op.lt,
    "<=": op.le,
    ">": op.gt,
    ">=": op.ge,
}
ARITHMETIC: dict[str, Callable[[list[Any]], Any]] = {
    "+": _fold(op.add),
    "*": _fold(op.mul),
    "-": _minus,
    "%": remainder,
    "min": min,
    "max": max,
}
Evaluate: TypeAlias = Callable[[Run, Any], Any]
EVALUATE: dict[type, Evaluate] = {
    Variable: _variable,
    Today: _today,
    All: _all,
    Some: _some,
    Not: _not,
    Compare: _compare,
    In: _in,
    Arithmetic: _arithmetic,
    Divide: _divide,
    If: _if,
    Call: _call,
}
