"""Shares that come out exactly, and orders that look like chance: both the same for the same seed, and of no size."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Final

ROUNDS: Final = 3
"""Of the mixing: enough that neighbours land apart, which is all that is asked of it."""

Number = int | float | Fraction


def exactly(number: Number) -> Fraction:
    """A number of a file as it is written there: 0.1 is a tenth."""
    return number if isinstance(number, Fraction) else Fraction(str(number))


def apportion(total: int, weights: Sequence[Number]) -> list[int]:
    """Cut `total` into whole parts by weight, the largest remainders rounded up; the parts sum to `total`.

    No part is off its exact share by one or more; of equal remainders the earlier one is rounded up.

    :raises ValueError: a negative total or weight, or no weight above nothing for a total above nothing
    """
    exact = [exactly(one) for one in weights]
    whole = sum(exact, Fraction())
    if total < 0 or any(one < 0 for one in exact) or (total and not whole):
        raise ValueError(f"cannot cut {total} by {list(weights)}")
    if not total:
        return [0] * len(exact)
    shares = [one * total / whole for one in exact]
    parts = [int(one) for one in shares]
    left = total - sum(parts)
    for place in sorted(range(len(parts)), key=lambda n: (parts[n] - shares[n], n))[:left]:
        parts[place] += 1
    return parts


def scaled(figure: Number, scale: Number) -> int:
    """A published count at a scale, rounded half up."""
    return int(exactly(figure) * exactly(scale) + Fraction(1, 2))


def number_of(*words: object) -> int:
    """A number of 64 bits that the words decide."""
    text = "\x1f".join(map(str, words))
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest())


class Shuffle:
    """A mixed order of ``0 … size-1`` that takes no room: each place is reckoned when it is asked for."""

    __slots__ = ("_bits", "_keys", "_mask", "size")

    def __init__(self, size: int, *key: object) -> None:
        self.size = size
        self._bits = max(1, ((size - 1).bit_length() + 1) // 2) if size > 1 else 1
        self._mask = (1 << self._bits) - 1
        self._keys = tuple(number_of(*key, n) | 1 for n in range(ROUNDS))

    def __call__(self, place: int) -> int:
        """Where `place` comes to lie; every place comes to lie somewhere else than every other one."""
        if not 0 <= place < self.size:
            raise IndexError(place)
        bits, mask = self._bits, self._mask
        while True:  # both halves together may be beyond the size: then it is mixed again
            left, right = place >> bits, place & mask
            for key in self._keys:
                mixed = (right + key) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
                mixed = (mixed ^ mixed >> 29) * (key ^ 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
                left, right = right, left ^ ((mixed >> 31) & mask)
            place = left << bits | right
            if place < self.size:
                return place


class Allotment:
    """Who of ``0 … size-1`` gets what: each kind as often as its quota says, in a mixed order."""

    __slots__ = ("_ends", "_kinds", "_order", "quotas")

    def __init__(self, quotas: Mapping[str, int], *key: object) -> None:
        """:param quotas: how often each kind is given; their sum is the size"""
        self.quotas = dict(quotas)
        self._kinds, self._ends = tuple(quotas), tuple(accumulate(quotas.values()))
        self._order = Shuffle(sum(quotas.values()), *key)

    @property
    def size(self) -> int:
        """How many places there are."""
        return self._order.size

    def __call__(self, place: int) -> str:
        """The kind of a place."""
        return self._kinds[bisect_right(self._ends, self._order(place))]


class Marked:
    """Which of ``0 … size-1`` are the `chosen` many, in a mixed order; those beyond `size` never are."""

    __slots__ = ("_chosen", "_order", "chosen")

    def __init__(self, chosen: int, size: int, *key: object) -> None:
        """:raises ValueError: more are to be chosen than there are"""
        if not 0 <= chosen <= size:
            raise ValueError(f"{chosen} of {size} cannot be chosen")
        self.chosen = chosen
        self._order = Shuffle(size, *key)

    def __call__(self, place: int) -> bool:
        """Whether the place is one of them."""
        return place < self._order.size and self._order(place) < self.chosen
