"""Columns of portraits: made from records, picked row by row, and put one behind the other.

`made` is :func:`~tongban.kernel.rules.columns.column.column_of`, so what a rule reads of a column is what it reads of the
record. `picked` and `joined` only move what is there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tongban.kernel.rules.columns.column import ABSENT, MISSING, NO_DAY, Column, column_of, missing, narrow
from tongban.kernel.rules.elements import Element, Type

_MOST = 2**62
Columns = dict[str, Column]


def made(records: Sequence[Mapping[str, Any]], elements: Mapping[str, Element]) -> Columns:
    """Columns of what the records know, a row for each; an element that none of them knows has none."""
    known = {key for record in records for key in record}
    return {
        key: column_of(one.type, [record.get(key, ABSENT) for record in records])
        for key, one in elements.items()
        if key in known
    }


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
