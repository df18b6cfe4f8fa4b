"""Sorting hotline messages: right how often, sure how rightly, how fast; beside a plain character n-gram model.

The messages are the shared ones (TONGBAN_SHARED); every figure of accuracy is of messages that were not learned from.
"""

from __future__ import annotations

import csv
import itertools
import math
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean, stdev

import numpy as np
from django.conf import settings

from benchmarks import city, place
from benchmarks import figures as say
from tongban.desks.hotline.sorting import api, current, features, judging, learning, ridge
from tongban.desks.hotline.sorting.calibration import macro_f1
from tongban.desks.hotline.sorting.learning import Lesson
from tongban.desks.hotline.sorting.reading import BODY_MOST, plain

SHARED = Path(os.environ.get("TONGBAN_SHARED", Path(__file__).parents[2] / "shared")) / "data" / "hotline"
SEEDS = (1, 2, 3, 4, 5)
CURVE = (50, 100, 200, 400)
TYPED = 200
"""Suggestions asked for."""


def figures(*, quick: bool) -> Iterator[say.Figure]:
    if not (SHARED / "labelled.csv").exists():
        print(f"no messages at {SHARED}; set TONGBAN_SHARED")
        return
    lessons = [Lesson(row["留言主题"], row["留言详情"], row["一级分类"]) for row in _read("labelled.csv")]
    seeds = SEEDS[:1] if quick else SEEDS
    yield from _accuracy(lessons, seeds)
    yield from _speed(lessons)
    yield from _typing(lessons[: 20 if quick else TYPED])


