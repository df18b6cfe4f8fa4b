"""Calls of a year: when each comes, whether it is answered, how long it waits. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from tongban.year.planning.quotas import Allotment, Marked, apportion, number_of

RATINGS: Final = ((1, 86), (2, 96), (3, 98), (4, 99), (5, 100))
"""What callers press afterwards: of a hundred who press anything, those up to each mark."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a day; seconds count from midnight, and nobody answered where `answered` is None."""

    index: int
    offered: int
    queued: int
    answered: int | None
    ended: int
    rating: int
    caller: str


class Calls:
    """The calls of a year, a day at a time."""

    def __init__(self, total: int, answered: int, *, hours: Sequence[Fraction], seed: int) -> None:
        quotas = apportion(total, hours)
        self._hours = Allotment({str(hour): count for hour, count in enumerate(quotas)}, "call-hours", seed)
        self._answered = Marked(answered, total, "answered", seed)
        self._seed = seed

    def of_hours(self, first: int, count: int) -> dict[int, list[Call]]:
        """Those from number `first` on, by the hour in which they come."""
        found: dict[int, list[Call]] = {}
        for index in range(first, first + count):
            hour = int(self._hours(index))
            found.setdefault(hour, []).append(self._call(index, hour))
        return {hour: sorted(found[hour], key=lambda one: (one.offered, one.index)) for hour in sorted(found)}

    def _call(self, index: int, hour: int) -> Call:
        dice = number_of("call", self._seed, index)
        # All of it is over before the hour is: nobody's call runs into the next stroke.
        offered = hour * 3600 + dice % 2400
        queued = offered + 6 + (dice >> 12) % 12
        caller = f"1{'3578'[(dice >> 20) % 4]}{(dice >> 24) % 10**9:09d}"
        if not self._answered(index):
            return Call(index, offered, queued, None, queued + 15 + (dice >> 40) % 120, 0, caller)
        answered = queued + 1 + (dice >> 40) % 14 + ((dice >> 48) % 60 if dice % 17 == 0 else 0)
        pressed = (dice >> 56) % 100
        rating = next(mark for mark, upto in RATINGS if pressed < upto) if dice % 5 < 3 else 0
        return Call(index, offered, queued, answered, answered + 40 + (dice >> 30) % 600, rating, caller)


def spread(total: int, weights: Sequence[Fraction]) -> Iterator[tuple[int, int]]:
    """For each day the first number of the day and how many there are."""
    first = 0
    for count in apportion(total, weights):
        yield first, count
        first += count
