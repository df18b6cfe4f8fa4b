"""Topics likely to rise next month, foretold from each past month of a real stream, against seasonal naive, the year's mean and chance.

The stream is 4,326 messages of two and a half years. A topic is a second-level category by the lexicon's words (the stream
has none of its own) at a masked place (A3区); nothing but day, category and place is used.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from tests.desks.hotline.heat import affairs

from benchmarks import figures as say
from tongban.desks.hotline.heat.hotspots import Message, read_messages
from tongban.desks.hotline.sorting.lexicon import Lexicon, head, read
from tongban.oversight.insight.foresight.contracts import BackTest
from tongban.oversight.insight.foresight.testing import back_test

ON = ("SQLite",)
PLACE = re.compile(r"[A-Z]\d*[市县区]")
LEXICON = Path(__file__).resolve().parent.parent / "src/tongban/packs/hotline/lexicon.yaml"


def figures(*, quick: bool) -> Iterator[say.Figure]:  # noqa: ARG001 - it is quick
    if not affairs.STREAM.exists():
        print(f"the shared stream is not here: {affairs.STREAM} (TONGBAN_SHARED)")
        return
    messages = sorted(read_messages(affairs.STREAM), key=lambda one: (one.at, one.id))
    for name, depth, placed in (
        ("category × place", 2, True), ("first-level category × place", 1, True), ("category, whole city", 2, False),
    ):  # fmt: skip
        counts, categories, first = cube(messages, depth=depth, placed=placed)
        begun = time.process_time()
        found = back_test(counts, categories, first, k=5)
        yield _told(name, found, seconds=time.process_time() - begun)


def _told(name: str, found: BackTest, *, seconds: float) -> say.Figure:
    low, middle, high = found.ahead
    from_chance = found.above_chance
    return say.Figure(
        f"未诉先办, {name}: share of the {found.k} topics named a month ahead that rose", f"{found.model.share:.1%}",
        f"{found.naive.share:.1%} seasonal naive; {found.steady.share:.1%} the year's mean; {found.chance.share:.1%} chance",
        note=f"{found.origins} months foretold, {found.topics} topics a month, {found.risen} rises; ahead of the better baseline by {100 * middle:+.1f} points "
        f"(90 %: {100 * low:+.1f} to {100 * high:+.1f}), of chance by {100 * from_chance[1]:+.1f} ({100 * from_chance[0]:+.1f} to "
        f"{100 * from_chance[2]:+.1f}); verdict: {found.verdict}; {1000 * seconds:.0f} ms",
    )  # fmt: skip


def cube(messages: Sequence[Message], *, depth: int, placed: bool) -> tuple[np.ndarray, np.ndarray, int]:
    """Months × topics, the category of each topic, and the month of the year of the first row; broken months left out."""
    lexicon = read(LEXICON)
    first, last = messages[0].at, messages[-1].at
    start = first.year * 12 + first.month  # the month after the first one: that is not whole
    months = last.year * 12 + last.month - 1 - start
    tally: Counter[tuple[str, str, int]] = Counter()
    for one in messages:
        month = one.at.year * 12 + one.at.month - 1 - start
        path = category(f"{one.title} {one.text[:400]}", lexicon, depth)
        where = PLACE.search(f"{one.title} {one.text}")
        if 0 <= month < months and path:
            tally[path, where[0] if placed and where else "", month] += 1
    topics = sorted({(path, place) for path, place, _month in tally})
    names = sorted({path for path, _place in topics})
    counts = np.zeros((months, len(topics)))
    number = {topic: place for place, topic in enumerate(topics)}
    for (path, place, month), n in tally.items():
        counts[month, number[path, place]] = n
    return counts, np.array([names.index(path) for path, _place in topics]), start % 12


def category(text: str, lexicon: Lexicon, depth: int) -> str:
    """What most words of the trade in a text speak for; a word of many categories counts less. Empty without any."""
    score: Counter[str] = Counter()
    for word in lexicon.words.words:
        if word in text:
            paths = lexicon.paths_by_word[word]
            for path in paths:
                score[head(path, depth)] += lexicon.weights.get(word, 1.0) * len(word) / len(paths)
    return score.most_common(1)[0][0] if score else ""
