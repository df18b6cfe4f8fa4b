"""How often the right official reply is among the first three for a question asked in other words.

Real messages with their replies (data/hotline/answered.csv): for every message one entry. What is asked never stands
in the entry: quotations of the subject are taken out of every reply, and a message whose subject is repeated in its own
text is asked without it. Three ways of asking, each against plain BM25 in the same run:

- the subject line asks, the entry is the reply alone;
- the message asks, the entry is the reply alone;
- the message asks, the entry is the subject line as its title and the reply (how a knowledge base keeps it).

Nothing is learnt from the messages; the entries are all the ranking knows. Times are CPU of the searching thread.
"""

from __future__ import annotations

import csv
import math
import os
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks import figures as say
from tongban.kernel.search.analysis import characters, normalise, pairs
from tongban.registers.knowledge.ranking import Ranker, Text

ON = ("SQLite",)
_QUOTED = re.compile(r"[“\"《「『‘][^”\"》」』’]{4,60}[”\"》」』’]")
QUICK = 300


class Plain:
    """BM25 (k1 1.2, b 0.75) over one kind of term: the floor."""

    def __init__(self, texts: Sequence[str], cut: Callable[[str], Sequence[str]]) -> None:
        self._cut, self._size = cut, len(texts)
        counted = [Counter(cut(normalise(text))) for text in texts]
        lengths = np.array([sum(one.values()) for one in counted], float)
        lists: dict[str, list[tuple[int, int]]] = {}
        for place, one in enumerate(counted):
            for term, count in one.items():
                lists.setdefault(term, []).append((place, count))
        self._worth = {}
        for term, found in lists.items():
            places = np.array([place for place, _ in found])
            counts = np.array([count for _, count in found], float)
            rarity = math.log(1 + (self._size - len(found) + 0.5) / (len(found) + 0.5))
            length = 0.25 + 0.75 * lengths[places] / lengths.mean()
            self._worth[term] = (places, rarity * counts * 2.2 / (counts + 1.2 * length))

    def best(self, text: str) -> list[int]:
        """The first three places."""
        scores = np.zeros(self._size)
        for term, count in Counter(self._cut(normalise(text))).items():
            if term in self._worth:
                places, worth = self._worth[term]
                scores[places] += worth * count
        return [int(place) for place in np.argsort(-scores, kind="stable")[:3]]


def figures(*, quick: bool) -> Iterator[say.Figure]:
    shared = Path(os.environ.get("TONGBAN_SHARED", Path(__file__).parents[2] / "shared"))
    file = shared / "data" / "hotline" / "answered.csv"
    if not file.exists():
        return
    with file.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))[: QUICK if quick else None]
    subjects = [row["留言主题"].strip() for row in rows]
    replies = [
        _QUOTED.sub("", row["答复意见"]).replace(subject, "")
        for row, subject in zip(rows, subjects, strict=True)
    ]
    messages = [row["留言详情"].replace(subject, "") for row, subject in zip(rows, subjects, strict=True)]
    yield from _compare("the subject line asks, reply alone", subjects, [""] * len(rows), replies)
    yield from _compare("the message asks, reply alone", messages, [""] * len(rows), replies)
    yield from _compare("the message asks, title and reply", messages, subjects, replies, aim=0.9)


def _compare(
    name: str, asked: Sequence[str], titles: Sequence[str], bodies: Sequence[str], *, aim: float | None = None
) -> Iterator[say.Figure]:
    whole = [f"{title}。{body}" for title, body in zip(titles, bodies, strict=True)]
    ranker = Ranker([Text(title, body) for title, body in zip(titles, bodies, strict=True)])

    def ours(text: str) -> list[int]:
        return [one.place for one in ranker.rank(text, top=3)]

    found = {
        "plain BM25, characters": _hits(Plain(whole, characters).best, asked),
        "plain BM25, pairs": _hits(Plain(whole, pairs).best, asked),
    }
    first, three, milliseconds = _hits(ours, asked)
    floor = "; ".join(f"{what} {one:.1%} / {few:.1%}" for what, (one, few, _) in found.items())
    yield say.Figure(
        f"right reply first / in the first three: {name}", f"{first:.1%} / {three:.1%}", floor=floor,
        aim_says="≥ 90 % in three" if aim else "", measured=three if aim else None, aim=aim, more_is_better=True,
        note=f"{len(asked):,} real questions, one entry each; {milliseconds:.1f} ms of CPU a question",
    )  # fmt: skip


def _hits(best: Callable[[str], list[int]], asked: Sequence[str]) -> tuple[float, float, float]:
    """Shares of questions with the right place first and in the first three, and milliseconds a question."""
    first = three = 0
    began = time.thread_time()
    for place, text in enumerate(asked):
        found = best(text)
        first += found[:1] == [place]
        three += place in found
    spent = time.thread_time() - began
    return first / len(asked), three / len(asked), spent * 1000 / len(asked)
