"""Why a model says what it says: the share of each word in the score, exact for the words of the lexicon."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from tongban.desks.hotline.sorting.features import Message
from tongban.desks.hotline.sorting.learning import Model
from tongban.desks.hotline.sorting.lexicon import DEPTHS, SHARED_COUNTS_LESS, head
from tongban.desks.hotline.sorting.reading import BODY_MOST, Reals, written

TOP = 5


def words(model: Model, message: Message, label: str, *, top: int = TOP) -> tuple[tuple[str, float], ...]:
    """The words of a message that speak most for a label rather than for the others, weightiest first."""
    column = model.labels.index(label)
    count = len(model.labels)
    speaks = model.weights[:, column] - model.weights[:, :count].mean(axis=1)
    rows = model.reader.rows([message])
    shares: defaultdict[str, float] = defaultdict(float)
    _of_words(model, rows.columns, rows.values * speaks[rows.columns], shares)
    dense_from = len(model.weights) - rows.dense.shape[1]
    _of_sayings(model, message, rows.dense[0] * speaks[dense_from:], shares)
    kept = _without_parts({word: share for word, share in shares.items() if share > 0})
    found = sorted(kept.items(), key=lambda one: (-one[1], one[0]))[:top]
    return tuple((word, round(float(share), 4)) for word, share in found)


def _of_words(model: Model, columns: np.ndarray, weights: np.ndarray, shares: dict[str, float]) -> None:
    """What each word of the lexicon adds as a column of its own; subject and body are two columns."""
    known = model.lexicon.words.words
    grams_wide, words_wide = len(model.vocabulary.buckets), len(known)
    half = grams_wide + words_wide
    within = columns % half
    for column, weight in zip(within.tolist(), weights.tolist(), strict=True):
        if column >= grams_wide:
            shares[known[column - grams_wide]] += weight


def _of_sayings(model: Model, message: Message, weights: Reals, shares: dict[str, float]) -> None:
    """What the lexicon says of the message at each depth, shared out among the words that say it."""
    paths, offset = model.lexicon.paths, 0
    for part in (0, 1):
        read = written([message[part]], most=BODY_MOST)
        counts = model.lexicon.words.in_batch(read)
        rarity = model.vocabulary.word_rarity[part]
        said = [
            (model.lexicon.words.words[thing], (1 + np.log(times)) * rarity[thing])
            for thing, times in zip(counts.things.tolist(), counts.times.tolist(), strict=True)
        ]
        for depth in DEPTHS:
            place = {path: n + offset for n, path in enumerate(paths[depth - 1])}
            offset += len(place)
            speakers: defaultdict[str, list[tuple[str, float]]] = defaultdict(list)
            for word, weight in said:
                of = {head(path, depth) for path in _paths_of(model, word)}
                for path in of:
                    speakers[path].append((word, weight * len(of) ** -SHARED_COUNTS_LESS))
            for path, all_words in speakers.items():
                whole = sum(weight for _word, weight in all_words)
                for word, weight in all_words:
                    shares[word] += float(weights[place[path]]) * weight / whole


def _paths_of(model: Model, word: str) -> tuple[str, ...]:
    return model.lexicon.paths_by_word[word]


def _without_parts(shares: dict[str, float]) -> dict[str, float]:
    """A word inside a longer one that spoke too (物业 in 物业公司) lends it its share."""
    found: dict[str, float] = {}
    for word in sorted(shares, key=len, reverse=True):
        longer = next((one for one in found if word in one), "")
        found[longer or word] = found.get(longer or word, 0.0) + shares[word]
    return found


def said_of(model: Model, message: Message, label: str) -> dict[str, float]:
    """What the lexicon says of a message below a first level: by path of two and of three levels, each sum one."""
    found: defaultdict[str, float] = defaultdict(float)
    for part, times in ((0, 2.0), (1, 1.0)):
        counts = model.lexicon.words.in_batch(written([message[part]], most=BODY_MOST))
        rarity = model.vocabulary.word_rarity[part]
        for thing, often in zip(counts.things.tolist(), counts.times.tolist(), strict=True):
            paths = _paths_of(model, model.lexicon.words.words[thing])
            weight = (
                times * (1 + float(np.log(often))) * float(rarity[thing]) * len(paths) ** -SHARED_COUNTS_LESS
            )
            for path in paths:
                for depth in range(2, path.count("/") + 2):
                    if path.startswith(f"{label}/"):
                        found[head(path, depth)] += weight
    for levels in (1, 2):
        whole = sum(weight for path, weight in found.items() if path.count("/") == levels)
        for path in [path for path in found if path.count("/") == levels]:
            found[path] /= whole
    return dict(found)
