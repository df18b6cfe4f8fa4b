"""Chinese text as tokens: words, pairs of characters, syllables, initials. Pure and cached."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

import rjieba
from pypinyin import lazy_pinyin

HAN = "\u3400-\u9fff\uf900-\ufaff"
_RUNS = re.compile(rf"[{HAN}]+|[a-z0-9]+")
_HAN_ONLY = re.compile(rf"[{HAN}]+")
_INITIAL_SIZES = range(2, 9)


@lru_cache(maxsize=4096)
def normalise(text: str) -> str:
    """Full-width folded, lower case, everything but Chinese, letters and digits a single space."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return " ".join(_RUNS.findall(folded))


@lru_cache(maxsize=100_000)
def _pairs_of(run: str) -> tuple[str, ...]:
    if not _HAN_ONLY.fullmatch(run) or len(run) == 1:
        return (run,)
    return tuple(run[at : at + 2] for at in range(len(run) - 1))


@lru_cache(maxsize=16_384)
def pairs(text: str) -> tuple[str, ...]:
    """Neighbouring characters of normalised text; Latin words and lone characters whole."""
    return tuple(pair for run in _RUNS.findall(text) for pair in _pairs_of(run))


def words(text: str) -> list[str]:
    """Dictionary words of two characters or more, in search mode, of normalised text."""
    return [word for word in rjieba.cut_for_search(text) if len(word) > 1 and not word.isspace()]


@lru_cache(maxsize=16_384)
def terms(text: str) -> tuple[str, ...]:
    """What is indexed and asked: pairs, and the longer dictionary words."""
    return (*pairs(text), *(word for word in words(text) if len(word) > 2))


def characters(text: str) -> list[str]:
    """Single Chinese characters: the net under a typo that breaks every pair."""
    return [character for run in _HAN_ONLY.findall(text) for character in run]


@lru_cache(maxsize=100_000)
def _word_syllables(word: str) -> tuple[str, ...]:
    return tuple(lazy_pinyin(word))


@lru_cache(maxsize=65_536)
def syllables(text: str) -> tuple[str, ...]:
    """Readings of the Chinese in normalised text, word by word so that 银行 reads hang."""
    return tuple(
        syllable
        for run in _HAN_ONLY.findall(text)
        for word in rjieba.cut(run)
        for syllable in _word_syllables(word)
    )


def sound_terms(readings: tuple[str, ...] | list[str]) -> list[str]:
    """Neighbouring syllables joined: shi'pin'jing -> shi_pin, pin_jing."""
    if len(readings) == 1:
        return list(readings)
    return [f"{first}_{second}" for first, second in pairwise(readings)]


def initials(readings: tuple[str, ...] | list[str]) -> str:
    """First letters: shi pin -> sp."""
    return "".join(reading[0] for reading in readings)


def initial_terms(letters: str) -> list[str]:
    """All runs of 2 to 8 first letters."""
    return [
        letters[start : start + size] for size in _INITIAL_SIZES for start in range(len(letters) - size + 1)
    ]


@lru_cache(maxsize=1)
def _known_syllables() -> frozenset[str]:
    from pypinyin import Style
    from pypinyin.constants import PINYIN_DICT
    from pypinyin.style import convert as _convert

    found: set[str] = set()
    for readings in PINYIN_DICT.values():
        for reading in readings.split(","):
            plain = _convert(reading, Style.NORMAL, strict=False)
            if plain.isascii() and plain.isalpha():
                found.add(plain)
    return frozenset(found - {"m", "n", "ng", "hm", "hng"})


@lru_cache(maxsize=4096)
def split_pinyin(letters: str) -> tuple[str, ...]:
    """A run of letters as pinyin syllables, the fewest and longest; empty when it is not pinyin.

    A last syllable still being typed is kept as it is ("shipinj" -> shi pin j).
    """
    known = _known_syllables()
    best: list[tuple[str, ...] | None] = [None] * (len(letters) + 1)
    best[0] = ()
    for end in range(1, len(letters) + 1):
        for size in range(1, min(6, end) + 1):
            before = best[end - size]
            piece = letters[end - size : end]
            if (
                before is not None
                and piece in known
                and (best[end] is None or len(before) + 1 < len(best[end] or ()))
            ):
                best[end] = (*before, piece)
    whole = best[len(letters)]
    if whole is not None:
        return whole
    for tail in range(1, min(5, len(letters))):
        head = best[len(letters) - tail]
        if head:
            return (*head, letters[-tail:])
    return ()
