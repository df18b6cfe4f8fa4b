"""Columns of portraits: made from rows, picked row by row, and put one behind the other.

`made` goes past the objects that a record has, three times as fast; a property test holds it to the record, row by row.
`picked` and `joined` only move what is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongban.kernel.rules.columns.column import (
    ABSENT,
    KNOWN,
    MISSING,
    NO_DAY,
    Column,
    column_of,
    days,
    missing,
    narrow,
)
from tongban.kernel.rules.elements import Dated, Element, Type
from tongban.registers.portraits.contracts import ElementInfo
from tongban.registers.portraits.filing import Laid, consent_of
from tongban.registers.portraits.rules import value_of

_MOST = 2**62
Columns = dict[str, Column]
Agreed = Mapping[str, Mapping[str, str]]


@dataclass(slots=True)
class _Heap:
    """What rows say of one element: which rows, and as they lie there the values and days."""

    rows: list[int] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    days: list[str] = field(default_factory=list)


def made(rows: Sequence[tuple[Laid, Agreed]], elements: Mapping[str, ElementInfo]) -> Columns:
    """Columns of what rules may read of rows, as :func:`filing.known` has it; an element that none of them tells has none.

    :param rows: of each its facts as they lie, and what its party has agreed to
    """
    heaps = {key: _Heap() for key in elements}
    asking = {key: one for key, one in elements.items() if one.consent}
    for row, (laid, agreed) in enumerate(rows):
        for key, (value, day, _source, _via) in laid.items():
            heap = heaps.get(key)
            if (
                heap is None
                or value is None
                or (key in asking and not consent_of(asking[key], agreed).allows)
            ):
                continue
            heap.rows.append(row)
            heap.values.append(value)
            heap.days.append(day)
    days_of: dict[str, int] = {}
    return {
        key: _column(elements[key].type, heap, len(rows), days_of) for key, heap in heaps.items() if heap.rows
    }


def _column(kind: Type, heap: _Heap, size: int, days_of: dict[str, int]) -> Column:
    """The column of one element. Where a value is not as the element's type lies (the pack has changed), or not a whole
    number, it is made as any record's is.
    """
    plain = _PLAIN[kind]
    if kind is Type.TEXTS or not all(type(value) is plain for value in heap.values):
        return _as_records(kind, heap, size)
    for day in heap.days:
        if day not in days_of:
            days_of[day] = days(date.fromisoformat(day))
    rows = np.array(heap.rows, dtype=np.intp)
    state = np.full(size, MISSING, dtype=np.uint8)
    state[rows] = KNOWN
    known_day = np.full(size, NO_DAY, dtype=np.int32)
    known_day[rows] = [days_of[day] for day in heap.days]
    words: dict[str, int] = {}
    found: list[Any] = heap.values
    if kind is Type.TEXT:
        found = [words.setdefault(word, len(words)) for word in heap.values]
    elif kind is Type.DATE:
        try:
            found = [days(date.fromisoformat(value)) for value in heap.values]
        except ValueError:
            return _as_records(kind, heap, size)
    data: NDArray[Any] = np.zeros(size, dtype=np.bool_ if kind is Type.BOOLEAN else np.int64)
    data[rows] = found
    data = data if kind is Type.BOOLEAN else narrow(data)
    return Column(kind, data, state, words=tuple(words), known_day=known_day)


_PLAIN = {
    Type.BOOLEAN: bool, Type.NUMBER: int, Type.MONEY: int, Type.TEXT: str, Type.DATE: str, Type.TEXTS: list,
}  # fmt: skip


def _as_records(kind: Type, heap: _Heap, size: int) -> Column:
    values: list[Any] = [ABSENT] * size
    for row, value, day in zip(heap.rows, heap.values, heap.days, strict=True):
        values[row] = Dated(value_of(kind, value), date.fromisoformat(day))
    return column_of(kind, values)


def picked(column: Column, rows: NDArray[np.intp]) -> Column:
    """The given rows of a column, in their order."""
    known_day = None if column.known_day is None else column.known_day[rows]
    if column.starts is None:
        data, starts = column.data[rows], None
    else:
        sizes = np.diff(column.starts)[rows]
        starts = _starts(sizes)
        # Of each row picked, the places of its words: where it began, counted on.
        first = np.repeat(column.starts[rows] - starts[:-1], sizes)
        data = column.data[first + np.arange(starts[-1])]
    return Column(
        column.kind, data, column.state[rows], column.scale, column.words, starts, known_day=known_day
    )


def joined_all(parts: Sequence[tuple[int, Mapping[str, Column]]], elements: Mapping[str, Element]) -> Columns:
    """Several populations one behind the other: of each its number of rows and its columns."""
    return {
        key: joined([part.get(key) or missing(one.type, size) for size, part in parts])
        for key, one in elements.items()
        if any(key in part for _size, part in parts)
    }


def joined(parts: Sequence[Column]) -> Column:
    """The rows of columns of one type, one column's behind the other's."""
    scale = max(part.scale for part in parts)
    if not all(_fits(part, scale) for part in parts):
        return column_of(parts[0].kind, [part.dated(row) for part in parts for row in range(len(part))])
    words: tuple[str, ...] = ()
    if parts[0].kind in {Type.TEXT, Type.TEXTS}:
        words, data = _worded(parts)
    else:
        data = [_scaled(part, scale) for part in parts]
    whole = np.concatenate(data)
    return Column(
        parts[0].kind, whole if whole.dtype == np.bool_ else narrow(whole),
        np.concatenate([part.state for part in parts]), scale, words, _starts_of(parts), known_day=_days(parts),
    )  # fmt: skip


def _fits(column: Column, scale: int) -> bool:
    """Whether its numbers fit 64 bits at a larger scale; what is kept as exact Python numbers does not."""
    if column.data.dtype == object:
        return False
    if column.scale == scale or not column.data.size:
        return True
    largest = int(np.abs(column.data.astype(np.int64)).max())
    fits: bool = largest * 10 ** (scale - column.scale) < _MOST
    return fits


def _scaled(column: Column, scale: int) -> NDArray[Any]:
    if column.scale == scale:
        return column.data
    scaled: NDArray[Any] = column.data.astype(np.int64) * 10 ** (scale - column.scale)
    return scaled


def _worded(parts: Iterable[Column]) -> tuple[tuple[str, ...], list[NDArray[Any]]]:
    """The words of all, each once, and every part's data in their numbers."""
    numbers: dict[str, int] = {}
    data = []
    for part in parts:
        renumbered = [numbers.setdefault(word, len(numbers)) for word in part.words]
        # Without a word nothing is known, and what the data say means nothing.
        table = np.array(renumbered or [0], dtype=np.int64)
        data.append(table[part.data] if renumbered else np.zeros(part.data.size, dtype=np.int64))
    return tuple(numbers), data


def _starts(sizes: NDArray[Any]) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)


def _starts_of(parts: Sequence[Column]) -> NDArray[np.int64] | None:
    starts = [part.starts for part in parts if part.starts is not None]
    if len(starts) < len(parts):
        return None
    before = accumulate((one[-1] for one in starts), initial=0)
    later = [one[1:] + ahead for one, ahead in zip(starts, before, strict=False)]
    return np.concatenate([np.zeros(1, dtype=np.int64), *later])


def _days(parts: Sequence[Column]) -> NDArray[np.int32] | None:
    """When each value was known; facts of portraits know the day, never the second."""
    if all(part.known_day is None for part in parts):
        return None
    return np.concatenate(
        [
            np.full(len(part), NO_DAY, dtype=np.int32) if part.known_day is None else part.known_day
            for part in parts
        ]
    )


def without_empty(columns: Mapping[str, Column]) -> Columns:
    """Those in which anything is known of anybody."""
    return {key: column for key, column in columns.items() if bool((column.state != MISSING).any())}
