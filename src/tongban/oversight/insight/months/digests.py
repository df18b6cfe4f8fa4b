"""What a month was counted from, as digests: one for each table and day, and one over all of them."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from tongban.oversight.insight import shelf
from tongban.oversight.insight.contracts import Period
from tongban.oversight.insight.facts import api as facts
from tongban.oversight.insight.formulas import STOCKS


@dataclass(frozen=True, slots=True)
class Grounds:
    """Rows, a digest for each table and day such as ``moves 2026-10-03``, and one over all."""

    rows: int
    days: Mapping[str, str]
    digest: str


def grounds(period: Period) -> Grounds:
    """The facts that figures of a period are counted from; of stocks all that was told up to its last day."""
    rows, days = 0, {}
    for name, path in _files(period):
        count, days[name] = _of_file(path)
        rows += count
    whole = hashlib.sha256("".join(f"{name} {one}\n" for name, one in days.items()).encode())
    return Grounds(rows, days, whole.hexdigest())


def known(period: Period) -> Grounds:
    """The same, looked at once and kept until one of the files changes."""
    told = (
        "grounds",
        shelf.RULES,
        shelf.layout(sys.modules[__name__]),
        str(facts.folder()),
        period,
        state(period),
    )
    return shelf.kept(told, lambda: grounds(period))


def state(period: Period) -> tuple[str, ...]:
    """Changes with every file that figures of a period are counted from; looks at none of their rows."""
    root = facts.folder()
    return tuple(
        facts.stamp(root, table, date.min if table == STOCKS else period.first, period.last)
        for table in facts.TABLES
    )


def _files(period: Period) -> Iterator[tuple[str, Path]]:
    root = facts.folder()
    for table in facts.TABLES:
        first = date.min if table == STOCKS else period.first
        for day in facts.days_of(root, table):
            if first <= day <= period.last:
                yield f"{table} {day.isoformat()}", facts.file_of(root, table, day)


def _of_file(path: Path) -> tuple[int, str]:
    """Rows and digest of a file's content, which is sorted by place however it came about."""
    table, found = pq.read_table(path), hashlib.sha256()
    for batch in table.to_batches(max_chunksize=10_000):
        for row in batch.to_pylist():
            found.update(json.dumps(row, sort_keys=True, ensure_ascii=False, default=str).encode() + b"\n")
    return table.num_rows, found.hexdigest()


def changed(before: Mapping[str, str], now: Mapping[str, str]) -> list[tuple[str, date]]:
    """Tables and days whose facts are not what they were."""
    names = sorted(name for name in {*before, *now} if before.get(name) != now.get(name))
    return [
        (table, date.fromisoformat(day)) for table, _space, day in (name.partition(" ") for name in names)
    ]
