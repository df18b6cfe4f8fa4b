"""How much each gram says: names by rarity and by how surely they are names, the matter by rarity.

A message becomes two rows of unit length: its **names** (runs of three and four inside names, seen in at least two
messages) and its **matter** (pairs of characters outside names). The same place *and* the same matter make one affair.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tongban.desks.hotline.heat.grouping.reading import Grams, Read
from tongban.desks.hotline.heat.grouping.words import pair_codes

PAIR_BITS, NAME_BITS = 20, 23
ROW_BITS, PLACE_BITS = 20, 12
MIX = np.uint64(0x9E3779B97F4A7C15)
BEFORE = 200.0  # messages that a new city is taken to have had, so that its first ones weigh nothing odd
COMMON = 0.1  # a pair in more than one message of ten says nothing
CROWDED = 0.05  # a name in more than one of twenty is a part of the city, not a place
FEW = 30
SURELY_NAME, MAYBE_NAME = 0.25, 0.5
MOST_PAIRS = 64  # of a message: the ones that say most

Ints = NDArray[np.int64]


def bucket(key: NDArray[np.uint64], bits: int) -> Ints:
    """A place in a table of 2**bits for each key."""
    return ((key * MIX) >> np.uint64(64 - bits)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What was found in some texts: for each its distinct pairs and names. `*_from` has one element more than texts.

    :ivar pair: bucket of each distinct pair; `pair_counts` how often (3 in a title)
    :ivar name: key of each distinct run inside names; `name_counts` likewise
    """

    pair_from: Ints
    pair: NDArray[np.int32]
    pair_counts: NDArray[np.uint16]
    name_from: Ints
    name: NDArray[np.uint64]
    name_counts: NDArray[np.uint16]
    districts: tuple[tuple[int, str], ...]


@dataclass(slots=True)
class Counts:
    """In how many messages each gram stood, and how often inside a name. Grows with every message."""

    size: int = 0
    pair_messages: NDArray[np.int32] = field(default_factory=lambda: np.zeros(1 << PAIR_BITS, np.int32))
    pair_all: NDArray[np.int32] = field(default_factory=lambda: np.zeros(1 << PAIR_BITS, np.int32))
    pair_named: NDArray[np.int32] = field(default_factory=lambda: np.zeros(1 << PAIR_BITS, np.int32))
    name_all: NDArray[np.int32] = field(default_factory=lambda: np.zeros(1 << NAME_BITS, np.int32))
    name_named: NDArray[np.int32] = field(default_factory=lambda: np.zeros(1 << NAME_BITS, np.int32))
    name_messages: NDArray[np.int32] = field(default_factory=lambda: np.zeros(1 << NAME_BITS, np.int32))

    def add(self, read: Read) -> Sheet:
        """Count texts, and give what is in them."""
        self.size += read.size
        pairs = read.grams(2)
        at = bucket(pairs.key, PAIR_BITS)
        _tally(self.pair_all, at)
        _tally(self.pair_named, at[pairs.named])
        pair_from, pair, pair_counts = _distinct(pairs, at, read.size)
        _tally(self.pair_messages, pair)
        parts = []
        for length in (3, 4):
            grams = read.grams(length)
            at = bucket(grams.key, NAME_BITS)
            _tally(self.name_all, at)
            _tally(self.name_named, at[grams.named])
            parts.append(grams)
        name_from, name, name_counts = _names(parts, read.size)
        _tally(self.name_messages, bucket(name, NAME_BITS))
        return Sheet(
            pair_from, pair.astype(np.int32), pair_counts, name_from, name, name_counts, read.districts
        )

    def take_back(self, read: Read) -> None:
        """Be as before `add` of these texts, if they were the only ones."""
        self.size = 0
        at = bucket(read.grams(2).key, PAIR_BITS)
        self.pair_messages[at] = self.pair_all[at] = self.pair_named[at] = 0
        for length in (3, 4):
            at = bucket(read.grams(length).key, NAME_BITS)
            self.name_messages[at] = self.name_all[at] = self.name_named[at] = 0

    def plus(self, other: Counts) -> None:
        """Add what was counted elsewhere."""
        self.size += other.size
        for name in ("pair_messages", "pair_all", "pair_named", "name_all", "name_named", "name_messages"):
            getattr(self, name)[...] += getattr(other, name)

    def pair_weights(self, pair: NDArray[np.int32], plain: Ints) -> NDArray[np.float32]:
        """What each pair says of the matter; 0 for plain words, common pairs, and what is rather a name."""
        seen = self.pair_messages[pair]
        named = (self.pair_named[pair] + 0.2) / (self.pair_all[pair] + 1.0)
        weight = np.log((self.size + BEFORE) / (seen + 0.5)) * (1 - named)
        many = max(FEW, COMMON * self.size)
        weight[(named >= MAYBE_NAME) | (seen > many) | _among(pair, plain)] = 0
        made: NDArray[np.float32] = weight.astype(np.float32)
        return made

    def weights_of_names(self, name: NDArray[np.uint64], kinds: NDArray[np.uint64]) -> NDArray[np.float32]:
        """What each run says of the place, by what was counted so far."""
        return self.name_weights(name, self.name_messages[bucket(name, NAME_BITS)].astype(np.int64), kinds)

    def name_weights(
        self, name: NDArray[np.uint64], seen: NDArray[np.int64], kinds: NDArray[np.uint64]
    ) -> NDArray[np.float32]:
        """What each run says of the place. :param seen: in how many messages each run stood"""
        at = bucket(name, NAME_BITS)
        named = (self.name_named[at] + 0.2) / (self.name_all[at] + 1.0)
        weight = np.log((self.size + BEFORE) / (seen + 0.5)) * named
        crowded = seen > max(FEW, CROWDED * self.size)
        weight[(named <= SURELY_NAME) | (seen < 2) | crowded | _among(name, kinds)] = 0
        made: NDArray[np.float32] = weight.astype(np.float32)
        return made


