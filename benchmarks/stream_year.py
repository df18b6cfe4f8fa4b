"""A city's year of messages from two and a half real ones: copies of the stream, each told of other places.

Inside names every character that ends none is put through a permutation of that copy, so each copy has estates, roads and
companies of its own, the same one wherever the original is the same; sentences are dropped and put in another order. Nothing
of it is kept: it is made for a measurement from the shared file and forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tongban.desks.hotline.heat.grouping.reading import read
from tongban.desks.hotline.heat.grouping.words import REGION, Words

YEAR = 361_341
DROPPED = 0.15


def year(
    texts: Sequence[tuple[str, str]], words: Words, count: int = YEAR, seed: int = 1
) -> tuple[list[tuple[str, str]], list[int]]:
    """So many messages in a mixed order, and for each the place of its original in `texts` (copies count on)."""
    chance = np.random.default_rng(seed)
    made: list[tuple[str, str]] = []
    origin: list[int] = []
    copy = 0
    while len(made) < count:
        renamed = _renamed(texts, words, chance) if copy else list(texts)
        made += [(title, _shuffled(body, chance) if copy else body) for title, body in renamed]
        origin += range(copy * len(texts), (copy + 1) * len(texts))
        copy += 1
    order = np.argsort(np.arange(count) % len(texts) + chance.random(count) * 50, kind="stable")
    return [made[one] for one in order], [origin[one] for one in order]


def _renamed(
    texts: Sequence[tuple[str, str]], words: Words, chance: np.random.Generator
) -> list[tuple[str, str]]:
    """The same messages with other names, the same one everywhere."""
    plain = [
        (
            words.regions.sub(REGION, title).replace("\n", ""),
            words.regions.sub(REGION, body[:300]).replace("\n", ""),
        )
        for title, body in texts
    ]
    done = read(plain, words)
    codes, han = done.codes.copy(), (done.codes >= 0x4E00) & (done.codes < 0x9FA5)
    known = np.unique(codes[done.named & han & ~words.endings[done.codes]])
    table = np.arange(1 << 16, dtype=np.uint16)
    table[known] = chance.permutation(known)
    change = done.named & han & ~words.endings[codes]
    codes[change] = table[codes[change]]
    district = f"Q{chance.integers(10, 99)}区"
    rows = codes.tobytes().decode("utf-16-le", "replace").replace(REGION, district).split("\x00")
    return [tuple(row.partition("\x01")[::2]) for row in rows[: len(texts)]]  # type: ignore[misc]


def _shuffled(body: str, chance: np.random.Generator) -> str:
    parts = [part for part in body.split("，") if chance.random() > DROPPED]
    chance.shuffle(parts)
    return "，".join(parts)
