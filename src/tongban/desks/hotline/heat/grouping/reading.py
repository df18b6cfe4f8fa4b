"""From texts to grams: short runs of characters, told apart by whether they stand in a name. Arrays only, no loops.

A *name* 名称 (an estate, a road, a school, a company) is found without a dictionary: it is what stands within six
characters before an ending (…苑, …小区, …公司) or after the name of a division, with no word between that names never
contain. Its right and left edges need not be known: runs of three and four characters from inside such windows are
kept, and only those that come back in other messages count.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from tongban.desks.hotline.heat.grouping.words import DOCUMENT, REGION, TITLE, Words

LONGEST_NAME = 6
MOST_CHARACTERS = 300  # of the body; what comes later in a long letter seldom tells the matter
TITLE_COUNTS = 3.0
FAR = 1 << 30


@dataclass(frozen=True, slots=True)
class Grams:
    """Runs of one length in a set of texts, one element per occurrence.

    :ivar document: which text, ascending
    :ivar key: the run itself, 16 bits a unit
    :ivar named: it stands in the window of a name
    :ivar counts: 3 in a title, 1 elsewhere
    """

    document: NDArray[np.int32]
    key: NDArray[np.uint64]
    named: NDArray[np.bool_]
    counts: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Read:
    """The units of a set of texts one after another."""

    size: int
    codes: NDArray[np.uint16]
    document: NDArray[np.int32]
    named: NDArray[np.bool_]
    title: NDArray[np.bool_]
    broken: NDArray[np.bool_]
    districts: tuple[tuple[int, str], ...]

    def grams(self, length: int) -> Grams:
        """The runs of `length` units (2 to 4) that cross no mark, division or end of text."""
        last = len(self.codes) - length + 1
        if last <= 0:
            nothing = np.zeros(0, dtype=np.int32)
            return Grams(
                nothing, nothing.astype(np.uint64), nothing.astype(np.bool_), nothing.astype(np.float32)
            )
        whole = ~self.broken[:last]
        key = self.codes[:last].astype(np.uint64)
        for step in range(1, length):
            whole &= ~self.broken[step : last + step]
            key = key << np.uint64(16) | self.codes[step : last + step]
        named = self.named[:last] & self.named[length - 1 : last + length - 1]
        counts = np.where(self.title[:last], np.float32(TITLE_COUNTS), np.float32(1))
        return Grams(self.document[:last][whole], key[whole], named[whole], counts[whole])


def read(texts: Sequence[tuple[str, str]], words: Words) -> Read:
    """Title and body of each message as one row of units, with the windows of names marked."""
    rows = [f"{clean(title)}{TITLE}{clean(body[:MOST_CHARACTERS])}{DOCUMENT}" for title, body in texts]
    joined = "".join(rows)
    districts = tuple(_districts(joined, [len(row) for row in rows], words))
    joined = words.regions.sub(REGION, joined).lower()
    codes = np.frombuffer(joined.encode("utf-16-le", "surrogatepass"), dtype=np.uint16)
    codes = codes[~words.blanks[codes]]
    ends = codes == ord(DOCUMENT)
    document = (np.cumsum(ends) - ends).astype(np.int32)
    return Read(
        len(texts), codes, document, _windows(codes, words), broken=words.marks[codes], districts=districts,
        title=_last(codes == ord(TITLE)) <= _last(ends),
    )  # fmt: skip


def _districts(joined: str, lengths: list[int], words: Words) -> Iterator[tuple[int, str]]:
    """Which districts each text names."""
    ends = list(accumulate(lengths))
    document = 0
    for found in words.districts.finditer(joined):
        while ends[document] <= found.start():
            document += 1
        yield document, found.group()


def clean(text: str) -> str:
    """Without the two characters that part titles from bodies and messages from each other."""
    return text.replace(TITLE, "").replace(DOCUMENT, "")


def _windows(codes: NDArray[np.uint16], words: Words) -> NDArray[np.bool_]:
    """Where a name may stand: up to six units before an ending, or after a division, with no stop between."""
    index = np.arange(len(codes), dtype=np.int32)
    ending, stop = words.endings[codes], words.stops[codes].copy()
    ending[1:] |= _among(codes, words.pairs)
    cut = _among(codes, words.cuts)
    stop[:-1] |= cut
    stop[1:] |= cut
    region = codes == ord(REGION)
    stop |= region
    next_ending = _next(ending & ~stop)
    before_ending = (next_ending - index < LONGEST_NAME) & (next_ending < _next(stop))
    last_region = _last(region)
    after_region = (index - last_region <= LONGEST_NAME) & (last_region > _last(stop & ~region))
    named: NDArray[np.bool_] = (before_ending | after_region) & ~stop
    return named


def _next(where: NDArray[np.bool_]) -> NDArray[np.int32]:
    """For each place the next one (itself counts) at which something holds, FAR where there is none."""
    at = np.flatnonzero(where).astype(np.int32)
    found: NDArray[np.int32] = np.repeat(np.append(at, FAR), np.diff(at, prepend=-1, append=len(where) - 1))
    return found


def _last(where: NDArray[np.bool_]) -> NDArray[np.int32]:
    """For each place the last one (itself counts) at which something held, -FAR where there was none."""
    at = np.flatnonzero(where).astype(np.int32)
    found: NDArray[np.int32] = np.repeat(np.insert(at, 0, -FAR), np.diff(at, prepend=0, append=len(where)))
    return found


def _among(codes: NDArray[np.uint16], those: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """For each place but the last: whether the two units from here are one of those pairs."""
    found = np.zeros(len(codes) - 1, dtype=np.bool_)
    first = np.zeros(1 << 16, dtype=np.bool_)
    second = first.copy()
    first[those >> np.uint32(16)] = True
    second[those & np.uint32(0xFFFF)] = True
    # Few places begin as one of them does; only these are looked up.
    maybe = np.flatnonzero(first[codes[:-1]] & second[codes[1:]])
    pair = codes[maybe].astype(np.uint32) << np.uint32(16) | codes[maybe + 1]
    found[maybe] = np.isin(pair, those)
    return found
