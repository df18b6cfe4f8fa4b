"""A city's year at full size through the real flows, two weeks of it: moves, news, clocks and facts, beside bare inserts of the same rows.

The profile is Xianning's of 2023, driven as `tongban year replay` drives it: what units answer, the desk reviews and the
call-back hears is of tickets of the weeks before, which are not measured. A move is one ledger entry with all that follows of
it. The floor inserts the rows that are in the tables afterwards, on the bare driver, a few hundred in one transaction. How
much longer the last weeks of a year take than the first shows only a whole one (`make year`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Final

from django.db import connection

from benchmarks import figures as say
from benchmarks import place
from tongban.kernel.models import Docket, Entry
from tongban.year import services
from tongban.year.driving.collecting import Beside
from tongban.year.planning.plan import Day, Stroke

ON = ("SQLite", "PostgreSQL")
CITY: Final = "xianning-2023"
WEEK: Final = 7
MINUTES: Final = {"sqlite": 20, "postgresql": 15}
EACH: Final = 300
"""Rows of one of the floor's transactions."""
TABLES: Final = (
    "kernel_docket", "kernel_clock", "kernel_entry", "kernel_event", "kernel_event_handled", "hotline_ticket", "hotline_turn",
    "heat_mention", "telephony_call",
)  # fmt: skip


class Timed(services.Stage):
    """Knows the CPU seconds of this process by what they went to."""

    used: dict[str, float]

    def _stroke(self, stroke: Stroke, day: date) -> int:
        began = time.process_time()
        done = super()._stroke(stroke, day)
        self._count("moves", began)
        return done

    def evening(self, day: date) -> None:
        began = time.process_time()
        super().evening(day)
        self._count("news and clocks", began)

    def _count(self, name: str, began: float) -> None:
        self.used[name] = self.used.get(name, 0.0) + time.process_time() - began


def figures(*, quick: bool) -> Iterator[say.Figure]:
    place.migrate()
    run = services.begin(CITY, scale=1.0, seed=7, stocks=True)
    plan = services.plan_of(run)
    there = {name: _last(name) for name in TABLES}
    place.copy_as("empty")
    with Beside() as collector:
        stage, days = Timed(run, plan, collector), plan.days()
        stage.used = {}
        _live(stage, islice(days, WEEK))
        before, size, dockets = Entry.objects.count(), _bytes(), Docket.objects.count()
        stage.used, memory, beside = {}, [], _cpu_beside()
        began, tickets = time.perf_counter(), 0
        for _part in range(2):
            tickets += _live(stage, islice(days, 3 if quick else WEEK))
            memory.append(_resident())
        stage.used["groups and facts"] = _cpu_beside() - beside
        wall = time.perf_counter() - began
    moves, each = Entry.objects.count() - before, (_bytes() - size) / (Docket.objects.count() - dockets)
    cpu = sum(stage.used.values()) / moves
    rows = {name: _rows(name, beyond=last) for name, last in there.items()}
    floor = _floor(rows) / len(rows["kernel_entry"][1])
    parts = ", ".join(f"{name} {seconds / moves * 1e6:.0f}" for name, seconds in stage.used.items())
    yield say.ratio(
        "a move with all that follows (CPU)", [cpu], [floor], unit="µs", aim=25, against="bare inserts of the same rows",
        note=f"{tickets:,} tickets, {moves:,} moves; µs of CPU a move: {parts} (these in a process beside)",
    )  # fmt: skip
    limit, year = MINUTES[connection.vendor], plan.counts.requests
    yield say.Figure(
        "tickets a second, all in (wall)", f"{tickets / wall:,.0f}/s", aim_says=f"≥ {year / limit / 60:,.0f}/s",
        measured=tickets / wall, aim=year / limit / 60, more_is_better=True,
        note=f"{moves / wall:,.0f} moves/s; {year:,} tickets at this pace in {year * wall / tickets / 60:.0f} min, aim {limit} min",
    )  # fmt: skip
    yield say.Figure("database, a docket", f"{each / 1e3:.1f} kB")
    more = (memory[-1] / memory[0] - 1) * 100
    yield say.Figure(
        "memory after the second week against the first", f"{memory[-1] / 1e6:.0f} MB", f"{memory[0] / 1e6:.0f} MB",
        f"{more:+.0f} %", "< 15 % more", more, 15,
    )  # fmt: skip


def _live(stage: Timed, days: Iterator[Day]) -> int:
    """Let days happen with all that follows of them; gives how many tickets came in."""
    tickets, last = 0, None
    for day in days:
        stage.day(day)
        tickets, last = tickets + day.tickets, day.day
    if last:
        stage.groups_and_facts(last)
    return tickets


def _key(table: str) -> str:
    return "docket_id" if table == "hotline_ticket" else "id"


def _last(table: str) -> int:
    """The highest key that a table has."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT max({_key(table)}) FROM {table}")
        return int(cursor.fetchone()[0] or 0)


def _rows(table: str, *, beyond: int) -> tuple[str, list[tuple[object, ...]]]:
    """What a bare insert of a table's newer rows needs: the statement, and the rows as they are."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table} WHERE {_key(table)} > {beyond} ORDER BY 1")
        names = [column[0] for column in cursor.description]
        marks = ",".join(["%s"] * len(names))
        columns = ",".join(f'"{name}"' for name in names)
        return f"INSERT INTO {table} ({columns}) VALUES ({marks})", cursor.fetchall()


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


def _beside() -> list[Path]:
    """What the system tells of the processes that this one began."""
    own = Path("/proc/self/task")
    ids = [one for task in own.iterdir() for one in (task / "children").read_text(encoding="ascii").split()]
    return [Path("/proc") / one for one in ids]


def _cpu_beside() -> float:
    """Seconds of CPU that they have used."""
    ticks = [
        (one / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[11:13] for one in _beside()
    ]
    return sum(int(one) for pair in ticks for one in pair) / os.sysconf("SC_CLK_TCK")


def _resident() -> int:
    """Bytes of memory that this process and those beside it have now."""
    each = [Path("/proc/self"), *_beside()]
    pages = [int((one / "statm").read_text(encoding="ascii").split()[1]) for one in each]
    return sum(pages) * os.sysconf("SC_PAGE_SIZE")
