"""What a node of a rule comes to for every row: an array of values, and where they are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, localcontext
from functools import cached_property, reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongban.kernel.rules.columns.bits import Flags, Truth, unpack
from tongban.kernel.rules.columns.column import EPOCH_DAY, days, exact_numbers, unboxed
from tongban.kernel.rules.decision import PRECISION
from tongban.kernel.rules.elements import Type


@dataclass(frozen=True, eq=False)
class Vector:
    """Values of one type, one per row, or a single value for all rows (`data` has no dimension).

    :param data: as in a :class:`~tongban.kernel.rules.columns.column.Column`; an array of Python objects where they fit
        no other (`boxed_already`). Where a value is not known the array holds something harmless
    :param known: None where all are
    :param words: of TEXT: the texts that the numbers stand for; `numbers` the other way round
    """

    kind: Type
    data: NDArray[Any]
    known: Flags | None = None
    scale: int = 0
    words: Sequence[str] = ()
    numbers: Mapping[str, int] | None = None

    def number_of(self, word: str) -> int | None:
        """The number that stands for a text."""
        return None if self.numbers is None else self.numbers.get(word)

    @property
    def boxed_already(self) -> bool:
        return self.data.dtype == object

    @property
    def single(self) -> bool:
        return self.data.ndim == 0

    @cached_property
    def bounds(self) -> tuple[int, int]:
        """Least and greatest whole number in `data`, which is no array of objects."""
        return (int(self.data.min()), int(self.data.max())) if self.data.size else (0, 0)

    @cached_property
    def farthest(self) -> int:
        """No whole number in `data` is further from zero than this; at least 1."""
        return max(1, *map(abs, self.bounds))

    def boxes(self, size: int) -> NDArray[Any]:
        """The values as Python objects, `size` of them."""
        if self.boxed_already:
            return np.broadcast_to(self.data, (size,))
        if self.kind in {Type.NUMBER, Type.MONEY} and not self.scale:
            return np.broadcast_to(self.data.astype(object), (size,))
        cells, words = np.atleast_1d(self.data), self.words or ("",)  # no words: nobody has one
        found, places = np.unique(cells, return_inverse=True)
        values = np.empty(found.size, dtype=object)
        values[:] = [unboxed(self.kind, cell, self.scale, words) for cell in found]
        return np.broadcast_to(values[places], (size,))


def single(kind: Type, value: Any) -> Vector:
    """One value for all rows."""
    many = of_boxes(kind, [value])
    return Vector(kind, many.data.reshape(()), None, many.scale)


def of_boxes(kind: Type, values: Sequence[Any], known: Flags | None = None) -> Vector:
    """A vector of Python values."""
    if kind is Type.NUMBER or kind is Type.MONEY:
        data, scale = exact_numbers(values)
        return Vector(kind, data, known, scale)
    if kind is Type.DATE:
        return Vector(kind, np.array([days(value) for value in values], dtype=np.int64), known)
    if kind is Type.BOOLEAN:
        return Vector(kind, np.array(values, dtype=np.bool_), known)
    objects = np.empty(len(values), dtype=object)
    for place, value in enumerate(values):  # a tuple would be taken for a row of a matrix
        objects[place] = value
    return Vector(kind, objects, known)


LIMIT = 2**62
"""Whole numbers below this, and their doubles, fit 64 bits."""
_WHOLE = frozenset((Type.NUMBER, Type.MONEY, Type.DATE))
HARMLESS: dict[Type, Any] = {
    Type.BOOLEAN: False,
    Type.NUMBER: 0,
    Type.MONEY: 0,
    Type.TEXT: "",
    Type.DATE: EPOCH_DAY,
    Type.TEXTS: (),
}
"""What stands in an array where nothing is known."""


def both(*known: Flags | None) -> Flags | None:
    """Where all of them are known."""
    flags = [one for one in known if one is not None]
    return np.asarray(reduce(np.logical_and, flags)) if flags else None


def by_row(kind: Type, function: Callable[..., Any], vectors: Sequence[Vector], size: int) -> Vector:
    """Apply `function` to the values of each row, exactly as the row evaluator does.

    Equal arguments are computed once. A ValueError or ArithmeticError means unknown.
    """
    known = both(*(vector.known for vector in vectors))
    flags = np.ones(size, dtype=np.bool_) if known is None else np.broadcast_to(known, (size,)).copy()
    columns = [vector.boxes(size) for vector in vectors]
    harmless = HARMLESS[kind]
    results = [harmless] * size
    seen: dict[tuple[Any, ...], tuple[Any, bool]] = {}
    with localcontext(Context(prec=PRECISION)):
        for row in np.flatnonzero(flags):
            values = tuple(column[row] for column in columns)
            if values not in seen:
                try:
                    seen[values] = (function(*values), True)
                except (ValueError, ArithmeticError):
                    seen[values] = (harmless, False)
            results[row], flags[row] = seen[values]
    return of_boxes(kind, results, None if flags.all() else flags)


def choose(conditions: Sequence[Truth], results: Sequence[Vector], *, size: int) -> Vector:
    """*If* over values: the result of the first branch whose condition is true, the last result where none is.

    While conditions are unknown, the value on which all the branches that a row can still end in agree.
    """
    kind, scale = results[0].kind, max(result.scale for result in results)
    alike = as_common(results)
    columns = alike or [result.boxes(size) for result in results]
    value = np.broadcast_to(columns[0], (size,)).copy()
    reached, taken, known = np.ones(size, np.bool_), np.zeros(size, np.bool_), np.ones(size, np.bool_)
    possible = [unpack(condition.possible, size) for condition in conditions]
    for place, (result, column) in enumerate(zip(results, columns, strict=True)):
        here = reached & possible[place] if place < len(possible) else reached
        cells = np.broadcast_to(column, (size,))
        known &= ~(here & taken & np.asarray(value != cells, dtype=np.bool_))
        if result.known is not None:
            known &= ~here | result.known
        value = np.where(here & ~taken, cells, value)
        taken = taken | here
        if place < len(conditions):
            reached = reached & ~unpack(conditions[place].true, size)
    if alike:
        return Vector(kind, value, None if known.all() else known, scale)
    harmless = HARMLESS[kind]
    values = [one if sure else harmless for one, sure in zip(value.tolist(), known, strict=True)]
    return of_boxes(kind, values, None if known.all() else known)


def as_common(vectors: Sequence[Vector]) -> list[NDArray[Any]] | None:
    """Numbers or dates of all vectors as whole numbers of the greatest scale among them; None if they are others, or
    do not fit 64 bits with a bit to spare.
    """
    if any(vector.boxed_already or vector.kind not in _WHOLE for vector in vectors):
        return None
    scale = max(vector.scale for vector in vectors)
    raised = [10 ** (scale - vector.scale) for vector in vectors]
    if any(one.farthest * factor >= LIMIT for one, factor in zip(vectors, raised, strict=True)):
        return None
    return [one.data.astype(np.int64) * factor for one, factor in zip(vectors, raised, strict=True)]