def _read(name: str) -> list[dict[str, str]]:
    with (SHARED / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _beside(lessons: Sequence[Lesson]) -> list[Lesson]:
    """The shipped examples of the categories that occur, as `classify` takes them."""
    known = {one.category for one in lessons}
    return [one for one in current.examples() if one.category.split("/")[0] in known]


def _accuracy(lessons: list[Lesson], seeds: Sequence[int]) -> Iterator[say.Figure]:
    beside = _beside(lessons)
    ours = [judging.crossed(lessons, lexicon=current.lexicon(), seed=seed, beside=beside) for seed in seeds]
    floor = [_plain(lessons, seed) for seed in seeds]
    curve = [f"{many}: {_after(lessons, many, beside):.2f}" for many in CURVE]
    scores = [one.macro_f1 for one in ours]
    spread = f"±{stdev(scores):.3f} over {len(seeds)} seeds, " if len(seeds) > 1 else ""
    yield say.Figure(
        "hotline messages, macro-F1 in 5-fold", f"{mean(scores):.3f}", f"{mean(floor):.3f} plain character 1–3-grams",
        f"{mean(scores) - mean(floor):+.3f}", "≥ 0.92, defect < 0.86", mean(scores), 0.92, 0.86, more_is_better=True,
        note=f"{len(lessons)} messages of {len({one.category for one in lessons})} categories; {spread}"
        f"{mean(one.right for one in ours):.1%} right; from so many messages: {', '.join(curve)}",
    )  # fmt: skip
    both = [replace(one, subject=one.body) for one in beside]  # as the starting model is made
    cold = learning.learn(both, lexicon=current.lexicon(), deep=False)
    start = judging.measure(cold, lessons)
    yield say.Figure(
        "the same without any message of the city", f"{start.macro_f1:.3f}", aim_says="≥ 0.80", measured=start.macro_f1,
        aim=0.8, more_is_better=True, note=f"lexicon and {len(beside)} made-up examples; {start.right:.1%} right",
    )  # fmt: skip
    off = mean(one.off for one in ours)
    yield say.Figure(
        "confidence, expected calibration error", f"{off:.3f}", aim_says="≤ 0.05", measured=off, aim=0.05,
        note="same folds, ten bins: how far confidence and share of right answers lie apart",
    )  # fmt: skip


def _after(lessons: list[Lesson], many: int, beside: list[Lesson]) -> float:
    """Macro-F1 on a fifth of the messages, learned from `many` of the others; the mean of the five fifths."""
    truth = np.unique([one.category for one in lessons], return_inverse=True)[1]
    fold = judging.stratified(truth, seed=9, folds=5)
    found = []
    for turn in range(5):
        seen = np.random.default_rng(turn).permutation(np.flatnonzero(fold != turn))[:many]
        model = learning.learn([*(lessons[n] for n in seen), *beside], lexicon=current.lexicon(), deep=False)
        found.append(judging.measure(model, [lessons[n] for n in np.flatnonzero(fold == turn)]).macro_f1)
    return mean(found)


# The peer: what a tutorial would do ---------------------------------------------------------


def _plain(lessons: list[Lesson], seed: int) -> float:
    """Characters, pairs and threes of subject and body together, weighted by rarity, the same linear model."""
    texts = [plain(one.subject)[:BODY_MOST] + plain(one.body) for one in lessons]
    counted = [
        Counter(text[n : n + k] for k in (1, 2, 3) for n in range(len(text) - k + 1)) for text in texts
    ]
    labels, truth = np.unique([one.category for one in lessons], return_inverse=True)
    fold = judging.stratified(truth, seed=seed, folds=5)
    guess = np.zeros(len(truth), dtype=np.int64)
    for turn in range(5):
        seen, asked = np.flatnonzero(fold != turn), np.flatnonzero(fold == turn)
        within = Counter(gram for n in seen for gram in counted[n])
        columns = {gram: place for place, gram in enumerate(g for g, many in within.items() if many > 1)}
        rarity = {gram: math.log(len(seen) / within[gram]) + 1 for gram in columns}
        targets = 2.0 * (truth[seen][:, None] == np.arange(len(labels))) - 1
        fitted = ridge.fit(
            _rows([counted[n] for n in seen], columns, rarity), targets - targets.mean(axis=0),
            width=len(columns), trust=np.ones(len(seen)),
        )  # fmt: skip
        guess[asked] = ridge.scores(
            _rows([counted[n] for n in asked], columns, rarity), fitted.weights
        ).argmax(axis=1)
    return macro_f1(truth, guess)


def _rows(counted: list[Counter[str]], columns: dict[str, int], rarity: dict[str, float]) -> features.Rows:
    place, values, starts = [], [], [0]
    for grams in counted:
        row = {
            columns[gram]: (1 + math.log(many)) * rarity[gram]
            for gram, many in grams.items()
            if gram in columns
        }
        length = math.sqrt(sum(value**2 for value in row.values())) or 1.0
        place += row
        values += [value / length for value in row.values()]
        starts.append(len(place))
    return features.Rows(
        np.array(starts),
        np.array(place),
        np.array(values, dtype=np.float32),
        np.zeros((len(counted), 1), np.float32),
    )


# Time ---------------------------------------------------------------------------------------


def _speed(lessons: list[Lesson]) -> Iterator[say.Figure]:
    began = time.process_time()
    model = learning.learn([*lessons, *current.examples()], lexicon=current.lexicon())
    small = time.process_time() - began
    stream = [(row["留言主题"], row["留言详情"]) for row in _read("stream.csv")]
    said = model.classify(stream)
    many = [
        Lesson(subject, body, label) for (subject, body), (label, _sure) in zip(stream, said, strict=True)
    ]
    began = time.process_time()
    learning.learn(many, lexicon=current.lexicon())
    large = time.process_time() - began
    yield say.Figure(
        "learning, CPU", f"{small:.1f} s", aim_says="seconds", measured=small, aim=10,
        note=f"{len(lessons)} messages; {len(many)} messages in {large:.1f} s",
    )  # fmt: skip
    texts = list(itertools.islice(itertools.cycle(stream), 5_000))
    rounds = []
    for _round in range(3):
        began = time.process_time()
        model.classify(texts)
        rounds.append(len(texts) / (time.process_time() - began))
    speed = sorted(rounds)[1]
    letters = mean(len(subject) + len(body) for subject, body in texts)
    yield say.Figure(
        "messages classified a second of one core", f"{speed:,.0f}", aim_says="≥ 5,000", measured=speed, aim=5_000,
        more_is_better=True, note=f"real messages of {letters:.0f} characters on average, {len(model.labels)} categories",
    )  # fmt: skip


def _typing(lessons: Sequence[Lesson]) -> Iterator[say.Figure]:
    """As the operator's screen asks: half-typed texts, the whole suggestion with matter, unit and places."""
    place.migrate()
    city.load()
    times = []
    for lesson in lessons:
        for share in (0.3, 1.0):
            typed = lesson.body[: max(10, int(len(lesson.body) * share))]
            began = time.thread_time()
            found = api.suggest(typed, region=settings.ROOT_REGION)
            times.append(time.thread_time() - began)
            assert found.category, found.reason
    times = sorted(times[4:])  # the first ones warm up
    p50, p99 = times[len(times) // 2], times[int(len(times) * 0.99)]
    yield say.below(
        "suggestion while typing, p99 in-process", p99, most_ms=30,
        note=f"category, matter, unit, urgency, places, words; p50 {p50 * 1e3:.1f} ms",
    )  # fmt: skip
