"""Portraits of a whole city: taking what departments report, and everybody in columns for the rules.

The floor of loading is the bare arrays of the very same columns, read with `numpy.load` and from Parquet with pyarrow:
neither decrypts, knows whose row it is, or asks whether it still holds.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from django.utils import timezone

from benchmarks import figures as say
from benchmarks import place, portrait_stock
from tongban.kernel import api as kernel
from tongban.registers.portraits import api, census, importing
from tongban.registers.portraits.contracts import Census, NewFact

CITY, QUICK, ROUNDS = 252_367, 5_000, 3
TAKEN = 50_000
"""Of the city's companies, how many a table tells of; the others get the same files, so that all of it takes minutes."""
_PARTS = ("data", "state", "starts", "known_day")


def figures(*, quick: bool) -> Iterator[say.Figure]:
    size = QUICK if quick else CITY
    place.migrate()
    portrait_stock.register(size)
    with tempfile.TemporaryDirectory() as folder:
        taken = min(size, TAKEN)
        yield from _imported(portrait_stock.write(Path(folder) / "companies.csv", taken), taken)
    portrait_stock.repeat(taken, size)
    anew, first = _timed(_census)
    known = sum(int((one.state == 0).sum()) for one in first.population.columns.values())
    scale = f"{size:,} companies, {len(first.population.columns)} elements, {known:,} facts"
    yield say.Figure(
        "everybody's portraits in columns, made anew from the rows", f"{anew:.1f} s", note=scale,
        aim_says="≤ 60 s", measured=anew, aim=60,
    )  # fmt: skip
    yield from _loaded(first, scale)
    yield from _changed(first)


def _census() -> Census:
    return api.census("organisation", at=timezone.now())


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of CPU, and what came of it."""
    began = time.process_time()
    found = work()
    return time.process_time() - began, found


def _imported(path: Path, size: int) -> Iterator[say.Figure]:
    taken, report = _timed(
        lambda: importing.bring_in(
            path, source="swj", as_of=portrait_stock.DAY, actor=kernel.SYSTEM, at=timezone.now()
        )
    )
    yield say.Figure(
        "a department's table taken in", f"{size / taken:,.0f} rows/s",
        note=f"{size:,} rows, {report.changed:,} facts, {len(report.rejects)} rejected, {taken:.0f} s; checked, encrypted where personal",
    )  # fmt: skip


def _loaded(first: Census, scale: str) -> Iterator[say.Figure]:
    """From disk, as another process begins; beside the same arrays bare, interleaved."""
    ours, bare, parquet = [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write_bare(first, folder)
        for _round in range(ROUNDS):
            census.forget()
            ours.append(_timed(_census)[0])
            bare.append(_timed(lambda: [np.load(one) for one in sorted(folder.glob("*.npy"))])[0])
            parquet.append(_timed(lambda: pq.read_table(folder / "bare.parquet"))[0])
        stored = sum(one.stat().st_size for one in folder.glob("*.npy")) / 1e6
    yield say.Figure(
        "the same from disk, decrypted, whoever has ended left out", f"{median(ours):.2f} s",
        f"{median(bare):.2f} s numpy, {median(parquet):.2f} s pyarrow", f"{median(ours) / median(bare):.1f}×",
        "≤ 3 s", median(ours), 3, note=f"{scale}; {stored:,.0f} MB of arrays",
    )  # fmt: skip
    peak, columns = _peak()
    yield say.Figure(
        "the same, peak of memory of a fresh process", f"{peak:,.0f} MB", f"{columns:,.0f} MB bare arrays",
        f"{peak / columns:.1f}×", "≤ 1,024 MB", peak, 1024, note="with Django and everything else that is loaded",
    )  # fmt: skip


def _write_bare(first: Census, folder: Path) -> None:
    held = {}
    for key, column in first.population.columns.items():
        for part in _PARTS:
            array = getattr(column, part)
            if array is not None:
                np.save(folder / f"{key}.{part}.npy", array)
                if array.size == column.state.size:
                    held[f"{key}.{part}"] = pa.array(array)
    pq.write_table(pa.table(held), folder / "bare.parquet")


def _peak() -> tuple[float, float]:
    """Of a process that does nothing but load the census: its peak, and the bytes of its arrays."""
    code = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'tongban.config.settings'; django.setup(); from benchmarks.bench_portraits import tell_peak; tell_peak()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    peak, columns = json.loads(done.stdout.splitlines()[-1])
    return peak, columns


def tell_peak() -> None:
    """What `_peak` runs."""
    found = _census()
    arrays = (getattr(one, part) for one in found.population.columns.values() for part in _PARTS)
    size = sum(one.nbytes for one in arrays if one is not None)
    print(json.dumps([_most(), size / 1e6]))


def _most() -> float:
    """Megabytes at the peak. What `getrusage` says of a process on Linux counts the one that started it as well."""
    status = Path("/proc/self/status")
    lines = status.read_text(encoding="utf-8").splitlines() if status.exists() else []
    for line in lines:
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _changed(first: Census) -> Iterator[say.Figure]:
    again = median(_timed(_census)[0] for _round in range(ROUNDS))
    yield say.Figure("asked again when nothing has changed", f"{again * 1e3:.1f} ms")
    taken = []
    for place_, value in enumerate(range(ROUNDS)):
        fact = NewFact(first.parties[place_], "firm.capital", value, "scjg", timezone.localdate())
        api.note([fact], actor=kernel.SYSTEM, at=timezone.now())
        taken.append(_timed(_census)[0])
    yield say.Figure(
        "brought up to date after one portrait has changed", f"{median(taken):.2f} s", aim_says="≤ 3 s",
        measured=median(taken), aim=3,
    )  # fmt: skip
