"""Sets of rows as packed bits, and three-valued logic on two of them.

A set over a population of n rows is n bits in 64-bit words, bit i for row i; the bits past the end are 0. *And* of
two sets is then a few thousand machine words, whatever the sets hold.

A three-valued answer about every row is two sets: the rows where it is true, and the rows where it is *possible*
(true or unknown). Kleene's logic is ordinary logic on each of the two: *and* intersects both, *or* unites both, and
*not* swaps their complements. Where nothing is unknown both are the same array, and are computed once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Words: TypeAlias = NDArray[np.uint64]
Flags: TypeAlias = NDArray[np.bool_]
Indices: TypeAlias = NDArray[np.intp]
_WORD = 64


def pack(flags: Flags) -> Words:
    """One flag per row as packed bits."""
    packed = np.packbits(flags, bitorder="little")
    whole = np.zeros(-(-flags.size // _WORD) * 8, dtype=np.uint8)
    whole[: packed.size] = packed
    return whole.view(np.uint64)


def unpack(words: Words, size: int) -> Flags:
    """Packed bits as one flag per row, for `size` rows."""
    return np.unpackbits(words.view(np.uint8), bitorder="little", count=size).view(np.bool_)


def every(size: int) -> Words:
    """All of `size` rows."""
    return pack(np.ones(size, dtype=np.bool_))


def none(size: int) -> Words:
    """None of `size` rows."""
    return np.zeros(-(-size // _WORD), dtype=np.uint64)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """A set of rows of a population of `size` rows."""

    words: Words
    size: int

    def __len__(self) -> int:
        return int(np.bitwise_count(self.words).sum())

    def __contains__(self, row: int) -> bool:
        inside = 0 <= row < self.size
        return inside and bool(int(self.words[row // _WORD]) >> (row % _WORD) & 1)

    def __and__(self, other: Rows) -> Rows:
        return Rows(self.words & other.words, self.size)

    def __or__(self, other: Rows) -> Rows:
        return Rows(self.words | other.words, self.size)

    def __sub__(self, other: Rows) -> Rows:
        return Rows(self.words & ~other.words, self.size)

    def indices(self) -> Indices:
        """Numbers of the rows, ascending."""
        return np.flatnonzero(unpack(self.words, self.size))


@dataclass(frozen=True, slots=True)
class Truth:
    """A three-valued answer about every row: where it is true, where it is true or unknown."""

    true: Words
    possible: Words

    @property
    def decided(self) -> bool:
        """Nothing is unknown anywhere: both sets are one array."""
        return self.true is self.possible


def of_flags(flags: Flags, known: Flags | None) -> Truth:
    """The answer `flags` where `known` (everywhere if None), unknown elsewhere."""
    if known is None:
        words = pack(flags)
        return Truth(words, words)
    return Truth(pack(flags & known), pack(flags | ~known))


def all_of(truths: Iterable[Truth]) -> Truth:
    """*And* of at least one."""
    return _junction(tuple(truths), np.bitwise_and)


def some_of(truths: Iterable[Truth]) -> Truth:
    """*Or* of at least one."""
    return _junction(tuple(truths), np.bitwise_or)


def negated(truth: Truth, whole: Words) -> Truth:
    """*Not*; `whole` is the set of all rows."""
    true = whole ^ truth.possible
    return Truth(true, true if truth.decided else whole ^ truth.true)


def chosen(branches: Iterable[tuple[Truth, Truth]], otherwise: Truth, whole: Words) -> Truth:
    """*If*: the first branch whose condition is true; while conditions are unknown, what all that remains possible
    agree on.

    A row can end in a branch as long as no earlier condition was true of it and this one is not false. The answer is
    true where every branch it can end in is true, and false where each of them is false.
    """
    reached, no_untrue, no_unfalse = whole, whole, whole
    for condition, result in (*branches, (Truth(whole, whole), otherwise)):
        here = reached & condition.possible
        no_untrue = no_untrue & ~(here & ~result.true)
        no_unfalse = no_unfalse & ~(here & result.possible)
        reached = reached & ~condition.true
    return Truth(no_untrue, whole ^ no_unfalse)


def failing_one(truths: Iterable[Truth], whole: Words) -> Words:
    """Rows of which exactly one of the answers is false and every other one is true."""
    so_far, missed = whole, np.zeros_like(whole)
    for truth in truths:
        missed = (missed & truth.true) | (so_far & ~truth.possible)
        so_far = so_far & truth.true
    return missed


def _junction(truths: tuple[Truth, ...], join: Any) -> Truth:
    if len(truths) == 1:
        return truths[0]
    true = _reduced([truth.true for truth in truths], join)
    if all(truth.decided for truth in truths):
        return Truth(true, true)
    return Truth(true, _reduced([truth.possible for truth in truths], join))


def _reduced(sets: list[Words], join: Any) -> Words:
    first: Words = join(sets[0], sets[1])
    return reduce(lambda total, one: join(total, one, out=total), sets[2:], first)
