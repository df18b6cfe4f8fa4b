"""Which entry answers what somebody writes: pure, in memory, made for entries of a title and a text.

Three families of terms are weighed together: pairs of characters, dictionary words, single characters. Each is BM25
with a stronger weight of rare terms, the subject (question, other ways of asking, keywords) apart from the body and
counting more. Two corrections come on top: an entry that fits every message (a general reply) is divided by how familiar
it looks, and everyday words bring the official ones along. Figures: benchmarks/bench_knowledge.py.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import rjieba
from numpy.typing import NDArray

from tongban.kernel.search.analysis import characters, normalise, pairs

SUBJECT, BODY = 2.5, 1.0
K1, B_SUBJECT, B_BODY = 1.2, 0.6, 0.9
RARITY = 1.5
FAMILIAR = 0.3
EXPANDED = 0.2
LONGEST = 1_000
"""Characters of a question that are looked at; what matters stands in front."""

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Text:
    """What is searched of one entry."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """One entry's place.

    :param score: compares within a search
    :param cover: how much of the question it speaks of, 0 to 1
    :param strength: the score without the size of the stock: compares between searches
    """

    place: int
    score: float
    cover: float
    strength: float


def _words(text: str) -> list[str]:
    return [word for word in rjieba.cut(text) if len(word) > 1 and not word.isspace()]


FAMILIES: Final = (("2", 1.0), ("w", 0.5), ("1", 0.3))


def terms(text: str) -> dict[str, Counter[str]]:
    """Terms of normalised text by family."""
    plain = normalise(text)
    return {"2": Counter(pairs(plain)), "w": Counter(_words(plain)), "1": Counter(characters(plain))}


class Ranker:
    """An index over texts, built once and read by many threads.

    :param texts: in the order of the places that `rank` gives
    :param synonyms: official terms by everyday words
    :param trust: by how much each text goes before others that fit as well (default: none)
    """

    def __init__(
        self,
        texts: Sequence[Text],
        *,
        synonyms: Mapping[str, Sequence[str]] | None = None,
        trust: Sequence[float] = (),
    ) -> None:
        self._size = len(texts)
        self._trust = np.array(trust or [1.0] * len(texts), np.float32)
        self._synonyms = synonyms or {}
        self._longest = max((len(word) for word in self._synonyms), default=0)
        told = [(terms(text.subject), terms(text.body)) for text in texts]
        self._families = {
            name: _Postings([(subject[name], body[name]) for subject, body in told]) for name, _ in FAMILIES
        }
        self._familiar = self._how_familiar(told) if texts else np.ones(0, np.float32)

    def __len__(self) -> int:
        return self._size

    def rank(self, text: str, *, top: int, among: NDArray[np.bool_] | None = None) -> list[Ranked]:
        """The best places for a question, best first; none for a text without a known term.

        :param among: which places may be answered with (default: all)
        """
        if not self._size:
            return []
        asked = self._weights(text)
        scores = np.zeros(self._size, np.float32)
        for name, weight in FAMILIES:
            scores += self._families[name].score(asked[name]) * weight
        scores *= self._trust / self._familiar
        if among is not None:
            scores = np.where(among, scores, 0.0)
        best = np.argsort(-scores, kind="stable")[:top]
        own = terms(text[:LONGEST])
        scale = float(np.log(1 + self._size)) ** RARITY
        return [
            Ranked(
                int(place), float(scores[place]), self._cover(own, int(place)), float(scores[place]) / scale
            )
            for place in best
            if scores[place] > 0
        ]

    def _cover(self, own: Mapping[str, Mapping[str, int]], place: int) -> float:
        found = [self._families[name].cover(own[name], place) for name, _weight in FAMILIES if own[name]]
        return sum(found) / len(found) if found else 0.0

    def _weights(self, text: str) -> dict[str, dict[str, float]]:
        """Terms of a question with their weight: a repeated one counts more, but less each time."""
        found = {
            name: {term: 2.0 * count / (count + 1.0) for term, count in counted.items()}
            for name, counted in terms(text[:LONGEST]).items()
        }
        for official in self._official(normalise(text[:LONGEST])):
            for name, counted in terms(official).items():
                for term in counted:
                    found[name].setdefault(term, EXPANDED)
        return found

    def _official(self, text: str) -> Iterable[str]:
        for begin in range(len(text)):
            for length in range(min(self._longest, len(text) - begin), 1, -1):
                official = self._synonyms.get(text[begin : begin + length])
                if official:
                    yield from official[:2]
                    break

    def _how_familiar(
        self, told: Sequence[tuple[dict[str, Counter[str]], dict[str, Counter[str]]]]
    ) -> Floats:
        """How well each text fits the average of all of them, as a divisor."""
        total = np.zeros(self._size, np.float32)
        for name, weight in FAMILIES:
            usual: defaultdict[str, float] = defaultdict(float)
            for subject, body in told:
                for term, count in (subject[name] + body[name]).items():
                    usual[term] += 2.0 * count / (count + 1.0)
            total += self._families[name].score(usual) * (weight / self._size)
        mean = float(total.mean()) or 1.0
        divisor: Floats = np.maximum(total / mean, 0.05).astype(np.float32) ** np.float32(FAMILIAR)
        return divisor


class _Postings:
    """One family of terms: for every term the places that have it, with what it is worth there."""

    def __init__(self, told: Sequence[tuple[Counter[str], Counter[str]]]) -> None:
        self._size = len(told)
        self._slots: dict[str, int] = {}
        parts = [
            self._field([subject for subject, _ in told], SUBJECT, B_SUBJECT),
            self._field([body for _, body in told], BODY, B_BODY),
        ]
        slots, places, worth = (np.concatenate([part[at] for part in parts]) for at in range(3))
        order = np.argsort(slots, kind="stable")
        self._places: NDArray[np.int32] = places[order]
        self._worth: Floats = worth[order]
        self._starts = np.searchsorted(slots[order], np.arange(len(self._slots) + 1))
        rarity = np.zeros(len(self._slots), np.float32)
        spread = np.diff(self._starts)
        rarity[:] = np.log(1 + self._size / (1.0 + spread))
        self._rarity = rarity

    def _field(
        self, counted: Sequence[Counter[str]], boost: float, shortening: float
    ) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        slots, places, counts = array("i"), array("i"), array("f")
        for place, terms_here in enumerate(counted):
            for term, count in terms_here.items():
                slots.append(self._slots.setdefault(term, len(self._slots)))
                places.append(place)
                counts.append(count)
        at, where, often = np.array(slots, np.int32), np.array(places, np.int32), np.array(counts, np.float32)
        lengths = np.bincount(where, weights=often, minlength=self._size)
        mean = float(lengths.mean()) if self._size else 1.0
        spread = np.bincount(at, minlength=len(self._slots)) if len(at) else np.zeros(0)
        rarity = np.log(1 + (self._size - spread + 0.5) / (spread + 0.5)) ** RARITY
        length = 1 - shortening + shortening * lengths[where] / (mean or 1.0)
        worth = boost * rarity[at] * often * (K1 + 1) / (often + K1 * length) if len(at) else often
        return at, where, worth.astype(np.float32)

    def score(self, asked: Mapping[str, float]) -> Floats:
        """What every place is worth for weighed terms."""
        known = [(self._slots[term], weight) for term, weight in asked.items() if term in self._slots]
        if not known:
            return np.zeros(self._size, np.float32)
        slots = np.array([slot for slot, _ in known])
        weights = np.array([weight for _, weight in known], np.float32)
        begin, end = self._starts[slots], self._starts[slots + 1]
        lengths = end - begin
        at = np.repeat(begin - np.concatenate(([0], np.cumsum(lengths)[:-1])), lengths) + np.arange(
            lengths.sum()
        )
        found = np.bincount(
            self._places[at], weights=self._worth[at] * np.repeat(weights, lengths), minlength=self._size
        )
        return found.astype(np.float32)

    def cover(self, asked: Mapping[str, int], place: int) -> float:
        """How much of what was asked, rare terms counting more, stands in one place (0 to 1)."""
        total = met = 0.0
        for term in asked:
            slot = self._slots.get(term)
            if slot is None:
                total += float(np.log(1 + self._size))
                continue
            total += float(self._rarity[slot])
            here = self._places[self._starts[slot] : self._starts[slot + 1]]
            met += float(self._rarity[slot]) if place in here else 0.0
        return met / total if total else 0.0
