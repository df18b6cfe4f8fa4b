"""Single characters and pairs of a batch as numbered buckets, and the words of a list that occur in it.

Everything is counted for the whole batch at once with numpy: some 20 µs a message, where a loop over n-grams in
Python takes a millisecond.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tongban.desks.hotline.sorting.reading import Characters, Hashes, Numbers

BITS = 21
LONGEST_WORD = 10
_STEP = np.uint64(0x9E37_79B9_7F4A_7C15)
_MIX = np.uint64(0xD6E8_FEB8_6659_FD93)
_SIEVE = 20


@dataclass(frozen=True, slots=True)
class Counts:
    """How often something occurs in a text: three arrays of one length, ordered by text, then by thing."""

    texts: Numbers
    things: Numbers
    times: Numbers


def _counted(texts: Numbers, things: Numbers, *, size: int) -> Counts:
    keys, times = np.unique(texts * size + things, return_counts=True)
    return Counts(keys // size, keys % size, times.astype(np.int64))


def grams(read: Characters) -> Counts:
    """Characters and pairs of neighbours, by bucket (0 … 2**BITS - 1)."""
    codes, texts = read.codes, read.texts
    pairs = (codes[:-1] * _STEP + codes[1:]) * _MIX
    within = texts[:-1] == texts[1:]
    found = np.concatenate([codes * _MIX, pairs[within]]) >> np.uint64(64 - BITS)
    return _counted(np.concatenate([texts, texts[:-1][within]]), found.astype(np.int64), size=1 << BITS)


class Words:
    """A list of words that finds which of them occur in the texts of a batch, overlapping ones too."""

    def __init__(self, words: Sequence[str]) -> None:
        """:param words: as `reading.plain` writes them, none twice, each of 2 to `LONGEST_WORD` characters"""
        self.words = tuple(words)
        self._by_length: dict[int, tuple[Hashes, Numbers, npt.NDArray[np.bool_]]] = {}
        for length in sorted({len(word) for word in words}):
            numbers = np.array([n for n, word in enumerate(words) if len(word) == length], dtype=np.int64)
            hashes = np.array([_hash(words[n]) for n in numbers], dtype=np.uint64)
            order = np.argsort(hashes)
            sieve = np.zeros(1 << _SIEVE, dtype=bool)
            sieve[_sieved(hashes)] = True
            self._by_length[length] = hashes[order], numbers[order], sieve

    def __len__(self) -> int:
        return len(self.words)

    def in_batch(self, read: Characters) -> Counts:
        """How often each word occurs in each text."""
        places, things = self.places(read)
        return _counted(read.texts[places], things, size=max(len(self.words), 1))

    def places(self, read: Characters) -> tuple[Numbers, Numbers]:
        """Where each word begins (index into the characters) and which word it is."""
        places: list[Numbers] = [np.empty(0, dtype=np.int64)]
        things: list[Numbers] = [np.empty(0, dtype=np.int64)]
        codes, texts = read.codes, read.texts
        rolled = codes * _STEP
        for length in range(2, max(self._by_length, default=0) + 1):
            if len(codes) < length:
                break
            rolled = (rolled[:-1] + codes[length - 1 :]) * _STEP
            if length not in self._by_length:
                continue
            hashes, numbers, sieve = self._by_length[length]
            maybe = np.flatnonzero(sieve[_sieved(rolled)])
            maybe = maybe[texts[maybe] == texts[maybe + length - 1]]
            at = np.minimum(np.searchsorted(hashes, rolled[maybe]), len(hashes) - 1)
            sure = hashes[at] == rolled[maybe]
            places.append(maybe[sure])
            things.append(numbers[at[sure]])
        return np.concatenate(places), np.concatenate(things)


def _sieved(hashes: Hashes) -> Hashes:
    return (hashes * _MIX) >> np.uint64(64 - _SIEVE)


def _hash(word: str) -> int:
    rolled = 0
    for letter in word:
        rolled = ((rolled + ord(letter)) * int(_STEP)) & 0xFFFF_FFFF_FFFF_FFFF
    return rolled


def usable(words: Iterable[str]) -> list[str]:
    """Those words that `Words` can look up, in order, none twice."""
    return [word for word in dict.fromkeys(words) if 2 <= len(word) <= LONGEST_WORD]
