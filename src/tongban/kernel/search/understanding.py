"""From what somebody typed to the concepts that are searched for. Pure."""

import re
from dataclasses import dataclass

from tongban.kernel.search.analysis import HAN, normalise, split_pinyin, syllables, words
from tongban.kernel.search.vocabulary import Vocabulary

MAX_QUERY = 60  # characters; a longer text is no query but a letter, its beginning decides
_LATIN = re.compile(r"[a-z]+")
_HAN = re.compile(rf"[{HAN}]")
SOUND_CERTAINTY = 0.85


@dataclass(frozen=True, slots=True)
class Concept:
    """One piece of the query and what else it may be called; `certainty` of those alternatives."""

    text: str
    alternatives: tuple[str, ...] = ()
    certainty: float = 1.0


@dataclass(frozen=True, slots=True)
class Query:
    """`concepts` in the order said; `letters` are Latin runs that are no known word; `intents` names."""

    text: str
    concepts: tuple[Concept, ...]
    letters: tuple[str, ...]
    readings: tuple[str, ...]
    intents: frozenset[str]


def understand(text: str, vocabulary: Vocabulary) -> Query:
    """Read a query with a vocabulary."""
    clean = normalise(text[:MAX_QUERY])
    concepts: list[Concept] = []
    letters: list[str] = []
    readings: list[str] = []
    for run in _runs(clean):
        if _LATIN.fullmatch(run):
            _latin(run, vocabulary, concepts, letters, readings)
        else:
            concepts += _concepts(run, vocabulary)
            readings += syllables("".join(concept.text for concept in concepts))
    joined = clean.replace(" ", "")
    intents = frozenset(
        intent.name
        for intent in vocabulary.intents
        if any(word in joined for word in intent.say)
        or any(word in (c.text) for c in concepts for word in intent.say)
    )
    return Query(clean, tuple(concepts), tuple(letters), tuple(readings), intents)


def _runs(clean: str) -> list[str]:
    """Latin words by themselves; Chinese and digits together, spaces dropped between Chinese."""
    found: list[str] = []
    for part in clean.split():
        if (found and not _LATIN.fullmatch(part) and not _LATIN.fullmatch(found[-1])) or (
            found and _LATIN.fullmatch(part) and _LATIN.fullmatch(found[-1]) and split_pinyin(part)
        ):
            found[-1] += part
        else:
            found.append(part)
    return found


def _latin(
    run: str, vocabulary: Vocabulary, concepts: list[Concept], letters: list[str], readings: list[str]
) -> None:
    if run in vocabulary.by_words:
        concepts.append(Concept(run, vocabulary.by_words[run]))
        return
    said = vocabulary.by_pinyin.get(run)
    if said is not None:
        concepts.append(Concept(said, vocabulary.by_words[said], SOUND_CERTAINTY))
    split = split_pinyin(run)
    letters.append(run)
    if split:
        readings += split
        if said is None:
            concepts += _by_longest_sound(split, vocabulary)


def _by_longest_sound(split: tuple[str, ...], vocabulary: Vocabulary) -> list[Concept]:
    found: list[Concept] = []
    start = 0
    while start < len(split):
        for end in range(len(split), start + 1, -1):
            said = vocabulary.by_pinyin.get("".join(split[start:end]))
            if said is not None and end - start == len(said):
                found.append(Concept(said, vocabulary.by_words[said], SOUND_CERTAINTY))
                start = end
                break
        else:
            start += 1
    return found


def _concepts(run: str, vocabulary: Vocabulary) -> list[Concept]:
    """Longest known sayings first, left to right; stop words go; what remains is its own concept."""
    found: list[Concept] = []
    rest = ""
    at = 0
    while at < len(run):
        concept = _known_at(run, at, vocabulary)
        if concept is not None:
            found += _plain(rest)
            rest = ""
            found.append(concept)
            at += len(concept.text)
            continue
        step = _stop_at(run, at, vocabulary)
        if step:
            found += _plain(rest)
            rest = ""
            at += step
            continue
        rest += run[at]
        at += 1
    found += _plain(rest)
    if not found:  # nothing but stop words: better those than nothing
        return [Concept(run)]
    return found


def _known_at(run: str, at: int, vocabulary: Vocabulary) -> Concept | None:
    reach = min(vocabulary.longest, len(run) - at)
    for size in range(reach, 0, -1):
        piece = run[at : at + size]
        means = vocabulary.by_words.get(piece)
        if means is not None:
            return Concept(piece, means)
    for size in range(reach, 2, -1):
        piece = run[at : at + size]
        said = vocabulary.by_sound.get("'".join(syllables(piece)))
        if said is not None:
            return Concept(piece, (said, *vocabulary.by_words[said]), SOUND_CERTAINTY)
    return None


def _stop_at(run: str, at: int, vocabulary: Vocabulary) -> int:
    for size in range(min(vocabulary.longest_stop, len(run) - at), 0, -1):
        if run[at : at + size] in vocabulary.stop_words:
            return size
    return 0


def _plain(rest: str) -> list[Concept]:
    if not rest:
        return []
    if len(rest) <= 4 or not _HAN.search(rest):
        return [Concept(rest)]
    # A long remainder is several ideas: each dictionary word that is not part of another.
    return [Concept(rest), *(Concept(word) for word in dict.fromkeys(words(rest)) if len(word) > 2)]
