"""A condition as rows: element – comparison – value, joined by all or any, in groups within groups. Pure.

`read` turns JSONLogic into this form and `write` turns it back. What the rows cannot say stays as it is, as a `Kept`
part: it is shown in words, its values may be edited (`tree`), and it is never lost. Reading proves itself: a part
becomes a row only where writing that row means the same again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

from tongban.desks.policies.editing.comparisons import (
    ELEMENT,
    OFFERED,
    ONE,
    SEVERAL,
    TWO,
    Comparison,
    Logic,
    NoValueError,
    Said,
    comparison,
    shown,
)
from tongban.kernel.rules.columns.sharing import Shared
from tongban.kernel.rules.compile import compile_amount, compile_rule
from tongban.kernel.rules.elements import Element, Type
from tongban.kernel.rules.errors import RuleError
from tongban.kernel.rules.nodes import Node
from tongban.kernel.rules.operators import yuan

ALL, ANY, NONE = "all", "any", "none"
EMPTY = Said()
Elements = Mapping[str, Element]
_TURNED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!=", "===": "===", "!==": "!=="}


@dataclass(frozen=True, slots=True)
class Row:
    """One comparison of one element. `spelling` is which of its spellings it was read from."""

    element: str
    compare: str
    said: Said = EMPTY
    spelling: int = 0


@dataclass(frozen=True, slots=True)
class Kept:
    """A part that the rows cannot say, as it is."""

    source: Logic


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that all hold (``all``), of which one holds (``any``) or of which none holds (``none``)."""

    join: str
    items: tuple[Row | Group | Kept, ...] = ()


Part = Row | Group | Kept


class IncompleteError(ValueError):
    """Rows that say nothing yet or cannot be read; `faults` by path of the row, each what is wanted there."""

    def __init__(self, faults: Mapping[tuple[int, ...], str]) -> None:
        super().__init__(f"{len(faults)} rows")
        self.faults = dict(faults)


def same(one: Logic, other: Logic, *, elements: Elements) -> bool:
    """Whether two conditions, or two amounts, mean the same."""
    if one == other:
        return True
    for amounts in (False, True):
        try:
            shared = Shared()
            return shared.node(_compiled(one, elements, amounts)) is shared.node(
                _compiled(other, elements, amounts)
            )
        except RuleError:
            continue
    return False


def _compiled(source: Logic, elements: Elements, amounts: bool) -> Node:  # noqa: FBT001 - which of two readings
    if amounts:
        return compile_amount(source, elements=elements, rounding="down")
    return compile_rule(source, elements=elements)


# --- reading -----------------------------------------------------------------------------------------------


def read(source: Logic, *, elements: Elements) -> Group:
    """A condition as rows; always a group, so that more can be added."""
    if source is None:
        return Group(ALL)
    part = _part(source, elements)
    return part if isinstance(part, Group) else Group(ALL, (part,))


def _part(source: Logic, elements: Elements) -> Part:
    row = row_of(source, elements=elements)
    if row is not None:
        return row
    match source:
        case {"and": [*items]} if len(source) == 1:
            return Group(ALL, tuple(_part(item, elements) for item in items))
        case {"or": [*items]} if len(source) == 1:
            return Group(ANY, tuple(_part(item, elements) for item in items))
        case {"!": [{"or": [*items]}]} | {"!": {"or": [*items]}} if len(source) == 1:
            return Group(NONE, tuple(_part(item, elements) for item in items))
        case _:
            return Kept(source)


def row_of(source: Logic, *, elements: Elements) -> Row | None:
    """A condition as one row, where one says it."""
    for turned in _turns(source):
        found_keys = [key for key in keys(turned) if key in elements]
        if not found_keys:
            continue
        for key in dict.fromkeys(found_keys):
            kind = elements[key].type
            for one in OFFERED[kind]:
                found = _tried(one, key, turned, elements)
                if found is not None and same(spelled(found, elements=elements), source, elements=elements):
                    return found
    return None


def _turns(source: Logic) -> Iterable[Logic]:
    """As it is written, and with a value on the left brought to the right."""
    yield source
    match source:
        case {**one} if len(one) == 1:
            [(name, values)] = one.items()
            if name in _TURNED and isinstance(values, list) and len(values) == 2:
                yield {_TURNED[name]: values[::-1]}


def keys(source: Logic) -> list[str]:
    """Elements that are read, in order."""
    match source:
        case {"var": str(key)} | {"var": [str(key)]}:
            return [key]
        case {**one}:
            return [key for values in one.values() for key in keys(values)]
        case [*items]:
            return [key for item in items for key in keys(item)]
        case _:
            return []


def _tried(one: Comparison, key: str, source: Logic, elements: Elements) -> Row | None:
    """The row of this comparison that is spelled as the source, if any is."""
    kind = elements[key].type
    values = [text for text in (shown(leaf, one.kind or kind) for leaf in leaves(source)) if text is not None]
    for said in _sayings(one, key, source, values, elements):
        try:
            for spelling, written in enumerate(one.write(key, kind, said)):
                if alike(written, source):
                    return Row(key, one.code, said, spelling)
        except (NoValueError, ValueError, IndexError):
            continue
    return None


def _sayings(
    one: Comparison, key: str, source: Logic, values: list[str], elements: Elements
) -> Iterable[Said]:
    if one.takes == ELEMENT:
        other = next((found for found in keys(source) if found != key), "")
        if other in elements and elements[other].type is elements[key].type:
            yield Said(other=other, percent="100")
            for text in _percents(source):
                yield Said(other=other, percent=text)
    elif one.takes == ONE and len(values) == 1:
        yield Said((values[0],))
    elif (one.takes == TWO and len(values) == 2) or (one.takes == SEVERAL and values):
        yield Said(tuple(values))
    elif not one.takes and not values:
        yield Said()