def _among(values: NDArray[Any], those: NDArray[Any]) -> NDArray[np.bool_]:
    """Which values are among those, which ascend: for a few values a tenth of what numpy's own costs."""
    if not len(those):
        return np.zeros(len(values), dtype=np.bool_)
    at = np.searchsorted(those, values)
    at[at == len(those)] = 0
    found: NDArray[np.bool_] = those[at] == values
    return found


def plain_buckets(words: list[str]) -> Ints:
    """Where the plain words of the pack lie in the table of pairs."""
    return np.unique(bucket(pair_codes(words).astype(np.uint64), PAIR_BITS))


def unit_rows(
    rows_from: Ints, column: NDArray[np.int32], value: NDArray[np.float32], columns: int, *, most: int = 0
) -> sparse.csr_matrix:
    """A sparse matrix of rows of length 1. :param most: keep only so many of the largest values of a row; 0 all"""
    rows = len(rows_from) - 1
    row = np.repeat(np.arange(rows, dtype=np.int32), np.diff(rows_from))
    kept = value > 0
    row, column, value = row[kept], column[kept], value[kept]
    if most:
        places = _largest(row, value, rows, most)
        row, column, value = row[places], column[places], value[places]
    length = np.sqrt(np.bincount(row, weights=value.astype(np.float64) ** 2, minlength=rows))
    value = (value / np.maximum(length, 1e-9)[row]).astype(np.float32)
    starts = np.concatenate(([0], np.cumsum(np.bincount(row, minlength=rows))))
    made = sparse.csr_matrix((value, column, starts), shape=(rows, columns))
    made.sort_indices()
    return made


def _largest(row: NDArray[np.int32], value: NDArray[np.float32], rows: int, most: int) -> Ints:
    """Places of the `most` largest values of each row, all positive; rows ascending, equal values by their place.

    Row, value and place make one whole number each: sorting those is several times faster than an order of three.
    """
    length = np.bincount(row, minlength=rows)
    first = np.concatenate(([0], np.cumsum(length)))
    if rows >= 1 << ROW_BITS or (len(row) and int(length.max()) >= 1 << PLACE_BITS):
        raise ValueError("too many texts at once, or one too long")
    place = (np.arange(len(row)) - first[row]).astype(np.uint64)
    falling = np.uint64(0xFFFFFFFF) - value.view(np.uint32)  # positive numbers lie in the order of their bits
    key = row.astype(np.uint64) << np.uint64(32 + PLACE_BITS) | falling << np.uint64(PLACE_BITS) | place
    key.sort()
    key = key[np.arange(len(row)) - first[row] < most]
    found: Ints = first[(key >> np.uint64(32 + PLACE_BITS)).astype(np.int64)]
    return found + (key & np.uint64((1 << PLACE_BITS) - 1)).astype(np.int64)


def _distinct(grams: Grams, at: Ints, size: int) -> tuple[Ints, Ints, NDArray[np.uint16]]:
    """Each text's distinct buckets with their counts; sorts whole numbers, which is several times faster than orders."""
    title = (grams.counts > 1).astype(np.int64)
    rows = np.sort(grams.document.astype(np.int64) << (PAIR_BITS + 1) | at << 1 | title)
    entry = rows >> 1
    first = np.flatnonzero(np.concatenate((entry[:1] >= 0, entry[1:] != entry[:-1])))
    counts = np.add.reduceat(np.where(rows & 1, 3, 1), first) if len(first) else np.zeros(0, np.int64)
    entry = entry[first]
    starts = np.searchsorted(entry >> PAIR_BITS, np.arange(size + 1))
    return starts, entry & ((1 << PAIR_BITS) - 1), counts.astype(np.uint16)


def _names(parts: list[Grams], size: int) -> tuple[Ints, NDArray[np.uint64], NDArray[np.uint16]]:
    """Each text's distinct runs inside names, with their counts."""
    document = np.concatenate([grams.document[grams.named] for grams in parts]).astype(np.int64)
    key = np.concatenate([grams.key[grams.named] for grams in parts])
    counts = np.concatenate([grams.counts[grams.named] for grams in parts])
    order = np.lexsort((key, document))
    document, key, counts = document[order], key[order], counts[order]
    new = np.ones(len(key), dtype=np.bool_)
    new[1:] = (key[1:] != key[:-1]) | (document[1:] != document[:-1])
    first = np.flatnonzero(new)
    total = np.add.reduceat(counts, first) if len(first) else counts
    starts = np.searchsorted(document[first], np.arange(size + 1))
    return starts, key[first], total.astype(np.uint16)


def _tally(table: NDArray[np.int32], at: NDArray[np.int32] | Ints) -> None:
    np.add.at(table, at, np.int32(1))  # a plain 1 would be turned into the table's type for every place
