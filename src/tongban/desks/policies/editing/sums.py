"""An amount as it is written in notices: a fixed sum, a share of something with a ceiling, so much each, or in steps. Pure.

As with `rows`: what these forms cannot say is kept as it is, and reading proves that writing means the same again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from tongban.desks.policies.editing import rows
from tongban.desks.policies.editing.comparisons import Logic, NoValueError, literal, shown, var
from tongban.desks.policies.editing.rows import Elements, Group, IncompleteError
from tongban.kernel.rules.elements import Type

NOTHING, FIXED, SHARE, EACH, STEPS, KEPT = "nothing", "fixed", "share", "each", "steps", "kept"
SIMPLE = (FIXED, SHARE, EACH)


@dataclass(frozen=True, slots=True)
class Sum:
    """One form of an amount; texts as they are typed, money in yuan.

    :param yuan: the sum, or so much for each
    :param element: what is shared in (money) or counted (number)
    :param minus: what is taken off it first: a key of an element, or a number or sum as it is typed
    :param times: of a share, how much: ``times`` over ``over``, per cent by default
    :param cap: at most this much; empty: no ceiling
    :param source: JSONLogic of a kept amount
    """

    kind: str = NOTHING
    yuan: str = ""
    element: str = ""
    minus: str = ""
    times: str = ""
    over: str = "100"
    cap: str = ""
    spelling: int = 0
    steps: tuple[Step, ...] = ()
    otherwise: Sum | None = None
    source: Any = field(default=None)


@dataclass(frozen=True, slots=True)
class Step:
    """So much if the condition holds; steps are looked at in order."""

    when: Group
    gives: Sum


# --- writing -----------------------------------------------------------------------------------------------


def write(amount: Sum, *, elements: Elements) -> Logic:
    """An amount as JSONLogic; None: nothing is paid.

    :raises IncompleteError: with what is not said yet, by path: ``(0, …)`` of the first step, ``(-1,)`` of the rest
    """
    faults: dict[tuple[int, ...], str] = {}
    found = _written(amount, elements, (), faults)
    if faults:
        raise IncompleteError(faults)
    return found


def _written(
    amount: Sum, elements: Elements, path: tuple[int, ...], faults: dict[tuple[int, ...], str]
) -> Logic:
    if amount.kind == STEPS:
        return _steps(amount, elements, path, faults)
    try:
        spellings = list(_spellings(amount, elements))
    except NoValueError as fault:
        faults[path] = fault.wanted
        return None
    return spellings[amount.spelling if amount.spelling < len(spellings) else 0]


def _steps(
    amount: Sum, elements: Elements, path: tuple[int, ...], faults: dict[tuple[int, ...], str]
) -> Logic:
    parts: list[Logic] = []
    for place, step in enumerate(amount.steps):
        try:
            when = rows.write(step.when, elements=elements)
        except IncompleteError as error:
            faults.update({(*path, place, *inner): wanted for inner, wanted in error.faults.items()})
            when = None
        if when is None and not any(key[: len(path) + 1] == (*path, place) for key in faults):
            faults[*path, place] = "condition"
        parts += [when, _written(step.gives, elements, (*path, place), faults)]
    if not amount.steps:
        faults[path] = "steps"
    return {"if": [*parts, _written(amount.otherwise or Sum(FIXED), elements, (*path, -1), faults)]}


def _spellings(amount: Sum, elements: Elements) -> Iterator[Logic]:
    """Every way in which an amount without steps is written, ours first. :raises NoValueError: something is missing"""
    match amount.kind:
        case "nothing":
            yield None
        case "fixed":
            yield literal(amount.yuan, Type.MONEY)
        case "share" | "each":
            bare = _shares(amount, elements) if amount.kind == SHARE else _each(amount, elements)
            for one in bare:
                if amount.cap.strip():
                    cap = literal(amount.cap, Type.MONEY)
                    yield {"min": [one, cap]}
                    yield {"min": [cap, one]}
                else:
                    yield one
        case _:
            yield amount.source


def _base(amount: Sum, elements: Elements, kind: Type) -> Iterator[Logic]:
    if amount.element not in elements or elements[amount.element].type is not kind:
        raise NoValueError(amount.element, "element")
    if not amount.minus.strip():
        yield var(amount.element)
        return
    taken = var(amount.minus) if amount.minus in elements else literal(amount.minus, kind)
    less = {"-": [var(amount.element), taken]}
    yield less
    nothing = {"yuan": "0"} if kind is Type.MONEY else 0
    yield {"max": [less, nothing]}
    yield {"max": [less, 0]}


def _shares(amount: Sum, elements: Elements) -> Iterator[Logic]:
    times, over = literal(amount.times, Type.NUMBER), literal(amount.over or "100", Type.NUMBER)
    if not isinstance(over, int) or over <= 0:
        raise NoValueError(amount.over, "over")
    for base in _base(amount, elements, Type.MONEY):
        if times == over:
            yield base
        yield {"divide": [{"*": [base, times]}, over, "down"]}
        yield {"divide": [{"*": [times, base]}, over, "down"]}
        part = Decimal(str(times if isinstance(times, int) else times["decimal"])) / over
        yield {"*": [base, literal(f"{part:f}", Type.NUMBER)]}


def _each(amount: Sum, elements: Elements) -> Iterator[Logic]:
    each = literal(amount.yuan, Type.MONEY)
    for base in _base(amount, elements, Type.NUMBER):
        yield {"*": [base, each]}
        yield {"*": [each, base]}


# --- reading -----------------------------------------------------------------------------------------------


def read(source: Logic, *, elements: Elements) -> Sum:
    """An amount in the form that says it; kept as it is where none does."""
    if source is None:
        return Sum()
    match source:
        case {"if": [*parts]} if len(parts) >= 3 and len(parts) % 2:
            steps = tuple(
                Step(rows.read(when, elements=elements), _simple(gives, elements))
                for when, gives in zip(parts[:-1:2], parts[1::2], strict=True)
            )
            found = Sum(STEPS, steps=steps, otherwise=_simple(parts[-1], elements))
        case _:
            found = _simple(source, elements)
    try:
        faithful = rows.same(write(found, elements=elements), source, elements=elements)
    except IncompleteError:
        faithful = False
    return found if faithful else Sum(KEPT, source=source)


def _simple(source: Logic, elements: Elements) -> Sum:
    fixed = shown(source, Type.MONEY)
    if fixed is not None:
        return Sum(FIXED, yuan=fixed)
    for guess in _guesses(source, elements):
        try:
            for spelling, written in enumerate(_spellings(guess, elements)):
                if rows.alike(written, source):
                    return replace(guess, spelling=spelling)
        except NoValueError:
            continue
    return Sum(KEPT, source=source)


def _guesses(source: Logic, elements: Elements) -> Iterator[Sum]:
    """What the source may be, by the elements and numbers that stand in it."""
    keys = rows.keys(source)
    if not keys or keys[0] not in elements:
        return
    leaves = list(rows.leaves(source))
    money = [
        text for leaf in leaves if isinstance(leaf, Mapping) and (text := shown(leaf, Type.MONEY)) is not None
    ]
    numbers = [text for leaf in leaves if (text := shown(leaf, Type.NUMBER)) is not None]
    capped = isinstance(source, Mapping) and "min" in source
    taken = ["", *keys[1:2], *money[:1], *numbers[:1]]
    if elements[keys[0]].type is Type.MONEY:
        shares = [("100", "100"), *pairwise(numbers)]
        shares += [(f"{Decimal(one) * 100:f}", "100") for one in numbers]
        for minus in taken:
            for times, over in shares:
                yield Sum(SHARE, element=keys[0], minus=minus, times=times, over=over,
                          cap=money[-1] if capped and money else "")  # fmt: skip
    elif money:
        for minus in taken:
            for each in money[:2]:
                yield Sum(EACH, element=keys[0], minus=minus, yuan=each, cap=money[-1] if capped else "")
