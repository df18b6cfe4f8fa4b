"""From JSON to typed nodes, with every fault found on the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, TypeAlias

from tongban.kernel.rules import operators
from tongban.kernel.rules.elements import Element, Type
from tongban.kernel.rules.errors import Problem, RuleError, join_pointer
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

MAX_DEPTH = 100

# What a builder gets: each argument with its pointer.
Arguments: TypeAlias = "list[tuple[Any, str]]"

_NOT_FOR_DECISION = {
    "/": (
        '除法要写明取舍方式，用 {"divide": [被除数, 除数, "half_up"]}',
        'a division names its rounding: {"divide": [a, b, "half_up"]}',
    ),
    "missing": ("缺少的数据元会自动列出", "missing elements are named by themselves"),
    "missing_some": ("缺少的数据元会自动列出", "missing elements are named by themselves"),
}
_NUMERIC = (Type.NUMBER, Type.MONEY)
_ORDERED = (Type.NUMBER, Type.MONEY, Type.DATE)
_SINGLE = (Type.BOOLEAN, Type.NUMBER, Type.MONEY, Type.TEXT, Type.DATE)
_MAX_PLACES = 20


def compile_rule(rule: Any, *, elements: Mapping[str, Element]) -> Node:
    """Check and compile a rule for decision mode.

    :raises RuleError: with every problem, each with its JSON pointer
    """
    node = _Compiler(elements).node(rule, "", 0)
    if node.type is not Type.BOOLEAN:
        raise _fault("", "not_condition", found=node.type.zh, found_en=node.type.en)
    return node


def compile_amount(rule: Any, *, elements: Mapping[str, Element], rounding: str) -> Node:
    """Check and compile a formula that gives an amount of money, rounded once to whole fen.

    :param rounding: a key of :data:`tongban.kernel.rules.operators.ROUNDINGS`
    :raises RuleError: with every problem, each with its JSON pointer
    """
    node = _Compiler(elements).node(rule, "", 0)
    if node.type is not Type.MONEY:
        raise _fault("", "not_amount", found=node.type.zh, found_en=node.type.en)
    if rounding not in operators.ROUNDINGS:
        raise _fault("", "rounding", known=", ".join(operators.ROUNDINGS), value=rounding)
    return Divide(node, Literal(1, Type.NUMBER), rounding, 0, Type.MONEY)


def _fault(pointer: str, code: str, **params: object) -> RuleError:
    return RuleError([Problem(pointer, code, params)])


def _wrong_type(node: Node, *wanted: Type) -> Problem:
    return Problem(
        node.pointer,
        "type",
        {
            "wanted": "或".join(kind.zh for kind in wanted),
            "wanted_en": " or ".join(kind.en for kind in wanted),
            "found": node.type.zh,
            "found_en": node.type.en,
        },
    )


class _Compiler:
    """Builds nodes. A fault is raised; arguments are all compiled first, so that all their faults are told."""

    def __init__(self, elements: Mapping[str, Element]) -> None:
        self.elements = elements
        self.depth = 0

    def node(self, rule: Any, pointer: str, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise _fault(pointer, "too_deep", limit=MAX_DEPTH)
        if not isinstance(rule, Mapping):
            return _literal(rule, pointer)
        if len(rule) != 1:
            raise _fault(pointer, "one_key", count=len(rule))
        [(name, values)] = rule.items()
        inner = join_pointer(pointer, name)
        if isinstance(values, list | tuple):
            arguments = [(value, join_pointer(inner, index)) for index, value in enumerate(values)]
        else:
            arguments = [(values, inner)]
        self.depth = depth + 1
        if name in _BUILDERS:
            return _BUILDERS[name](self, name, arguments, inner)
        registered = operators.find_operator(name)
        if registered is not None:
            return self._call(registered, arguments, inner)
        if name in _NOT_FOR_DECISION:
            chinese, english = _NOT_FOR_DECISION[name]
            raise _fault(inner, "not_for_decision", operator=name, instead=chinese, instead_en=english)
        raise _fault(inner, "unknown_operator", operator=name)

    def _call(self, operator: operators.Operator, arguments: Arguments, pointer: str) -> Node:
        count(operator.name, arguments, pointer, len(operator.takes))
        nodes = self.nodes(arguments)
        wrong = [
            _wrong_type(node, kind)
            for node, kind in zip(nodes, operator.takes, strict=True)
            if node.type is not kind
        ]
        if wrong:
            raise RuleError(wrong)
        return Call(operator, nodes, operator.gives, pointer)

    def nodes(self, arguments: Arguments) -> tuple[Node, ...]:
        """Compile the arguments; their faults are raised together."""
        depth = self.depth
        good: list[Node] = []
        problems: list[Problem] = []
        for value, pointer in arguments:
            try:
                good.append(self.node(value, pointer, depth))
            except RuleError as error:
                problems.extend(error.problems)
        self.depth = depth
        if problems:
            raise RuleError(problems)
        return tuple(good)

    def typed(self, arguments: Arguments, *wanted: Type) -> tuple[Node, ...]:
        """Compile the arguments, each of which must be of one of the types."""
        return of_type(self.nodes(arguments), *wanted)


def _literal(value: Any, pointer: str) -> Literal:
    if isinstance(value, bool):
        return Literal(value, Type.BOOLEAN, pointer)
    if isinstance(value, int):
        return Literal(value, Type.NUMBER, pointer)
    if isinstance(value, float | Decimal):
        # What was written is exact; only its reading as a binary float would not be.
        number = value if isinstance(value, Decimal) else Decimal(repr(value))
        if number.is_finite():
            return Literal(number, Type.NUMBER, pointer)
    if isinstance(value, str):
        return Literal(value, Type.TEXT, pointer)
    if type(value) is date:
        return Literal(value, Type.DATE, pointer)
    raise _fault(pointer, "literal", value=value)


def count(name: str, arguments: Arguments, pointer: str, *allowed: int, at_least: int = 0) -> None:
    """Refuse a wrong number of arguments."""
    size = len(arguments)
    if size in allowed or (not allowed and size >= at_least):
        return
    wanted = " / ".join(map(str, allowed)) or f"≥ {at_least}"
    raise _fault(pointer, "arguments", operator=name, wanted=wanted, count=size)


def of_type(nodes: tuple[Node, ...], *wanted: Type) -> tuple[Node, ...]:
    """Refuse nodes that are of none of the types."""
    wrong = [_wrong_type(node, *wanted) for node in nodes if node.type not in wanted]
    if wrong:
        raise RuleError(wrong)
    return nodes


def alike(nodes: Sequence[Node], pointer: str) -> tuple[Node, ...]:
    """The nodes brought to one type; a whole number beside money counts as fen."""
    kind = next((node.type for node in nodes if not _adaptable(node)), nodes[0].type)
    adapted = tuple(_adapt(node, kind) for node in nodes)
    other = next((node for node in adapted if node.type is not kind), None)
    if other is None:
        return adapted
    dates = {kind, other.type} == {Type.DATE, Type.TEXT}
    raise _fault(
        pointer,
        "different_types",
        left=kind.zh,
        left_en=kind.en,
        right=other.type.zh,
        right_en=other.type.en,
        hint='；日期要写成 {"date": "2026-01-01"}' if dates else "",
        hint_en='; a date is written {"date": "2026-01-01"}' if dates else "",
    )


def _adaptable(node: Node) -> bool:
    return isinstance(node, Literal) and node.type is Type.NUMBER and isinstance(node.value, int)


def _adapt(node: Node, kind: Type) -> Node:
    if kind is Type.MONEY and isinstance(node, Literal) and _adaptable(node):
        return Literal(node.value, Type.MONEY, node.pointer)
    return node


Builder: TypeAlias = Callable[[_Compiler, str, Arguments, str], Node]


def _variable(compiler: _Compiler, _name: str, arguments: Arguments, pointer: str) -> Node:
    if len(arguments) > 1:
        raise _fault(pointer, "default")
    key = arguments[0][0] if arguments else ""
    if not isinstance(key, str):
        raise _fault(pointer, "computed_element")
    if key not in compiler.elements:
        raise _fault(pointer, "unknown_element", key=key)
    return Variable(key, compiler.elements[key].type, pointer)


def _junction(compiler: _Compiler, name: str, arguments: Arguments, pointer: str) -> Node:
    count(name, arguments, pointer, at_least=1)
    items = compiler.typed(arguments, Type.BOOLEAN)
    return All(items, pointer) if name == "and" else Some(items, pointer)


def _negation(compiler: _Compiler, name: str, arguments: Arguments, pointer: str) -> Node:
    count(name, arguments, pointer, 1)
    [item] = compiler.typed(arguments, Type.BOOLEAN)
    return Not(item, pointer) if name == "!" else item


def _equality(compiler: _Compiler, name: str, arguments: Arguments, pointer: str) -> Node:
    count(name, arguments, pointer, 2)
    left, right = alike(compiler.typed(arguments, *_SINGLE), pointer)
    return Compare(name[:2], left, right, pointer)


def _order(compiler: _Compiler, name: str, arguments: Arguments, pointer: str) -> Node:
    count(name, arguments, pointer, *((2, 3) if name in {"<", "<="} else (2,)))
    same = alike(compiler.typed(arguments, *_ORDERED), pointer)
    steps = tuple(Compare(name, left, right, pointer) for left, right in pairwise(same))
    return steps[0] if len(steps) == 1 else All(steps, pointer)


def _membership(compiler: _Compiler, name: str, arguments: Arguments, pointer: str) -> Node:
    count(name, arguments, pointer, 2)
    needle_argument, (hay_rule, hay_pointer) = arguments
    if isinstance(hay_rule, list | tuple):
        options = [(value, join_pointer(hay_pointer, index)) for index, value in enumerate(hay_rule)]
        same = alike(compiler.typed([needle_argument, *options], *_SINGLE), pointer)
        return In(same[0], same[1:], pointer)
    needle, hay = compiler.nodes(arguments)
    of_type((needle,), Type.TEXT)
    of_type((hay,), Type.TEXTS, Type.TEXT)
    return In(needle, hay, pointer)


def _sum(compiler: _Compiler, name: str, arguments: Arguments, pointer: str) -> Node:
    count(name, arguments, pointer, *{"-": (1, 2), "%": (2,)}.get(name, ()), at_least=1)
    same = alike(compiler.typed(arguments, *((Type.NUMBER,) if name == "%" else _NUMERIC)), pointer)
    return Arithmetic(name, same, same[0].type, pointer)


def _product(compiler: _Compiler, name: str, arguments: Arguments, pointer: str) -> Node:
    count(name, arguments, pointer, at_least=1)
    nodes = compiler.typed(arguments, *_NUMERIC)
    money = sum(node.type is Type.MONEY for node in nodes)
    if money > 1:
        raise _fault(pointer, "money_product")
    return Arithmetic(name, nodes, Type.MONEY if money else Type.NUMBER, pointer)


def _division(compiler: _Compiler, name: str, arguments: Arguments, pointer: str) -> Node:
    count(name, arguments, pointer, 2, 3, 4)
    dividend, divisor = compiler.typed(arguments[:2], *_NUMERIC)
    rounding = arguments[2][0] if len(arguments) > 2 else ""
    places = arguments[3][0] if len(arguments) > 3 else 0
    if rounding not in operators.ROUNDINGS:
        raise _fault(pointer, "rounding", known=", ".join(operators.ROUNDINGS), value=rounding)
    kind = dividend.type
    if divisor.type is Type.MONEY:
        dividend, divisor = alike((dividend, divisor), pointer)
        kind = Type.NUMBER
    whole = isinstance(places, int) and not isinstance(places, bool) and 0 <= places <= _MAX_PLACES
    if not whole or (places and kind is Type.MONEY):
        wanted = {"wanted": "保留的小数位数（金额为 0）", "wanted_en": "a number of decimals (0 for money)"}
        raise _fault(pointer, "bad_value", value=places, **wanted)
    return Divide(dividend, divisor, rounding, places, kind, pointer)


def _choice(compiler: _Compiler, name: str, arguments: Arguments, pointer: str) -> Node:
    if len(arguments) < 3 or len(arguments) % 2 == 0:
        raise _fault(pointer, "arguments", operator=name, wanted="3 / 5 / 7 …", count=len(arguments))
    nodes = compiler.nodes(arguments)
    conditions = of_type(nodes[:-1:2], Type.BOOLEAN)
    results = alike([*nodes[1::2], nodes[-1]], pointer)
    branches = tuple(zip(conditions, results[:-1], strict=True))
    return If(branches, results[-1], results[0].type, pointer)


def _converted(convert: Callable[[Any], Any], kind: Type) -> Builder:
    """A literal written as text: a date, an amount in yuan, a decimal number."""

    def build(compiler: _Compiler, name: str, arguments: Arguments, pointer: str) -> Node:
        count(name, arguments, pointer, 1)
        value = arguments[0][0]
        if isinstance(value, Mapping):
            return compiler.typed(arguments, kind)[0]
        try:
            return Literal(convert(value), kind, pointer)
        except ValueError:
            raise _fault(pointer, "bad_value", value=value, wanted=kind.zh, wanted_en=kind.en) from None

    return build


def _today(_compiler: _Compiler, name: str, arguments: Arguments, pointer: str) -> Node:
    count(name, arguments, pointer, 0)
    return Today(pointer)


_BUILDERS: dict[str, Builder] = {
    "var": _variable,
    "and": _junction,
    "or": _junction,
    "!": _negation,
    "!!": _negation,
    **dict.fromkeys(("==", "===", "!=", "!=="), _equality),
    **dict.fromkeys(("<", "<=", ">", ">="), _order),
    "in": _membership,
    **dict.fromkeys(("+", "-", "%", "min", "max"), _sum),
    "*": _product,
    "divide": _division,
    "if": _choice,
    "?:": _choice,
    "date": _converted(operators.as_date, Type.DATE),
    "yuan": _converted(operators.yuan, Type.MONEY),
    "decimal": _converted(operators.exact, Type.NUMBER),
    "today": _today,
}
