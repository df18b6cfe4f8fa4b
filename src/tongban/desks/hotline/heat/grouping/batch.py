"""Group a whole stretch of messages at once: a year of a city in under a minute."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tongban.desks.hotline.heat.grouping.linking import (
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

TEXTS_AT_ONCE = 20_000
STRETCH = 5_000  # messages compared one by one; further apart, groups are compared with groups


def group(rows: Rows, bounds: Bounds) -> Ints:
    """A label for each message, equal for those of one affair; messages by time, oldest first.

    :param rows: what `weigh` made of at least one text
    :returns: labels from 0; one that occurs once is a message alone
    """
    size, labels, free = rows.names.shape[0], [], 0
    for start in range(0, size, STRETCH):
        part = slice(start, min(start + STRETCH, size))
        pairs = close_pairs(rows.part(part.start, part.stop), bounds)
        found = average_linkage(part.stop - part.start, pairs, least=bounds.member)
        labels.append(found + free)
        free += int(found.max()) + 1
    return put_together(np.concatenate(labels), rows, bounds)


def weigh(texts: Sequence[tuple[str, str]], words: Words, plain: Ints) -> Rows:
    """Read and weigh texts against each other."""
    counts = Counts()
    sheets = [
        counts.add(read(texts[start : start + TEXTS_AT_ONCE], words))
        for start in range(0, len(texts), TEXTS_AT_ONCE)
    ]
    matter = [_matter(sheet, counts, plain) for sheet in sheets]
    names, keys = _names(sheets, counts, words)
    districts, district = _districts(sheets)
    return Rows(names, sparse.vstack(matter, format="csr"), districts, keys, district)


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


def prepared(pack: Mapping[str, Any], districts: Sequence[str] = ()) -> tuple[Words, Ints]:
    """The word tables of a pack."""
    return Words.of(pack, districts), plain_buckets([str(one) for one in pack["plain"]])
