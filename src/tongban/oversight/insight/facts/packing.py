"""Months that are over, each in one file for who reads much: a year is twelve files instead of hundreds, and what is counted
together lies together, so that most of it need not be read.

The days' files are the facts. A packed month holds the same rows and is named after the state of its days: once one of
them is written again it is not read any more, and the next night packs it anew. It can be deleted at any time.
"""

from __future__ import annotations

import hashlib
from datetime import date
from itertools import groupby
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tongban.oversight.insight.facts.contracts import TABLES
from tongban.oversight.insight.facts.storing import days_of, file_of, replace

TOGETHER = {"moves": ["kind", "act"], "clocks": ["kind", "name", "ended"], "records": ["kind", "act"]}
"""By what indicators choose rows of a table; the other tables are small."""
GROUP = 30_000
"""Rows of a part of the file that is read or skipped as a whole."""


def pack(root: Path) -> int:
    """Pack every month of which that is worth it, but the newest of each table; gives how many were packed now."""
    done = 0
    for table in TOGETHER:
        for month, days in _months(days_of(root, table))[:-1]:
            path = _path(root, table, month, days)
            if path.exists():
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            for old in path.parent.glob(f"{month}.*"):
                old.unlink(missing_ok=True)
            replace(path, _rows(root, table, days), row_group_size=GROUP)
            done += 1
    return done


def altered(root: Path) -> list[tuple[str, date]]:
    """Packed months that are not what their days are, each by its first day; they are taken away."""
    found = []
    for table in TOGETHER:
        for month, days in _months(days_of(root, table)):
            path = _path(root, table, month, days)
            if path.exists() and not pq.read_table(path).equals(_rows(root, table, days)):
                path.unlink()
                found.append((table, days[0]))
    return found


def _rows(root: Path, table: str, days: list[date]) -> pa.Table:
    """The rows of some days as a packed month has them."""
    read = [pq.read_table(file_of(root, table, day), schema=TABLES[table]) for day in days]
    order = [*TOGETHER[table], "day", "stream", "sequence"]
    return pa.concat_tables(read).sort_by([(name, "ascending") for name in order])


def files(root: Path, table: str, first: date, last: date) -> list[Path]:
    """The files that hold the facts of a table from `first` to `last`: months where they are packed, else days."""
    found: list[Path] = []
    for month, days in _months(days_of(root, table)):
        wanted = [day for day in days if first <= day <= last]
        if not wanted:
            continue
        packed = _path(root, table, month, days) if table in TOGETHER and wanted == days else None
        if packed is not None and packed.exists():
            found.append(packed)
        else:
            found += [file_of(root, table, day) for day in wanted]
    return found


def _months(days: list[date]) -> list[tuple[str, list[date]]]:
    return [(month, list(own)) for month, own in groupby(days, key=lambda day: f"{day:%Y-%m}")]


def _path(root: Path, table: str, month: str, days: list[date]) -> Path:
    """Where a month lies packed that has its days in this state."""
    state = hashlib.sha256()
    for day in days:
        now = file_of(root, table, day).stat()
        state.update(f"{day} {now.st_ino} {now.st_size} {now.st_mtime_ns}\n".encode())
    return root / "packed" / table / f"{month}.{state.hexdigest()[:24]}.parquet"
