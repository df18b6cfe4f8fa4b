"""What a group is about in its own words: the name of the place, and the message that stands for it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tongban.desks.hotline.heat.grouping.linking import Rows
from tongban.desks.hotline.heat.grouping.reading import MOST_CHARACTERS
from tongban.desks.hotline.heat.grouping.weighing import Ints
from tongban.desks.hotline.heat.grouping.words import REGION, Words

ENOUGH = 40  # messages of a group that are read for its name
AGREE, AGREE_BEYOND = 0.6, 0.85
LONGEST = 14
CANDIDATES = 4  # heaviest runs whose whole names are compared
SHORTEST_TITLE, LONGEST_TITLE = 6, 45


def place_of(members: Ints, rows: Rows, texts: Sequence[tuple[str, str]], words: Words) -> str:
    """District and name of a group's place, such as `A2区丽发新城`; empty when its messages name none."""
    sample = sampled(members)
    _row, column, value = entries(rows.districts, sample)
    district = rows.district[int(column[_heaviest(column, value, 1)[0]])] if len(column) else ""
    _row, column, value = entries(rows.names, sample)
    if not len(column):
        return district
    written = [words.regions.sub(REGION, "。".join(_short(texts[one]))) for one in sample]
    plain = [re.sub(r"\s", "", text).lower() for text in written]
    best = column[_heaviest(column, value, CANDIDATES)]
    whole = dict.fromkeys(grown(run_of(rows.keys[int(one)]), plain, words) for one in best)
    heard = {name: sum(name.lower() in text for text in plain) for name in whole}
    return district + max(whole, key=lambda name: (heard[name], len(name)))


def sampled(members: Ints) -> Ints:
    """At most so many members as are read for name and summary, evenly over time."""
    return members[:: max(1, len(members) // ENOUGH)][:ENOUGH]


def entries(rows: sparse.csr_matrix, members: Ints) -> tuple[Ints, Ints, NDArray[np.float32]]:
    """Row, column and value of all entries of a few rows, without making a matrix of them."""
    spans = [slice(rows.indptr[one], rows.indptr[one + 1]) for one in members]
    column = np.concatenate([rows.indices[span] for span in spans]).astype(np.int64)
    value = np.concatenate([rows.data[span] for span in spans])
    return np.repeat(np.arange(len(members)), [span.stop - span.start for span in spans]), column, value


def _heaviest(column: Ints, value: NDArray[np.float32], most: int) -> Ints:
    """Where the columns with the largest sums first stand."""
    _distinct, first, at = np.unique(column, return_index=True, return_inverse=True)
    order = np.argsort(-np.bincount(at, weights=value), kind="stable")
    heaviest: Ints = first[order[:most]]
    return heaviest


def run_of(key: np.uint64) -> str:
    """The characters of a run."""
    units = [int(key) >> shift & 0xFFFF for shift in (48, 32, 16, 0)]
    return "".join(chr(unit) for unit in units if unit)


def grown(run: str, texts: Sequence[str], words: Words) -> str:
    """The whole name around a run of three or four characters: grown to both sides as long as most texts agree.

    :param texts: without blanks, in small letters, divisions replaced
    """
    for side in ("left", "right"):
        while len(run) < LONGEST:
            beside = Counter(_beside(run, texts, side))
            total = sum(beside.values())
            if not total:
                break
            char, count = beside.most_common(1)[0]
            ended = side == "right" and _ends(run, words)
            if (
                count < total * (AGREE_BEYOND if ended else AGREE)
                or not char
                or _parts(run, char, side, words)
            ):
                break
            run = char + run if side == "left" else run + char
    return run.upper() if run.isascii() else run


def best_of(members: Ints, rows: Rows) -> Ints:
    """Members of a group, those most like the whole first; of a large one a sample."""
    members = sampled(members)
    alike = _to_sum(rows.names, members) * _to_sum(rows.matter, members)
    order: Ints = members[np.argsort(-alike, kind="stable")]
    return order


def summary_of(best: Ints, place: str, texts: Sequence[tuple[str, str]]) -> str:
    """The title that stands for a group: from the messages most like it, one that names the place if there is one."""
    titles = [
        re.sub(r"\s+", " ", texts[one][0]).strip("\u200b ") or _first(texts[one][1]) for one in best[:20]
    ]
    fair = [title for title in titles if SHORTEST_TITLE <= len(title) <= LONGEST_TITLE] or titles
    name = place[-4:]
    chosen = next((title for title in fair if name and name in title), fair[0])
    return without_names(chosen[: LONGEST_TITLE + 1])


_SAID_NAME = re.compile(
    r"(我叫|名叫|我是|本人|姓名[:：]?)([\u4e00-\u9fff])[\u4e00-\u9fff]{1,2}(?=[，,。、男女\s]|$)"
)
_NUMBER = re.compile(r"\d[\d -]{5,}[\dXx]")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+")


def without_names(text: str) -> str:
    """A text without telephone and identity numbers, addresses of mail, and names by which people introduce themselves."""
    return _SAID_NAME.sub(r"\1\2某", _MAIL.sub("…", _NUMBER.sub("…", text)))


def _short(text: tuple[str, str]) -> tuple[str, str]:
    return text[0], text[1][:MOST_CHARACTERS]


def _first(body: str) -> str:
    return re.split(r"[。！？!?\n]", body.strip(), maxsplit=1)[0][:LONGEST_TITLE]


def _beside(run: str, texts: Sequence[str], side: str) -> list[str]:
    found = []
    for text in texts:
        at = text.find(run)
        while at >= 0:
            beside = at - 1 if side == "left" else at + len(run)
            found.append(text[beside] if 0 <= beside < len(text) else "")
            at = text.find(run, at + 1)
    return found


def _ends(run: str, words: Words) -> bool:
    pair = np.uint32(ord(run[-2]) << 16 | ord(run[-1])) if max(map(ord, run[-2:])) < 1 << 16 else np.uint32(0)
    return bool(_is(words.endings, run[-1]) or pair in words.pairs)


def _parts(run: str, char: str, side: str, words: Words) -> bool:
    """Whether a name cannot go on with a character."""
    pair = char + run[0] if side == "left" else run[-1] + char
    code = ord(pair[0]) << 16 | ord(pair[1]) if max(map(ord, pair)) < 1 << 16 else 0
    return char == REGION or _is(words.stops, char) or np.uint32(code & 0xFFFFFFFF) in words.cuts


def _is(table: NDArray[np.bool_], char: str) -> bool:
    return ord(char) >= len(table) or bool(table[ord(char)])


def _to_sum(rows: sparse.csr_matrix, members: Ints) -> NDArray[np.float64]:
    row, column, value = entries(rows, members)
    if not len(column):
        return np.zeros(len(members))
    at = np.unique(column, return_inverse=True)[1]
    total = np.bincount(at, weights=value)
    alike: NDArray[np.float64] = np.bincount(row, weights=value * total[at], minlength=len(members)).astype(
        np.float64
    )
    return alike
