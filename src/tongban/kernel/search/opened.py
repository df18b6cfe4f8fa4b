"""One opened state of an index: the engine and, in memory, what the second look and the filters need."""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import tantivy

from tongban.kernel.search import analysis
from tongban.kernel.search.ranking import Profile, Rarity, profile
from tongban.kernel.search.vocabulary import Vocabulary

EVERYBODY = "*"
KEPT_MASKS = 256


@dataclass
class Opened:
    """One opened state of an index."""

    engine: tantivy.Index
    side: list[list[Any]]
    vocabulary: Vocabulary

    def __post_init__(self) -> None:
        self.keys: list[str] = [entry[0] for entry in self.side]
        self.names: list[str] = [entry[1] for entry in self.side]
        self.payloads: list[dict[str, Any]] = [entry[3] for entry in self.side]
        self._profiles: dict[int, Profile] = {}
        self._having: dict[str, list[int]] = {}
        self._masks: dict[tuple[Any, ...], tuple[bytes, int]] = {}
        for number, entry in enumerate(self.side):
            for value in entry[4]:
                self._having.setdefault(value, []).append(number)

        everybody = len(self._having.get(f"scope={EVERYBODY}", ()))
        self.scoped = everybody < len(self.keys)

    def mask(self, filters: Mapping[str, Collection[str]], scope: Collection[str]) -> tuple[bytes, int]:
        """One byte a document, 1 where it passes every filter, and how many do. Kept for the next query."""
        wanted = [sorted(f"{name}={value}" for value in values) for name, values in filters.items() if values]
        wanted.append(sorted(f"scope={token}" for token in (EVERYBODY, *scope)))
        key = tuple(sorted(map(tuple, wanted)))
        known = self._masks.get(key)
        if known is None:
            passing = set.intersection(
                *({number for value in values for number in self._having.get(value, ())} for values in wanted)
            )
            marks = bytearray(len(self.keys))
            for number in passing:
                marks[number] = 1
            if len(self._masks) >= KEPT_MASKS:
                self._masks.clear()
            known = self._masks[key] = (bytes(marks), len(passing))
        return known

    def profile(self, number: int) -> Profile:
        known = self._profiles.get(number)
        if known is None:
            entry = self.side[number]
            known = self._profiles[number] = profile(entry[1], entry[2], self.vocabulary)
        return known

    @cached_property
    def rarity(self) -> Rarity:
        """How much a pair of characters tells: its inverse document frequency."""
        counts = Counter(pair for entry in self.side for pair in set(analysis.pairs(entry[2])))
        total = len(self.side)
        weights = {pair: math.log(1 + total / count) for pair, count in counts.items()}
        return Rarity(weights, max(weights.values(), default=1.0))

    @cached_property
    def _beginnings(self) -> list[tuple[str, int]]:
        """Names, everyday names, their pinyin and initials, sorted, each with its document."""
        found: list[tuple[str, int]] = []
        for number, entry in enumerate(self.side):
            for part in dict.fromkeys([entry[1], *entry[2].split()[:2]]):
                readings = analysis.syllables(part)
                found.append((part.replace(" ", ""), number))
                found.append(("".join(readings), number))
                found.append((analysis.initials(readings), number))
        return sorted(found)

    def beginning(self, typed: str, limit: int) -> list[int]:
        """Documents one of whose names begins with what is typed, shortest names first."""
        rows = self._beginnings
        start = bisect_left(rows, (typed, -1))
        found: list[int] = []
        for text, number in rows[start : start + limit * 4]:
            if not text.startswith(typed):
                break
            found.append(number)
        return sorted(set(found), key=lambda number: (len(self.names[number]), number))[:limit]
