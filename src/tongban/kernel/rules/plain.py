"""Plain mode: standard JSONLogic, for what is shown, never for what is granted.

A missing element is null here, and ``{"<": [{"var": "age"}, 18]}`` is true of an empty record. Approval,
eligibility and payment use :mod:`tongban.kernel.rules.decision`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeAlias

from tongban.kernel.rules import operators
from tongban.kernel.rules.coercion import to_number, to_text, truthy
from tongban.kernel.rules.errors import Problem, RuleError, join_pointer
from tongban.kernel.rules.functions import FUNCTIONS, tolerant

Evaluator: TypeAlias = Callable[[Any, "date | None"], Any]
MAX_DEPTH = 100  # a rule is written by people; deeper is an attack or a fault
_ABSENT = object()


def evaluate(rule: Any, data: Any = None, *, as_of: date | None = None) -> Any:
    """Apply a JSONLogic rule to data, as json-logic-js does.

    A record that keeps keys with dots flat (``{"business.name": …}``) is understood, too. A number that is none
    (1/0, "abc"*2) comes out as None.

    :param as_of: the day that ``{"today": []}`` means
    :raises RuleError: an unknown operator, or "today" without `as_of`
    """
    return compile_plain(rule)(data, as_of)


def compile_plain(rule: Any) -> Evaluator:
    """Prepare a rule that is applied many times: call the result with ``(data, as_of)``.

    :raises RuleError: with every unknown operator in the rule
    """
    problems: list[Problem] = []
    run = _compile(rule, "", problems, 0)
    if problems:
        raise RuleError(problems)

    def finish(data: Any, as_of: date | None = None) -> Any:
        result = run(data, as_of)
        return None if isinstance(result, float) and not math.isfinite(result) else result

    return finish


def _compile(rule: Any, pointer: str, problems: list[Problem], depth: int) -> Evaluator:  # noqa: PLR0911 - one return per form of a rule
    if depth > MAX_DEPTH:
        problems.append(Problem(pointer, "too_deep", {"limit": MAX_DEPTH}))
        return _constant(None)
    if isinstance(rule, list | tuple):
        parts = [_compile(part, join_pointer(pointer, i), problems, depth + 1) for i, part in enumerate(rule)]
        return lambda data, as_of: [part(data, as_of) for part in parts]
    if not isinstance(rule, dict) or len(rule) != 1:
        return _constant(rule)
    [(name, values)] = rule.items()
    wrapped = not isinstance(values, list | tuple)
    arguments = [values] if wrapped else values
    inner = join_pointer(pointer, name)
    compiled = [
        _compile(value, inner if wrapped else join_pointer(inner, i), problems, depth + 1)
        for i, value in enumerate(arguments)
    ]
    if name == "var" and all(not isinstance(value, dict | list | tuple) for value in arguments):
        return _variable(*arguments[:2])
    if name in _LAZY:
        return _LAZY[name](compiled)
    function = FUNCTIONS.get(name)
    if function is None:
        registered = operators.find_operator(name)
        if registered is None:
            problems.append(Problem(inner, "unknown_operator", {"operator": name}))
            return _constant(None)
        function = tolerant(registered.function)
    return _call(function, compiled)


def _constant(value: Any) -> Evaluator:
    return lambda _data, _as_of: value


def _call(function: Callable[..., Any], arguments: list[Evaluator]) -> Evaluator:
    if len(arguments) == 1:
        only = arguments[0]
        return lambda data, as_of: function(only(data, as_of))
    if len(arguments) == 2:
        first, second = arguments
        return lambda data, as_of: function(first(data, as_of), second(data, as_of))
    return lambda data, as_of: function(*[argument(data, as_of) for argument in arguments])


# --- reading data ------------------------------------------------------------------------------------------


def _variable(key: Any = "", default: Any = None, *_more: Any) -> Evaluator:
    if key is None or key == "":
        return lambda data, _as_of: data
    path = to_text(key)
    steps = path.split(".")
    if len(steps) == 1:

        def read(data: Any, _as_of: date | None) -> Any:
            if isinstance(data, dict):
                return data.get(path, default)
            found = _step(data, path)
            return default if found is _ABSENT else found

        return read
    return lambda data, _as_of: _look_up(data, path, steps, default)


def _look_up(data: Any, path: str, steps: list[str], default: Any) -> Any:
    found = data
    for step in steps:
        found = _step(found, step)
        if found is _ABSENT:
            return data[path] if isinstance(data, Mapping) and path in data else default
    return found


def _step(data: Any, key: str) -> Any:
    if isinstance(data, Mapping):
        return data.get(key, _ABSENT)
    if isinstance(data, list | tuple | str) and key.isdecimal():
        index = int(key)
        return data[index] if index < len(data) else _ABSENT
    return _ABSENT


def _read(data: Any, key: Any, default: Any = None) -> Any:
    return _variable(key, default)(data, None)


def _computed_variable(arguments: list[Evaluator]) -> Evaluator:
    return lambda data, as_of: _read(data, *[argument(data, as_of) for argument in arguments[:2]])


def _missing_keys(data: Any, values: list[Any]) -> list[Any]:
    keys = values[0] if values and isinstance(values[0], list | tuple) else values
    return [key for key in keys if _read(data, key) in (None, "")]


def _missing(arguments: list[Evaluator]) -> Evaluator:
    return lambda data, as_of: _missing_keys(data, [argument(data, as_of) for argument in arguments])


def _missing_some(arguments: list[Evaluator]) -> Evaluator:
    def run(data: Any, as_of: date | None) -> Any:
        values = [argument(data, as_of) for argument in arguments]
        needed, options = (*values, 0, [])[:2] if values else (0, [])
        options = options if isinstance(options, list | tuple) else [options]
        missing = _missing_keys(data, [options])
        return [] if len(options) - len(missing) >= to_number(needed) else missing

    return run


def _today(_arguments: list[Evaluator]) -> Evaluator:
    def run(_data: Any, as_of: date | None) -> date:
        if as_of is None:
            raise RuleError([Problem("", "today")])
        return as_of

    return run


# --- lazy operators ----------------------------------------------------------------------------------------


def _if(arguments: list[Evaluator]) -> Evaluator:
    pairs = list(zip(arguments[:-1:2], arguments[1::2], strict=False))
    otherwise = arguments[-1] if len(arguments) % 2 else _constant(None)

    def run(data: Any, as_of: date | None) -> Any:
        for condition, consequence in pairs:
            if truthy(condition(data, as_of)):
                return consequence(data, as_of)
        return otherwise(data, as_of)

    return run


def _until(stop: bool) -> Callable[[list[Evaluator]], Evaluator]:  # noqa: FBT001 - builds "and" and "or" below
    def build(arguments: list[Evaluator]) -> Evaluator:
        def run(data: Any, as_of: date | None) -> Any:
            value = None
            for argument in arguments:
                value = argument(data, as_of)
                if truthy(value) is stop:
                    return value
            return value

        return run

    return build


def _over(
    collect: Callable[[list[Any], Callable[[Any], Any]], Any], empty: Any
) -> Callable[[list[Evaluator]], Evaluator]:
    """Build an operator over a list. `collect` gets the items and a function that applies the inner rule."""

    def build(arguments: list[Evaluator]) -> Evaluator:
        source, inner = (*arguments, _constant(None), _constant(None))[:2]

        def run(data: Any, as_of: date | None) -> Any:
            items = source(data, as_of)
            if not isinstance(items, list | tuple):
                return list(empty) if isinstance(empty, list) else empty
            return collect(list(items), lambda item: inner(item, as_of))

        return run

    return build


def _reduce(arguments: list[Evaluator]) -> Evaluator:
    source, inner, start = (*arguments, _constant(None), _constant(None), _constant(None))[:3]

    def run(data: Any, as_of: date | None) -> Any:
        result = start(data, as_of)
        items = source(data, as_of)
        if isinstance(items, list | tuple):
            for item in items:
                result = inner({"current": item, "accumulator": result}, as_of)
        return result

    return run


_LAZY: dict[str, Callable[[list[Evaluator]], Evaluator]] = {
    "var": _computed_variable,
    "missing": _missing,
    "missing_some": _missing_some,
    "today": _today,
    "if": _if,
    "?:": _if,
    "and": _until(stop=False),
    "or": _until(stop=True),
    "map": _over(lambda items, apply: [apply(item) for item in items], []),
    "filter": _over(lambda items, apply: [item for item in items if truthy(apply(item))], []),
    "all": _over(
        lambda items, apply: bool(items) and all(truthy(apply(item)) for item in items), empty=False
    ),
    "some": _over(lambda items, apply: any(truthy(apply(item)) for item in items), empty=False),
    "none": _over(lambda items, apply: not any(truthy(apply(item)) for item in items), empty=True),
    "reduce": _reduce,
}


def knows_operator(name: str) -> bool:
    """Whether plain mode has the operator, registered ones included."""
    return name in _LAZY or name in FUNCTIONS or operators.find_operator(name) is not None
