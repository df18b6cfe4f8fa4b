"""Messages as arrays of characters: what the learning code reads. No Django, no files.

A batch of texts becomes one array of code points with the number of its text beside each character. Twice:
*written* (full width and capitals made plain, blanks and signs gone), in which the words of the lexicon are
looked up; and *shaped*, in which letters and digits are stand-ins and runs of them one character, so that a
masked place, a telephone number or an amount looks like any other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

SUBJECT_MOST = 120
BODY_MOST = 1_600
"""Characters of a text that are read: three quarters of them from its beginning, the rest from its end."""

Numbers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]
Reals = npt.NDArray[np.float64]

_TAG = re.compile(r"<[^<>]{1,300}>|&[a-z]{2,8};")
_END = 0
_DROP = 1
_TABLE = 0x3_0000
_LETTER, _DIGIT = ord("a"), ord("0")


@dataclass(frozen=True, slots=True)
class Characters:
    """Code points of a batch, and the text each belongs to."""

    codes: Hashes
    texts: Numbers


def written(texts: Sequence[str], *, most: int) -> Characters:
    """The characters of each text that words are looked up in.

    :param most: longer texts are read from their beginning and their end
    """
    joined = "\0".join(_shortened(text, most) for text in texts)
    raw = np.frombuffer(joined.encode("utf-32-le", "replace"), dtype="<u4")
    codes = _tables()[np.minimum(raw, _TABLE - 1)]
    number = np.cumsum(raw == _END)
    kept = codes > _DROP
    return Characters(codes[kept].astype(np.uint64), number[kept])


def shaped(read: Characters) -> Characters:
    """The same with letters and digits as stand-ins, runs of them one character."""
    codes = read.codes.copy()
    codes[(codes >= ord("a")) & (codes <= ord("z"))] = _LETTER
    codes[(codes >= ord("0")) & (codes <= ord("9"))] = _DIGIT
    alike = np.zeros(len(codes), dtype=bool)
    alike[1:] = (codes[1:] == codes[:-1]) & (codes[1:] < 128) & (read.texts[1:] == read.texts[:-1])
    return Characters(codes[~alike], read.texts[~alike])


def plain(text: str) -> str:
    """One text or word as `written` sees it."""
    read = written([text], most=BODY_MOST)
    return "".join(map(chr, read.codes.tolist()))


def _shortened(text: str, most: int) -> str:
    if len(text) > 4 * most:
        text = text[: 2 * most] + text[-2 * most :]
    if "<" in text or "&" in text:
        text = _TAG.sub("", text)
    text = text.replace("\0", " ")
    if len(text) > most:
        text = text[: most * 3 // 4] + text[-most // 4 :]
    return text


@cache
def _tables() -> npt.NDArray[np.uint32]:
    """What each code point becomes: Han characters themselves, Latin plain and small, everything else dropped."""
    table = np.full(_TABLE, _DROP, dtype=np.uint32)
    for first, last in ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x2FFFF)):
        table[first : last + 1] = np.arange(first, last + 1)
    for shift in (0, 0xFEE0):  # ASCII, and its full-width twins
        for code in range(ord("0"), ord("9") + 1):
            table[code + shift] = code
        for code in range(ord("a"), ord("z") + 1):
            table[code + shift] = code
            table[code - 32 + shift] = code
    for code in (ord("〇"), ord("々")):
        table[code] = code
    table[_END] = _END
    return table
