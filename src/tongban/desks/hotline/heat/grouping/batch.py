"""Group a whole stretch of messages at once: a year of a city in under a minute."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tongban.desks.hotline.heat.grouping.linking import (
    THREADS,
    Bounds,
    Rows,
    average_linkage,
    close_pairs,
    put_together,
)
from tongban.desks.hotline.heat.grouping.reading import read
from tongban.desks.hotline.heat.grouping.weighing import (
    MOST_PAIRS,
    PAIR_BITS,
    Counts,
    Ints,
    Sheet,
    plain_buckets,
    unit_rows,
)
from tongban.desks.hotline.heat.grouping.words import Words

TEXTS_AT_ONCE = 10_000
FEW = 100
_spare_lock = threading.Lock()
STRETCH = 5_000  # messages compared one by one; further apart, groups are compared with groups


def group(rows: Rows, bounds: Bounds) -> Ints:
    """A label for each message, equal for those of one affair; messages by time, oldest first.

    :param rows: what `weigh` made of at least one text
    :returns: labels from 0; one that occurs once is a message alone
    """
    size = rows.names.shape[0]
    with ThreadPoolExecutor(
        THREADS
    ) as pool:  # sparse products and linkage leave the interpreter to the others
        found = list(pool.map(lambda start: _stretch(rows, start, bounds), range(0, size, STRETCH)))
    free = np.cumsum([0, *(int(label.max()) + 1 for label in found)])
    labels = [label + first for label, first in zip(found, free, strict=False)]
    return put_together(np.concatenate(labels), rows, bounds)


def _stretch(rows: Rows, start: int, bounds: Bounds) -> Ints:
    """The groups of one stretch by themselves."""
    part = rows.part(start, min(start + STRETCH, rows.names.shape[0]))
    return average_linkage(part.names.shape[0], close_pairs(part, bounds), least=bounds.member)


def weigh(texts: Sequence[tuple[str, str]], words: Words, plain: Ints) -> Rows:
    """Read and weigh texts against each other."""
    if len(texts) <= FEW:
        return _weigh_few(texts, words, plain)
    return _rows(*_read(texts, words), words, plain)


def _weigh_few(texts: Sequence[tuple[str, str]], words: Words, plain: Ints) -> Rows:
    """With tables that stay and are cleared: new ones, of a hundred megabytes, cost ten times what a few texts do."""
    found = read(texts, words)
    with _spare_lock:
        try:
            return _rows(_spare(), [_spare().add(found)], words, plain)
        finally:
            _spare().take_back(found)


@cache
def _spare() -> Counts:
    return Counts()


def _rows(counts: Counts, sheets: list[Sheet], words: Words, plain: Ints) -> Rows:
    names, keys = _names(sheets, counts, words)
    districts, district = _districts(sheets)
    matter = []
    while sheets:  # what was read is large: each part goes when its rows are made
        matter.append(_matter(sheets.pop(0), counts, plain))
    return Rows(names, sparse.vstack(matter, format="csr"), districts, keys, district)


def _read(texts: Sequence[tuple[str, str]], words: Words) -> tuple[Counts, list[Sheet]]:
    """Read texts, each thread its share and with counts of its own."""
    starts = range(0, len(texts), TEXTS_AT_ONCE)
    threads = min(THREADS, len(starts))

    def share(which: int) -> tuple[Counts, dict[int, Sheet]]:
        counts = Counts()
        return counts, {
            start: counts.add(read(texts[start : start + TEXTS_AT_ONCE], words))
            for start in starts[which::threads]
        }

    with ThreadPoolExecutor(threads) as pool:
        done = list(pool.map(share, range(threads)))
    counts = done[0][0]
    for other, _sheets in done[1:]:
        counts.plus(other)
    sheets = {start: sheet for _counts, part in done for start, sheet in part.items()}
    return counts, [sheets[start] for start in starts]


def _matter(sheet: Sheet, counts: Counts, plain: Ints) -> sparse.csr_matrix:
    value = counts.pair_weights(sheet.pair, plain) * (1 + np.log(sheet.pair_counts))
    value[counts.pair_messages[sheet.pair] < 2] = 0
    return unit_rows(sheet.pair_from, sheet.pair, value, 1 << PAIR_BITS, most=MOST_PAIRS)


def _names(sheets: list[Sheet], counts: Counts, words: Words) -> tuple[sparse.csr_matrix, NDArray[np.uint64]]:
    key = np.concatenate([sheet.name for sheet in sheets])
    distinct, column, seen = np.unique(key, return_inverse=True, return_counts=True)
    value = counts.name_weights(distinct, seen, words.kinds)[column]
    value *= 1 + np.log(np.concatenate([sheet.name_counts for sheet in sheets]))
    lengths = np.concatenate([np.diff(sheet.name_from) for sheet in sheets])
    starts = np.concatenate(([0], np.cumsum(lengths)))
    return unit_rows(starts, column.astype(np.int32), value.astype(np.float32), len(distinct)), distinct


def _districts(sheets: list[Sheet]) -> tuple[sparse.csr_matrix, tuple[str, ...]]:
    """One column for each district that is named; how often does not matter."""
    column: dict[str, int] = {}
    row, at, before = [], [], 0
    for sheet in sheets:
        for document, name in sorted(set(sheet.districts)):
            row.append(before + document)
            at.append(column.setdefault(name, len(column)))
        before += len(sheet.pair_from) - 1
    starts = np.concatenate(([0], np.cumsum(np.bincount(np.array(row, dtype=np.int64), minlength=before))))
    ones = np.ones(len(at), dtype=np.float32)
    return unit_rows(starts, np.array(at, dtype=np.int32), ones, max(1, len(column))), tuple(column)


def prepared(pack: Mapping[str, Any], regions: Sequence[str] = ()) -> tuple[Words, Ints]:
    """The word tables of a pack."""
    return Words.of(pack, regions), plain_buckets([str(one) for one in pack["plain"]])
