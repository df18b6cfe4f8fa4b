"""From labelled messages to a model, and from a model to what it says of a message."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from tongban.desks.hotline.sorting import ridge
from tongban.desks.hotline.sorting.calibration import Calibration, calibrate
from tongban.desks.hotline.sorting.features import (
    Message,
    Reader,
    Rows,
    Vocabulary,
    learn_vocabulary,
)
from tongban.desks.hotline.sorting.lexicon import Lexicon, head
from tongban.desks.hotline.sorting.reading import Numbers, Reals

DEEP_LEAST = 8
"""A category below the first level is learned from this many messages on; with fewer the lexicon speaks alone."""
MATTER = "#"
"""What marks the code of a matter among the deep paths."""
HELD_BACK = 0.15
"""Share of a large collection that is kept from learning to calibrate by."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """A message and its category (one to three levels joined by ``/``). `trust` 1 is full.

    :param matter: code of the regulated matter it was dispatched by, or empty
    """

    subject: str
    body: str
    category: str
    trust: float = 1.0
    matter: str = ""

    @property
    def message(self) -> Message:
        return self.subject, self.body

    @property
    def paths(self) -> tuple[str, ...]:
        """The first level, the levels below it, and the matter with its mark."""
        levels = len(self.category.split("/"))
        below = tuple(head(self.category, depth) for depth in range(1, levels + 1))
        return (*below, f"{MATTER}{self.matter}") if self.matter else below


class TooLittleError(ValueError):
    """Nothing can be learned: fewer than two categories or two messages of one."""


@dataclass(frozen=True)
class Model:
    """What was learned. `labels` are first levels; `deep` the paths below them that were learned too."""

    labels: tuple[str, ...]
    deep: tuple[str, ...]
    weights: ridge.Weights
    calibration: Calibration
    vocabulary: Vocabulary
    lexicon: Lexicon
    learned_from: int = 0
    reader: Reader = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "reader", Reader(self.lexicon, self.vocabulary))

    def scores(self, rows: Rows) -> Reals:
        """One row a message; first the labels, then the deep paths."""
        return ridge.scores(rows, self.weights)

    def confidences(self, messages: Sequence[Message]) -> Reals:
        """One row a message, one column a label, each row summing to one."""
        found = self.scores(self.reader.rows(messages))
        return self.calibration.confidences(found[:, : len(self.labels)])

    def classify(self, messages: Sequence[Message]) -> list[tuple[str, float]]:
        """The likeliest label of each message and how sure that is."""
        if not messages:
            return []
        sure = self.confidences(messages)
        best = sure.argmax(axis=1)
        return [(self.labels[label], float(sure[n, label])) for n, label in enumerate(best.tolist())]


def learn(
    lessons: Sequence[Lesson], *, lexicon: Lexicon, also: Sequence[Message] = (), deep: bool = True
) -> Model:
    """A model of some lessons; the same lessons in the same order give the same model.

    :param also: messages without a category: they tell how rare words are
    :param deep: learn levels below the first, where there are enough messages
    :raises TooLittleError: there is nothing to tell apart
    """
    many = Counter(head(one.category, 1) for one in lessons)
    labels = tuple(sorted(many))
    if len(labels) < 2:
        raise TooLittleError("至少要有两个类别的样本。")
    paths = _deep_paths(lessons) if deep else ()
    messages = [one.message for one in lessons]
    vocabulary = learn_vocabulary(lexicon, [*messages, *also])
    reader = Reader(lexicon, vocabulary)
    rows = reader.rows(messages)
    place = {label: n for n, label in enumerate(labels)}
    truth = np.array([place[head(one.category, 1)] for one in lessons])
    trust = np.array([one.trust for one in lessons])
    targets = _targets(lessons, labels, paths)
    fitted = ridge.fit(rows, targets, width=reader.width, trust=trust)
    unseen, which = _unseen(rows, targets, reader.width, trust, fitted)
    calibration = calibrate(unseen[:, : len(labels)], truth[which], trust=trust[which])
    return Model(labels, paths, fitted.weights, calibration, vocabulary, lexicon, len(lessons))


def _deep_paths(lessons: Sequence[Lesson]) -> tuple[str, ...]:
    many = Counter(path for one in lessons for path in one.paths[1:])
    return tuple(sorted(path for path, times in many.items() if times >= DEEP_LEAST))


def _targets(lessons: Sequence[Lesson], labels: Sequence[str], paths: Sequence[str]) -> Reals:
    """1 where a message belongs to a category, -1 where not, less the column's mean."""
    found = np.full((len(lessons), len(labels) + len(paths)), -1.0)
    place = {path: n for n, path in enumerate([*labels, *paths])}
    for row, one in enumerate(lessons):
        for path in one.paths:
            if path in place:
                found[row, place[path]] = 1.0
    centred: Reals = found - found.mean(axis=0)
    return centred


def _unseen(
    rows: Rows, targets: Reals, width: int, trust: Reals, fitted: ridge.Fitted
) -> tuple[Reals, Numbers]:
    """Scores of messages as if they had not been learned from, and which messages those are."""
    if fitted.left_out is not None:
        return fitted.left_out, np.arange(len(rows))
    shuffled = np.random.default_rng(len(rows)).permutation(len(rows))
    back = max(1, int(len(rows) * HELD_BACK))
    kept, held = np.sort(shuffled[back:]), np.sort(shuffled[:back])
    part = ridge.fit(rows.take(kept), targets[kept], width=width, trust=trust[kept])
    return ridge.scores(rows.take(held), part.weights), held
