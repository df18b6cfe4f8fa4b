"""Many people, one problem: how well affairs are found in the real stream, and how fast a city's year is grouped.

Quality is measured on affairs told by keywords (tests/desks/hotline/heat/affairs.py), against the plain baseline that one would
write first, in the same run: cosine of character 2- and 3-grams, TF-IDF, single linkage, at the bound that suits it best.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator, Sequence

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from tests.desks.hotline.heat import affairs

from benchmarks import figures as say
from benchmarks.stream_year import YEAR, year
from tongban.desks.hotline.heat.grouping.batch import group, prepared, weigh
from tongban.desks.hotline.heat.grouping.linking import Bounds
from tongban.desks.hotline.heat.grouping.stream import Stream
from tongban.desks.hotline.heat.hotspots import Message, Spot, read_messages, spots
from tongban.desks.hotline.heat.pack import pack

ON = ("SQLite",)
QUICK = 20_000
MORE = 2_000
BOUNDS = (0.12, 0.15, 0.18, 0.21, 0.25, 0.3)
ROWS = 500
TOP = 10


def figures(*, quick: bool) -> Iterator[say.Figure]:
    if not affairs.STREAM.exists():
        print(f"the shared stream is not here: {affairs.STREAM} (TONGBAN_SHARED)")
        return
    messages = sorted(read_messages(affairs.STREAM), key=lambda one: (one.at, one.id))
    yield from _quality(messages)
    yield from _speed(messages, QUICK if quick else YEAR)


# Quality --------------------------------------------------------------------------------------


def _quality(messages: Sequence[Message]) -> Iterator[say.Figure]:
    truth = affairs.by_keywords()
    found = spots(messages, pack())
    ours = _score(truth, {one.id: spot.rank for spot in found for one in spot.messages})
    plain, bound = max((_score(truth, groups), bound) for bound, groups in _plain(messages))
    yield say.Figure(
        f"affairs found whole and unmixed, B-cubed F over {len(truth)} messages of {len(affairs.AFFAIRS)} affairs", f"{ours[0]:.3f}",
        f"{plain[0]:.3f} TF-IDF, single linkage at its best bound {bound:g}", f"{ours[0] / plain[0]:.2f}×", "≥ 0.9", ours[0], 0.9, 0.8,
        more_is_better=True, note=f"precision {ours[1]:.3f}, recall {ours[2]:.3f}; the baseline's {plain[1]:.3f}, {plain[2]:.3f}",
    )  # fmt: skip
    pure = _pure(truth, found[:TOP])
    yield say.Figure(
        f"known affairs among the {TOP} hottest groups: share of the largest", f"{pure:.3f}", aim_says="≥ 0.95", measured=pure,
        aim=0.95, more_is_better=True,
    )  # fmt: skip


def _score(truth: dict[str, str], groups: dict[str, int]) -> tuple[float, float, float]:
    precision, recall = affairs.b_cubed(truth, groups)
    return 2 * precision * recall / (precision + recall), precision, recall


def _pure(truth: dict[str, str], top: Sequence[Spot]) -> float:
    """Of the hottest groups that hold a known affair: how much of them it is."""
    shares = []
    for spot in top:
        known = [truth[one.id] for one in spot.messages if one.id in truth]
        if known:
            shares.append(max(map(known.count, set(known))) / len(spot.messages))
    return sum(shares) / max(1, len(shares))


def _plain(messages: Sequence[Message]) -> Iterator[tuple[float, dict[str, int]]]:
    rows = _tf_idf([one.title * 2 + one.text[:400] for one in messages])
    for bound in BOUNDS:
        near = sparse.vstack(
            [_above(rows[at : at + ROWS] @ rows.T, bound) for at in range(0, rows.shape[0], ROWS)]
        )
        label = connected_components(near, directed=False)[1]
        yield bound, {one.id: int(which) for one, which in zip(messages, label, strict=True)}


def _above(product: sparse.csr_matrix, bound: float) -> sparse.csr_matrix:
    product.data[product.data < bound] = 0
    product.eliminate_zeros()
    return product


def _tf_idf(texts: Sequence[str]) -> sparse.csr_matrix:
    column: dict[str, int] = {}
    starts, columns = [0], []
    for text in texts:
        plain = "".join(text.split())
        grams = (plain[at : at + length] for length in (2, 3) for at in range(len(plain) - length + 1))
        columns += [column.setdefault(gram, len(column)) for gram in grams]
        starts.append(len(columns))
    counted = sparse.csr_matrix(
        (np.ones(len(columns), np.float32), columns, starts), shape=(len(texts), len(column))
    )
    counted.sum_duplicates()
    seen = np.bincount(counted.indices, minlength=len(column))
    weight = np.where((seen > 1) & (seen < len(texts) / 10), np.log(len(texts) / np.maximum(seen, 1)), 0)
    counted.data = (1 + np.log(counted.data)) * weight[counted.indices].astype(np.float32)
    length = np.sqrt(np.asarray(counted.multiply(counted).sum(axis=1)).ravel())
    return (sparse.diags((1 / np.maximum(length, 1e-9)).astype(np.float32)) @ counted).tocsr()


# Speed ----------------------------------------------------------------------------------------


def _speed(messages: Sequence[Message], count: int) -> Iterator[say.Figure]:
    words, plain = prepared(pack())
    texts, _origin = year([(one.title, one.text) for one in messages], words, count + MORE)
    bounds = Bounds(**pack()["bounds"])
    before, began, spent = _peak(), time.perf_counter(), time.process_time()
    label = group(weigh(texts[:count], words, plain), bounds)
    wall, cpu = time.perf_counter() - began, time.process_time() - spent
    yield say.Figure(
        f"grouping {count:,} messages (wall)", f"{wall:.1f} s", aim_says="< 60 s, defect > 90 s", measured=wall, aim=60, defect=90,
        note=f"{cpu:.0f} s of CPU, {int((np.bincount(label) > 1).sum()):,} groups; made from the real stream with new places",
    )  # fmt: skip
    yield say.Figure(
        "memory of it at its highest, texts included", f"{_peak() / 1024:.2f} GiB", aim_says="< 2 GiB", measured=_peak() / 1024, aim=2,
        note=f"{before / 1024:.2f} GiB before",
    )  # fmt: skip
    stream = Stream(words, plain, bounds)
    stream.load(texts[:count], [int(one) for one in label])
    times = []
    for number, (title, text) in enumerate(texts[count:], int(label.max()) + 1):
        started = time.thread_time()
        stream.add(number, title, text)
        times.append(time.thread_time() - started)
    times.sort()
    yield say.below(
        f"one more message after {count:,}, p99",
        times[int(len(times) * 0.99)],
        most_ms=5,
        note=f"p50 {times[len(times) // 2] * 1e3:.2f} ms",
    )


def _peak() -> float:
    """The most memory this process ever held, MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
