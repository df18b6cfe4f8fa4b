"""Tickets of a hotline by the hour, through the real flow: moves, news and facts, beside bare inserts of the same rows.

A move is one ledger entry with all that follows of it: its clocks, its event delivered to every handler, its facts written. The
floor inserts the rows that are in the tables afterwards, on the bare driver, an hour's worth in one transaction.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import connection
from tests.desks.hotline import town

from benchmarks import figures as say
from benchmarks import place, year_load
from tongban.kernel.clock.firing import fire_due
from tongban.kernel.models import Docket, Entry
from tongban.kernel.outbox.relay import relay
from tongban.oversight.insight.facts import services as facts

ON = ("SQLite", "PostgreSQL")
EACH = 100
"""Tickets of an hour."""
YEAR = 2_530_000
"""Moves of the year that the aim is told by: 361,341 tickets of seven."""
MINUTES = {"sqlite": 20, "postgresql": 15}
TABLES = (
    "kernel_docket", "kernel_clock", "kernel_entry", "kernel_event", "kernel_event_handled", "hotline_ticket", "hotline_turn",
)  # fmt: skip


def figures(*, quick: bool) -> Iterator[say.Figure]:
    place.migrate()
    town.build()
    place.copy_as("empty")
    hours = year_load.Hours(each=EACH)
    _go(hours, 6, {})  # the first use of anything is not the year's cost
    before, moved = Entry.objects.count(), hours.moves
    size, dockets = _bytes(), Docket.objects.count()
    used: dict[str, float] = {}
    began, quarter = time.perf_counter(), 6 if quick else 18
    memory = []
    for _quarter in range(4):
        _go(hours, quarter, used)
        memory.append(_resident())
    wall = time.perf_counter() - began
    moves, entries = hours.moves - moved, Entry.objects.count() - before
    each = (_bytes() - size) / (Docket.objects.count() - dockets)
    rows = {name: _rows(name) for name in TABLES}
    floor = _floor(rows) / Entry.objects.count()
    cpu = sum(used.values())
    parts = ", ".join(f"{name} {seconds / entries * 1e6:.0f}" for name, seconds in used.items())
    yield say.ratio(
        "a move, all in (CPU)", [cpu / entries], [floor], unit="µs", aim=25, against="bare inserts of the same rows",
        note=f"{moves:,} moves, {entries:,} entries, {EACH} tickets an hour; µs of CPU an entry: {parts}",
    )  # fmt: skip
    limit = MINUTES[connection.vendor]
    yield say.Figure(
        "moves a second, all in, one process (wall)", f"{entries / wall:,.0f}/s", aim_says=f"≥ {YEAR / limit / 60:,.0f}/s",
        measured=entries / wall, aim=YEAR / limit / 60, more_is_better=True,
        note=f"a year of {YEAR:,} in {YEAR * wall / entries / 60:.0f} min; aim {limit} min",
    )  # fmt: skip
    yield say.Figure(
        "database, a docket", f"{each / 1e3:.1f} kB", note=f"{entries / hours.hour / EACH:.1f} entries each"
    )
    more = (memory[-1] / memory[0] - 1) * 100
    yield say.Figure(
        "memory after the last quarter against the first", f"{memory[-1] / 1e6:.0f} MB", f"{memory[0] / 1e6:.0f} MB", f"{more:+.0f} %",
        "< 15 % more", more, 15,
    )  # fmt: skip


def _go(hours: year_load.Hours, count: int, used: dict[str, float]) -> None:
    for _hour in range(count):
        for _name, work in hours.steps():
            _timed("moves", work, used)
        _timed("news", lambda: relay(at=hours.now(), limit=10**9), used)
        _timed("clocks", lambda: fire_due(at=hours.now(), limit=10**6), used)
        if hours.hour % 6 == 0:
            _timed("facts", facts.collect, used)


def _timed(name: str, work: Callable[[], object], used: dict[str, float]) -> None:
    began = time.process_time()
    work()
    used[name] = used.get(name, 0.0) + time.process_time() - began


def _rows(table: str) -> tuple[str, list[tuple[object, ...]]]:
    """What a bare insert of a table's rows needs: the statement, and the rows as they are."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} ORDER BY 1")
        names = [column[0] for column in cursor.description]
        marks = ",".join(["%s"] * len(names))
        return f"INSERT INTO {table} ({','.join(names)}) VALUES ({marks})", cursor.fetchall()


def _floor(rows: dict[str, tuple[str, list[tuple[object, ...]]]]) -> float:
    """CPU seconds of the bare driver for the same rows in the empty database, a few hundred in one transaction."""
    place.close()
    bare = place.bare("empty")
    return bare.run([
        [(sql, row) for row in found[start : start + EACH]]
        for sql, found in rows.values()
        for start in range(0, len(found), EACH)
    ])  # fmt: skip


def _bytes() -> int:
    """Bytes of the database on disk."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
        else:
            cursor.execute("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()")
        return int(cursor.fetchone()[0])


def _resident() -> int:
    """Bytes of memory that this process has now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096
