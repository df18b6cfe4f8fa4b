"""How hot a group is: a number that a person can check by hand.

    heat = people + pace + spread + anger + agreement, each from 0 to its weight in the pack, 100 in all

Each part grows with the logarithm of what it counts and is full at a number that the pack names: the second person adds more
than the fiftieth. *People* are distinct callers; where the caller is unknown, distinct texts. *Pace* is the most messages
within seven days. *Spread* is the number of distinct places (divisions) that speak of it. *Anger* is the share of messages
with a word of the pack's list. *Agreement* is the likes that readers gave, dislikes taken off.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log1p
from typing import Any

PACE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part counts for, and at which number it is full."""

    people: tuple[float, float]
    pace: tuple[float, float]
    spread: tuple[float, float]
    anger: tuple[float, float]
    agreement: tuple[float, float]

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Weights:
        """From the pack: {people: {weight: 40, full: 100}, …}."""
        return cls(**{name: (float(part["weight"]), float(part["full"])) for name, part in data.items()})


@dataclass(frozen=True, slots=True)
class Measured:
    """What the heat of a group is made of.

    :ivar people: distinct callers, else distinct texts
    :ivar pace: most messages within seven days
    :ivar spread: distinct divisions
    :ivar angry: messages with a word of anger
    :ivar agreement: likes less dislikes, at least 0
    """

    messages: int
    people: int
    pace: int
    spread: int
    angry: int
    agreement: int


def heat_of(measured: Measured, weights: Weights) -> float:
    """From 0 to 100, one decimal."""
    share = measured.angry / max(1, measured.messages)
    parts = (
        _part(measured.people, weights.people), _part(measured.pace, weights.pace),
        _part(measured.spread, weights.spread), min(1.0, share / weights.anger[1]) * weights.anger[0],
        _part(measured.agreement, weights.agreement),
    )  # fmt: skip
    return round(sum(parts), 1)


def _part(count: float, part: tuple[float, float]) -> float:
    weight, full = part
    return weight * min(1.0, log1p(max(0.0, count)) / log1p(full))


def pace_of(times: Sequence[datetime]) -> int:
    """The most messages within seven days. :param times: ascending"""
    return max(
        (count - bisect_left(times, at - PACE, 0, count) for count, at in enumerate(times, 1)), default=0
    )


def angry(text: str, words: Collection[str]) -> bool:
    """Whether a message has a word of anger."""
    return any(word in text for word in words)
