"""Import of 130,000 licences against the bare bulk insert of the same rows, in the same batches."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import connection
from tests.actors.factories import a_unit

from benchmarks import figures as say
from benchmarks import licence_stock, place
from tongban.kernel import api as kernel
from tongban.registers.licences import kinds
from tongban.registers.licences.stock import importing, preparing

ON = ("SQLite", "PostgreSQL")
AT = datetime(2026, 11, 20, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
TABLES = ("licences_licence", "kernel_entry")
# What the database fills in by itself.
OWN = {"id", "recorded_at"}
Rows = dict[str, tuple[list[str], list[tuple[object, ...]]]]


def figures(*, quick: bool) -> Iterator[say.Figure]:
    rounds, rows = (1, 20_000) if quick else (3, 130_000)
    place.migrate()
    unit = a_unit("421202-gaj", uscc="11421200TB0000028E").pk
    kinds.kinds()  # reading the packs is the start of a process, not of an import
    place.copy_as("empty")
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        path = licence_stock.write(Path(folder) / "stock.csv", rows)
        for _round in range(rounds):
            place.put_back("empty")
            began = time.perf_counter()
            done = importing.bring_in(path=path, kind="id-card", unit=unit, actor=kernel.SYSTEM, at=AT)
            ours.append((time.perf_counter() - began) / rows)
            if done.taken != rows:
                raise RuntimeError(f"{done.taken} of {rows} came in")
            same = written()
            place.put_back("empty")
            began = time.perf_counter()
            bare(same, rows)
            theirs.append((time.perf_counter() - began) / rows)
    rate = 1 / sorted(ours)[len(ours) // 2]
    yield say.ratio(
        f"import of {rows:,} licences, a licence (wall)", ours, theirs, unit="µs", aim=2,
        against="bare bulk insert of the same rows", note=f"{rate:,.0f} licences/s, {preparing.BATCH:,} a batch",
    )  # fmt: skip


def written() -> Rows:
    """What the import wrote, as the driver takes it again."""
    found: Rows = {}
    for table in TABLES:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {table} LIMIT 0")  # names from above
            columns = [column.name if hasattr(column, "name") else column[0] for column in cursor.description]
            columns = [name for name in columns if name not in OWN]
            cursor.execute(f"SELECT {','.join(columns)} FROM {table} ORDER BY id")  # likewise
            found[table] = (columns, cursor.fetchall())
    return found


def bare(same: Rows, rows: int) -> None:
    """The same rows into the same tables: COPY on PostgreSQL, executemany on SQLite."""
    for start in range(0, rows, preparing.BATCH):
        with kernel.writing():
            for table, (columns, found) in same.items():
                kernel.bulk_rows(table, columns, found[start : start + preparing.BATCH])
