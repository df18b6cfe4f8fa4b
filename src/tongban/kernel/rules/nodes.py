"""The compiled form of a decision rule: small typed nodes that a record or a whole table can be run through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from tongban.kernel.rules.elements import Type
from tongban.kernel.rules.operators import Operator


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the rule."""

    value: Any
    type: Type
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Variable:
    """The value of a data element."""

    key: str
    type: Type
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Today:
    """The day of the decision."""

    pointer: str = ""
    type: Type = Type.DATE


@dataclass(frozen=True, slots=True)
class All:
    """True if every item is (and)."""

    items: tuple[Node, ...]
    pointer: str = ""
    type: Type = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class Some:
    """True if at least one item is (or)."""

    items: tuple[Node, ...]
    pointer: str = ""
    type: Type = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class Not:
    item: Node
    pointer: str = ""
    type: Type = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class Compare:
    """Two values of one type. `operator` is ``==``, ``!=``, ``<``, ``<=``, ``>`` or ``>=``."""

    operator: str
    left: Node
    right: Node
    pointer: str = ""
    type: Type = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class In:
    """Whether `needle` is among `hay`: alternatives of its type, an element of several texts, or a part of a text."""

    needle: Node
    hay: Node | tuple[Node, ...]
    pointer: str = ""
    type: Type = Type.BOOLEAN


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """``+``, ``-``, ``*``, ``%``, ``min`` or ``max`` over integers and decimals."""

    operator: str
    items: tuple[Node, ...]
    type: Type
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Divide:
    """A division that names its rounding; `places` decimals are kept."""

    dividend: Node
    divisor: Node
    rounding: str
    places: int
    type: Type
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class If:
    """The value of the first branch whose condition is true."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node
    type: Type
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Call:
    """A registered operator applied to values."""

    operator: Operator
    items: tuple[Node, ...]
    type: Type
    pointer: str = ""


Node: TypeAlias = (
    Literal | Variable | Today | All | Some | Not | Compare | In | Arithmetic | Divide | If | Call
)


def children(node: Node) -> tuple[Node, ...]:  # noqa: PLR0911 - one case per node
    """The nodes directly below `node`, in the order in which they are written."""
    match node:
        case All() | Some() | Arithmetic() | Call():
            return node.items
        case Not():
            return (node.item,)
        case Compare():
            return (node.left, node.right)
        case In():
            return (node.needle, *(node.hay if isinstance(node.hay, tuple) else (node.hay,)))
        case Divide():
            return (node.dividend, node.divisor)
        case If():
            return (*(part for branch in node.branches for part in branch), node.otherwise)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """`node` and every node below it, parents first."""
    yield node
    for child in children(node):
        yield from walk(child)


def elements_of(node: Node) -> tuple[str, ...]:
    """Keys of the elements that are read, each once, in the order of the rule."""
    return tuple(dict.fromkeys(part.key for part in walk(node) if isinstance(part, Variable)))
