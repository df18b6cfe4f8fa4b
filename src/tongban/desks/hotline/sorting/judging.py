"""Two models on the same messages, which neither has learned from; and honest figures by cross-validation."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from tongban.desks.hotline.sorting.calibration import expected_error, macro_f1
from tongban.desks.hotline.sorting.learning import Lesson, Model, learn
from tongban.desks.hotline.sorting.lexicon import Lexicon, head
from tongban.desks.hotline.sorting.reading import Numbers, plain

TOUCHSTONES = 10
"""One message in so many, chosen by its own content, is never learned from: all versions are compared on them."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How a model does on messages it has not seen. `right` is the share, `off` the calibration error."""

    macro_f1: float
    right: float
    off: float
    texts: int


def is_touchstone(lesson: Lesson) -> bool:
    """Whether a message is kept for comparing versions; the same message always is or never is."""
    said = hashlib.sha256(plain(lesson.body or lesson.subject).encode()).digest()
    return said[0] * 256 + said[1] < 65536 // TOUCHSTONES


def measure(model: Model, lessons: Sequence[Lesson]) -> Measured:
    """Figures of a model on lessons; those of categories it does not know count as wrong."""
    labels = sorted({head(one.category, 1) for one in lessons} | set(model.labels))
    place = {label: n for n, label in enumerate(labels)}
    said = model.classify([one.message for one in lessons])
    truth = np.array([place[head(one.category, 1)] for one in lessons])
    guess = np.array([place[label] for label, _sure in said])
    return measured(truth, guess, np.array([sure for _label, sure in said]))


def measured(truth: Numbers, guess: Numbers, sure: np.ndarray) -> Measured:
    """Figures of answers."""
    right = (truth == guess).astype(np.float64)
    return Measured(macro_f1(truth, guess), float(right.mean()), expected_error(sure, right), len(truth))


def crossed(
    lessons: Sequence[Lesson], *, lexicon: Lexicon, seed: int, beside: Sequence[Lesson] = (), folds: int = 5
) -> Measured:
    """Every message classified once by a model that learned from the other folds and from `beside`.

    The messages of the fold tell how rare words are, never what they are about, as the input of `classify` does.
    """
    labels = sorted({head(one.category, 1) for one in lessons})
    truth = np.array([labels.index(head(one.category, 1)) for one in lessons])
    fold = stratified(truth, seed=seed, folds=folds)
    guess, sure = np.zeros(len(truth), dtype=np.int64), np.zeros(len(truth))
    for turn in range(folds):
        seen, asked = np.flatnonzero(fold != turn).tolist(), np.flatnonzero(fold == turn).tolist()
        unseen = [lessons[n].message for n in asked]
        model = learn([*(lessons[n] for n in seen), *beside], lexicon=lexicon, also=unseen, deep=False)
        for n, (label, confidence) in zip(asked, model.classify(unseen), strict=True):
            guess[n], sure[n] = labels.index(label), confidence
    return measured(truth, guess, sure)


def stratified(truth: Numbers, *, seed: int, folds: int) -> Numbers:
    """A fold for each message, every category spread evenly."""
    chance = np.random.default_rng(seed)
    found = np.zeros(len(truth), dtype=np.int64)
    for label in np.unique(truth):
        members = chance.permutation(np.flatnonzero(truth == label))
        found[members] = (np.arange(len(members)) + chance.integers(folds)) % folds
    return found
