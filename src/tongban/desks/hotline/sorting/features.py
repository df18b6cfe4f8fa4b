"""What a model sees of a message: a sparse row of n-grams and words, and a dense row of what the lexicon says.

Subject and body are separate blocks: a subject says in twelve characters what the body needs four hundred for.
Each block of a row has length one times the root of its share, so that shares are what the blocks weigh.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tongban.desks.hotline.sorting.grams import BITS, Counts, grams
from tongban.desks.hotline.sorting.lexicon import Lexicon
from tongban.desks.hotline.sorting.reading import (
    BODY_MOST,
    SUBJECT_MOST,
    Numbers,
    Reals,
    shaped,
    written,
)

SHARES = {"grams": (0.4, 0.6), "words": (0.25, 0.25), 1: (0.15, 0.15), 2: (0.15, 0.15), 3: (0.5, 0.5)}
"""What subject and body weigh: n-grams, words of the lexicon, what the lexicon says at each depth."""
BATCH = 256

Message = tuple[str, str]
"""Subject and body."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Features of some messages: sparse entries ordered by message, and a dense part.

    `starts` has one entry more than there are messages; those of message i are ``starts[i]:starts[i + 1]``.
    """

    starts: Numbers
    columns: Numbers
    values: npt.NDArray[np.float32]
    dense: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def take(self, which: Numbers) -> Rows:
        """Some of the messages."""
        lengths = np.diff(self.starts)[which]
        starts = np.concatenate([[0], np.cumsum(lengths)])
        index = np.arange(starts[-1]) + np.repeat(self.starts[which] - starts[:-1], lengths)
        return Rows(starts, self.columns[index], self.values[index], self.dense[which])


@dataclass(frozen=True, slots=True)
class _Read:
    """Subject or body of a batch, counted."""

    grams: Counts
    words: Counts


class Vocabulary:
    """Which n-grams are columns, and how rare n-grams and words are. Made of the messages learned from."""

    def __init__(self, *, buckets: Numbers, gram_rarity: Reals, word_rarity: Reals) -> None:
        """:param buckets: of the n-grams kept, sorted; the rarities: log of messages by messages with it,
        two rows (subject, body) each
        """
        self.buckets, self.gram_rarity, self.word_rarity = buckets, gram_rarity, word_rarity
        self._column = np.full(1 << BITS, -1, dtype=np.int32)
        self._column[buckets] = np.arange(len(buckets), dtype=np.int32)

    def columns_of(self, buckets: Numbers) -> npt.NDArray[np.int32]:
        """Number of each n-gram; -1 where it is not known."""
        return self._column[buckets]


class Reader:
    """Makes rows of messages with one lexicon and one vocabulary."""

    def __init__(self, lexicon: Lexicon, vocabulary: Vocabulary) -> None:
        self.lexicon, self.vocabulary = lexicon, vocabulary
        self.width = 2 * (len(vocabulary.buckets) + len(lexicon.words))
        self.depth_widths = tuple(len(paths) for paths in lexicon.paths)

    def rows(self, messages: Sequence[Message]) -> Rows:
        """Features of messages, in their order."""
        parts = [self._batch(messages[n : n + BATCH]) for n in range(0, len(messages), BATCH)]
        if not parts:
            empty = np.empty(0, dtype=np.float32)
            return Rows(np.zeros(1, np.int64), np.empty(0, np.int64), empty, empty.reshape(0, 0))
        lengths = np.concatenate([np.diff(part.starts) for part in parts])
        return Rows(
            np.concatenate([[0], np.cumsum(lengths)]),
            np.concatenate([part.columns for part in parts]),
            np.concatenate([part.values for part in parts]),
            np.concatenate([part.dense for part in parts]),
        )

    def _batch(self, messages: Sequence[Message]) -> Rows:
        count = len(messages)
        entries: list[tuple[Numbers, Numbers, Reals]] = []
        dense: list[Reals] = []
        offset = 0
        for part in (0, 1):
            read = _read(self.lexicon, messages, part)
            columns = self.vocabulary.columns_of(read.grams.things)
            known = columns >= 0
            counts = Counts(read.grams.texts[known], columns[known].astype(np.int64), read.grams.times[known])
            for block, rarity, name in (
                (counts, self.vocabulary.gram_rarity[part], "grams"),
                (read.words, self.vocabulary.word_rarity[part], "words"),
            ):
                values = _weighted(block, rarity, share=SHARES[name][part], count=count)
                entries.append((block.texts, block.things + offset, values))
                offset += len(rarity)
            dense.extend(self._said(read.words, part, count))
        return _assembled(entries, np.concatenate(dense, axis=1), count)

    def _said(self, words: Counts, part: int, count: int) -> list[Reals]:
        """What the lexicon says of each message at each depth, as shares of one."""
        found = []
        times = (1 + np.log(words.times)) * self.vocabulary.word_rarity[part][words.things]
        for depth, width in enumerate(self.depth_widths, 1):
            speakers, categories, weights = self.lexicon.says[depth - 1]
            first = np.searchsorted(speakers, words.things)
            many = np.searchsorted(speakers, words.things, side="right") - first
            ends = np.cumsum(many)
            index = np.arange(ends[-1] if len(ends) else 0) + np.repeat(first - ends + many, many)
            keys = np.repeat(words.texts, many) * width + categories[index]
            said = np.bincount(keys, np.repeat(times, many) * weights[index], minlength=count * width)
            root = np.sqrt(np.maximum(said, 0)).reshape(count, width)
            length = np.linalg.norm(root, axis=1, keepdims=True)
            found.append(root / np.maximum(length, 1e-9) * np.sqrt(SHARES[depth][part]))
        return found


def _read(lexicon: Lexicon, messages: Sequence[Message], part: int) -> _Read:
    characters = written([one[part] for one in messages], most=(SUBJECT_MOST, BODY_MOST)[part])
    return _Read(grams(shaped(characters)), lexicon.words.in_batch(characters))


def _weighted(block: Counts, rarity: Reals, *, share: float, count: int) -> Reals:
    values = (1 + np.log(block.times)) * rarity[block.things]
    length = np.sqrt(np.bincount(block.texts, values**2, minlength=count))
    values *= np.sqrt(share) / np.maximum(length, 1e-9)[block.texts]
    return values


def _assembled(entries: list[tuple[Numbers, Numbers, Reals]], dense: Reals, count: int) -> Rows:
    texts = np.concatenate([one[0] for one in entries])
    order = np.argsort(texts, kind="stable")
    starts = np.concatenate([[0], np.cumsum(np.bincount(texts, minlength=count))])
    columns = np.concatenate([one[1] for one in entries])[order]
    values = np.concatenate([one[2] for one in entries])[order].astype(np.float32)
    return Rows(starts, columns, values, dense.astype(np.float32))


def learn_vocabulary(lexicon: Lexicon, messages: Sequence[Message], *, least: int = 2) -> Vocabulary:
    """The n-grams that occur in at least `least` of the messages, and how rare everything is in them."""
    count = len(messages)
    parts = [
        [_read(lexicon, messages[start : start + BATCH], part) for start in range(0, count, BATCH)]
        for part in (0, 1)
    ]
    gram_in = np.stack([_texts_with([read.grams for read in part], 1 << BITS) for part in parts])
    word_in = np.stack(
        [_texts_with([read.words for read in part], max(len(lexicon.words), 1)) for part in parts]
    )
    emphasis = lexicon.emphasis if len(lexicon.words) else 1.0
    kept = np.flatnonzero(gram_in.sum(axis=0) >= least)
    return Vocabulary(
        buckets=kept,
        gram_rarity=np.log((1 + count) / (1 + gram_in[:, kept])) + 1,
        word_rarity=(np.log((1 + count) / (1 + word_in)) + 0.05) * emphasis,
    )


def _texts_with(counts: Sequence[Counts], size: int) -> Numbers:
    """In how many texts each thing occurs."""
    things = [one.things for one in counts] or [np.empty(0, dtype=np.int64)]
    return np.bincount(np.concatenate(things), minlength=size)
