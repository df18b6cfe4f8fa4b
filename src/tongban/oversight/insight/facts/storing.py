"""Facts on disk: one Parquet file for each table and day, replaced whole, readable by any engine.

A row is known by its place in the ledger, so that writing it again changes nothing. A file is sorted by place and
written beside its old self first: whoever reads sees the one or the other.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from django.conf import settings

from tongban.oversight.insight.facts.contracts import TABLES
from tongban.oversight.insight.facts.folding import Fact, Row

# What, with the stream, no two rows of a table share.
_SORTED = {
    "moves": ["sequence"], "clocks": ["sequence", "name", "ended"], "records": ["sequence"], "stocks": ["sequence", "item"],
    "calls": ["sequence", "item"],
}  # fmt: skip


LAYOUT = 4
"""Raised when files are cut otherwise than before, or a name is hidden in another way: an installation makes its facts anew."""


def folder() -> Path:
    """Where the facts of this installation lie."""
    return Path(settings.DATA) / "facts"


def is_current(root: Path) -> bool:
    """Whether the files have the columns that there are now; an installation that was renewed has older ones."""
    mark = root / "columns"
    if not mark.exists() and not any((root / table).exists() for table in TABLES):
        mark_current(root)
    return mark.exists() and mark.read_text(encoding="ascii") == _columns()


def mark_current(root: Path) -> None:
    """Note that the files have today's columns."""
    root.mkdir(parents=True, exist_ok=True)
    (root / "columns").write_text(_columns(), encoding="ascii")


def _columns() -> str:
    said = "\n".join(f"{name}\n{schema}" for name, schema in TABLES.items()) + f"\n{LAYOUT}"
    return hashlib.sha256(said.encode()).hexdigest()


def file_of(root: Path, table: str, day: date) -> Path:
    """The file of a table's day."""
    return root / table / f"{day:%Y-%m}" / f"{day.isoformat()}.parquet"


def days_of(root: Path, table: str) -> list[date]:
    """The days of a table that have a file, ascending."""
    return sorted(date.fromisoformat(path.stem) for path in (root / table).glob("*/*.parquet"))


def stamp(root: Path, table: str, first: date, last: date) -> str:
    """Changes with every file of a table's days from `first` to `last` that is written, added or taken away."""
    whole = hashlib.sha256()
    for day in days_of(root, table):
        if first <= day <= last:
            state = file_of(root, table, day).stat()
            whole.update(f"{day} {state.st_ino} {state.st_size} {state.st_mtime_ns}\n".encode())
    return whole.hexdigest()


def by_day(facts: Iterable[Fact]) -> dict[tuple[str, date], list[Row]]:
    """Rows by table and the day in Shanghai on which they took effect; what is read of all times by its month."""
    found: dict[tuple[str, date], list[Row]] = defaultdict(list)
    for fact in facts:
        found[(fact.table, _file_day(fact.table, fact.row["day"]))].append(fact.row)
    return found


def _file_day(table: str, day: date) -> date:
    return day.replace(day=1) if table == "stocks" else day


def _told_last(calls: pa.Table) -> pa.Table:
    """Of each call what was told last, whatever was written first."""
    order = ["key", "recorded_at", "stream", "sequence", "item"]
    told = calls.sort_by([(name, "ascending") for name in order])
    if told.num_rows < 2:
        return told
    keys = told["key"].combine_chunks()
    last = pa.concat_arrays([pc.not_equal(keys.slice(0, len(keys) - 1), keys.slice(1)), pa.array([True])])
    return told.filter(last)


def add(root: Path, table: str, day: date, rows: list[Row]) -> None:
    """Put rows into a day; a row whose place is there already is put in its stead, and so is what a call was before."""
    path = file_of(root, table, day)
    fresh = pa.Table.from_pylist(rows, schema=TABLES[table])
    if path.exists():
        old = pq.read_table(path, schema=TABLES[table])
        fresh = pa.concat_tables([old.filter(pc.invert(_among(table, old, fresh))), fresh])
    if table == "calls":
        fresh = _told_last(fresh)
    write(path, fresh.sort_by([(key, "ascending") for key in ["stream", *_SORTED[table]]]))


def _among(table: str, old: pa.Table, fresh: pa.Table) -> Any:
    """Which rows of `old` have the place of a row of `fresh`."""
    return pc.is_in(_place(table, old), value_set=pc.unique(_place(table, fresh)))


def _place(table: str, rows: pa.Table) -> Any:
    parts = [rows[name].cast(pa.string()) for name in ["stream", *_SORTED[table]]]
    return pc.binary_join_element_wise(*parts, "#")


def write(path: Path, table: pa.Table) -> None:
    """Replace a file whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    replace(path, table)


def replace(path: Path, table: pa.Table, **how: Any) -> None:
    """Write a file beside its old self, under a name that nobody else uses, and put it in its place."""
    beside = path.with_name(f"{path.stem}.{uuid4().hex}.part")
    try:
        pq.write_table(table, beside, compression="zstd", **how)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def read(root: Path, table: str, day: date) -> pa.Table:
    """A day's rows, sorted by place; none where there is no file."""
    path = file_of(root, table, day)
    return pq.read_table(path, schema=TABLES[table]) if path.exists() else TABLES[table].empty_table()


def digest(root: Path) -> str:
    """One digest over every table's sorted content: equal for equal facts, however the files came about."""
    whole = hashlib.sha256()
    for table in TABLES:
        for day in days_of(root, table):
            whole.update(f"{table} {day.isoformat()}\n".encode())
            for line in lines(read(root, table, day)):
                whole.update(line)
    return whole.hexdigest()


def lines(table: pa.Table) -> Iterator[bytes]:
    """Each row as canonical JSON."""
    for batch in table.to_batches(max_chunksize=10_000):
        for row in batch.to_pylist():
            yield json.dumps(row, sort_keys=True, ensure_ascii=False, default=str).encode() + b"\n"