def _percents(source: Logic) -> Iterable[str]:
    """Numbers in the source that may be a share, as per cent."""
    for leaf in leaves(source):
        text = shown(leaf, Type.NUMBER)
        if text is not None:
            number = Decimal(text)
            for scale in (1, 10, 100):
                yield f"{(number * scale).normalize():f}"


def leaves(source: Logic) -> Iterable[Logic]:
    """Literals of a source, those written as an operator (a date, a sum) whole."""
    match source:
        case {"yuan": _} | {"date": _} | {"decimal": _}:
            yield source
        case {"var": _} | {"today": _}:
            return
        case {**one}:
            for values in one.values():
                yield from leaves(values)
        case [*items]:
            for item in items:
                yield from leaves(item)
        case _:
            yield source


def alike(one: Logic, other: Logic) -> bool:
    """Equal but for how an argument stands alone: ``{"!": x}`` and ``{"!": [x]}``, 1000 fen and 10 yuan."""
    return bool(_plain(one) == _plain(other))


def _plain(source: Logic) -> Logic:  # noqa: PLR0911 - one case per spelling
    match source:
        case {"yuan": value}:
            try:
                return yuan(str(value))
            except ValueError:
                return source
        case {"decimal": value}:
            return _decimal(value)
        case float():
            return _decimal(repr(source))
        case {"today": _}:
            return {"today": []}
        case {**one}:
            return {
                name: [_plain(value) for value in (values if isinstance(values, list) else [values])]
                for name, values in one.items()
            }
        case [*items]:
            return [_plain(item) for item in items]
        case _:
            return source


def _decimal(value: Any) -> Logic:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return value


# --- writing -----------------------------------------------------------------------------------------------


def spelled(row: Row, *, elements: Elements) -> Logic:
    """A row as JSONLogic. :raises NoValueError: a value is none of the type, or missing"""
    kind = elements[row.element].type
    one = comparison(kind, row.compare)
    wanted = (one.kind or kind).value
    least = {ONE: 1, TWO: 2, SEVERAL: 1}.get(one.takes, 0)
    if len([value for value in row.said.values if value.strip()]) < least:
        raise NoValueError("", wanted)
    if one.takes == ELEMENT and (row.said.other not in elements or elements[row.said.other].type is not kind):
        raise NoValueError(row.said.other, "element")
    said = replace(row.said, values=tuple(value for value in row.said.values if value.strip()))
    try:
        spellings = list(one.write(row.element, kind, said))
    except NoValueError:
        raise
    except ValueError as error:
        raise NoValueError(row.said.percent, "number") from error
    return spellings[row.spelling if row.spelling < len(spellings) else 0]


def write(group: Group, *, elements: Elements) -> Logic:
    """Rows as JSONLogic; None for no rows at all.

    :raises IncompleteError: with every row that says nothing yet
    """
    faults: dict[tuple[int, ...], str] = {}
    found = _written(group, elements, (), faults)
    if faults:
        raise IncompleteError(faults)
    return found


def _written(
    part: Part, elements: Elements, path: tuple[int, ...], faults: dict[tuple[int, ...], str]
) -> Logic:
    match part:
        case Kept():
            return part.source
        case Row():
            if part.element not in elements:
                faults[path] = "element"
                return None
            try:
                return spelled(part, elements=elements)
            except NoValueError as fault:
                faults[path] = fault.wanted
                return None
        case Group():
            items = [
                _written(item, elements, (*path, place), faults) for place, item in enumerate(part.items)
            ]
            if not items:
                if path:
                    faults[path] = "group"
                return None
            return _joined(part.join, items)


def complete(group: Group, *, elements: Elements) -> Group:
    """The group without rows that say nothing yet, and without groups that are empty then."""
    found: list[Part] = []
    for item in group.items:
        inner = complete(item, elements=elements) if isinstance(item, Group) else item
        try:
            write(Group(ALL, (inner,)), elements=elements)
        except IncompleteError:
            continue
        found.append(inner)
    return replace(group, items=tuple(found))


def _joined(join: str, items: list[Logic]) -> Logic:
    if join == NONE:
        return {"!": [{"or": items}]}
    if len(items) == 1:
        return items[0]
    return {"and" if join == ALL else "or": items}


# --- changing ----------------------------------------------------------------------------------------------


def changed(group: Group, path: tuple[int, ...], act: str) -> Group:
    """The group with a row or a group added at `path`, or with the part at `path` taken away or put into a group.

    A path that leads nowhere changes nothing.
    """
    if act == "remove" and len(path) == 1:
        return replace(group, items=tuple(one for place, one in enumerate(group.items) if place != path[0]))
    if not path:
        fresh: dict[str, Part] = {"add-row": Row("", ""), "add-group": Group(ANY, (Row("", ""),))}
        return replace(group, items=(*group.items, fresh[act])) if act in fresh else group
    place = path[0]
    if place >= len(group.items):
        return group
    item = group.items[place]
    if act == "wrap" and len(path) == 1:
        inner: Part = Group(ANY if group.join == ALL else ALL, (item, Row("", "")))
    elif isinstance(item, Group):
        inner = changed(item, path[1:], act)
    else:
        return group
    return replace(group, items=(*group.items[:place], inner, *group.items[place + 1 :]))
