"""What the rows cannot say, as a tree whose values, elements and operators may be changed where they stand. Pure.

The structure stays; whoever wants another one takes the part away and writes rows. Changes are named by the place of a
value in the source (a JSON pointer).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from tongban.desks.policies.editing.comparisons import Logic, literal
from tongban.kernel.rules.elements import Type
from tongban.kernel.rules.errors import join_pointer
from tongban.kernel.rules.operators import ROUNDINGS

FAMILIES: Final = (("and", "or"), (">=", ">", "<=", "<"), ("==", "!="), ("+", "-", "*"), ("min", "max"))
_WRITTEN = {"yuan": Type.MONEY, "date": Type.DATE, "decimal": Type.NUMBER}
_DIVIDE_ROUNDING = 2


@dataclass(frozen=True, slots=True)
class Twig:
    """One place of the tree.

    :param kind: ``operator``, ``element``, ``rounding``, ``yesno``, or the type of a value; ``fixed`` cannot be changed
    :param value: as it is typed; of an operator its name
    :param options: what else may stand there, where that is a choice
    """

    pointer: str
    kind: str
    value: str
    options: tuple[str, ...] = ()
    children: tuple[Twig, ...] = ()


def grow(source: Logic, pointer: str = "") -> Twig:  # noqa: PLR0911 - one case per kind of node
    """The tree of a source."""
    match source:
        case {"var": str(key)}:
            return Twig(pointer, "element", key)
        case {"today": _}:
            return Twig(pointer, "fixed", "today")
        case dict() if len(source) == 1:
            [(name, values)] = source.items()
            if name in _WRITTEN and not isinstance(values, Mapping):
                return Twig(pointer, _WRITTEN[name].value, str(values))
            inner = join_pointer(pointer, name)
            parts = values if isinstance(values, list) else [values]
            children = tuple(
                _rounding(part, join_pointer(inner, place))
                if name == "divide" and place == _DIVIDE_ROUNDING
                else grow(part, join_pointer(inner, place))
                for place, part in enumerate(parts)
            )
            family = next((known for known in FAMILIES if name in known), ())
            return Twig(pointer, "operator", name, family, children)
        case [*items]:
            children = tuple(grow(item, join_pointer(pointer, place)) for place, item in enumerate(items))
            return Twig(pointer, "list", "", (), children)
        case bool():
            return Twig(pointer, "yesno", "true" if source else "false", ("true", "false"))
        case int() | float() | Decimal():
            return Twig(pointer, Type.NUMBER.value, str(source))
        case _:
            return Twig(pointer, Type.TEXT.value, str(source))


def _rounding(value: Any, pointer: str) -> Twig:
    return Twig(pointer, "rounding", str(value), tuple(ROUNDINGS))


def edited(  # noqa: PLR0911 - one case per kind of node
    source: Logic, changes: Mapping[str, str], *, pointer: str = ""
) -> Logic:
    """The source with what stands at the pointers changed.

    :raises NoValueError: something typed is no value of what stands there
    """
    twig = grow(source, pointer)
    given = changes.get(pointer)
    match twig.kind:
        case "operator":
            return _branch(source, twig, given, changes)
        case "list":
            return [
                edited(item, changes, pointer=join_pointer(pointer, at)) for at, item in enumerate(source)
            ]
        case _ if given is None or given == twig.value:
            return source
        case "element":
            return {"var": given}
        case "yesno":
            return given == "true"
        case "fixed":
            return source
        case _:
            written = literal(given, Type(twig.kind))
            return str(written) if isinstance(source, str) else written


def _branch(source: Logic, twig: Twig, given: str | None, changes: Mapping[str, str]) -> Logic:
    name = given if given in twig.options else twig.value
    inner = join_pointer(twig.pointer, twig.value)
    values = source[twig.value]
    parts = values if isinstance(values, list) else [values]
    changed = []
    for place, part in enumerate(parts):
        at = join_pointer(inner, place)
        if twig.value == "divide" and place == _DIVIDE_ROUNDING:
            changed.append(changes[at] if changes.get(at) in ROUNDINGS else part)
        else:
            changed.append(edited(part, changes, pointer=at))
    return {name: changed if isinstance(values, list) else changed[0]}
