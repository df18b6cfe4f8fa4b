"""Every indicator over a year of facts: 2.5 million moves of tickets and as many limits, made up; DuckDB in this process, months packed.

What is measured is a question nobody asked before: the engine opens its files anew each time, nothing counted is kept. The floor is
the same question written by hand over the same files.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from statistics import median

import numpy as np
import pyarrow as pa

from benchmarks import figures as say
from tongban.oversight.insight import packs
from tongban.oversight.insight.contracts import Period
from tongban.oversight.insight.counting import Asked, count
from tongban.oversight.insight.engine import engine
from tongban.oversight.insight.facts import api as facts
from tongban.oversight.insight.facts import storing

ON = ("SQLite",)
FIRST, DAYS = date(2026, 1, 1), 365
TICKETS = 990
"""Of a day: 361,350 in the year."""
ACTS = ("take", "dispatch", "sign", "reply", "review", "call_back", "close")
LIMITS = ("dispatch", "sign", "handle")
UNITS = tuple(
    f"4212{county:02}-{name}" for county in range(9) for name in ("cgj", "rsj", "zjj", "jyj", "jtj", "gaj", "wjw", "scjg")
)  # fmt: skip
BY_HAND = """
SELECT count(*) FILTER (said['solved'] IN ('yes', 'partly')), count(*) FILTER (said['solved'] IN ('yes', 'partly', 'no'))
FROM read_parquet({files}) WHERE kind = 'ticket' AND act IN ('call_back', 'rate')
"""


def figures(*, quick: bool) -> Iterator[say.Figure]:
    days = 31 if quick else DAYS
    chance = np.random.default_rng(7)
    for number in range(days):
        _day(FIRST + timedelta(days=number), chance)
    began = time.perf_counter()
    packed = facts.pack(facts.folder())
    packing = time.perf_counter() - began
    year = Period(FIRST, FIRST + timedelta(days=days - 1))
    found = packs.indicators()
    _time(
        [Asked("", 1, found["hotline.lines"].formula)], year
    )  # the first use of anything is not a question's cost
    times = {key: _time([Asked(key, 1, one.formula)], year) for key, one in found.items()}
    slowest = sorted(times, key=lambda key: -times[key])
    told = ", ".join(f"{key} {times[key] * 1e3:.0f}" for key in slowest[:5])
    yield say.below(
        "the slowest indicator over a year (wall)", times[slowest[0]], most_ms=500,
        note=f"{len(found)} indicators, median {median(times.values()) * 1e3:.0f} ms; {told}",
    )  # fmt: skip
    one = "hotline.solved"
    ours = [_time([Asked(one, 1, found[one].formula)], year) for _round in range(5)]
    yield say.ratio(
        f"{one} over a year (wall)",
        ours,
        [_by_hand(year) for _round in range(5)],
        aim=2,
        against="SQL by hand",
    )
    last = Period((year.last.replace(day=1)), year.last)
    every = [Asked(key, 1, indicator.formula) for key, indicator in found.items()]
    yield say.below(
        "every indicator of the last month at once (wall)", median(_time(every, last) for _round in range(3)), most_ms=500,
        note=f"{packed} months packed in {packing:.1f} s",
    )  # fmt: skip


def _time(asked: list[Asked], period: Period) -> float:
    began = time.perf_counter()
    count(asked, period=period)
    return time.perf_counter() - began


def _by_hand(period: Period) -> float:
    files = [str(path) for path in facts.files(facts.folder(), "moves", period.first, period.last)]
    began = time.perf_counter()
    with engine() as connection:
        connection.raw_sql(BY_HAND.format(files=files)).fetchall()
    return time.perf_counter() - began


def _day(day: date, chance: np.random.Generator) -> None:
    """The facts of a day's tickets, each from being taken to being closed."""
    midnight = datetime.combine(day, datetime.min.time(), tzinfo=UTC)
    opened = np.datetime64(midnight.replace(tzinfo=None), "us") + chance.integers(0, 900, TICKETS).astype(
        "timedelta64[m]"
    )
    tickets = {
        "stream": np.array([f"T421202-{day:%y%m%d}-{n:05}-X" for n in range(TICKETS)]), "kind": np.full(TICKETS, "ticket"),
        "unit": chance.choice(UNITS, TICKETS), "region": np.full(TICKETS, "421202000000"),
        "channel": chance.choice(("phone",) * 9 + ("web",), TICKETS), "subject": np.full(TICKETS, ""),
        "party": np.full(TICKETS, "person"), "parent": np.full(TICKETS, ""), "opened_at": opened,
    }  # fmt: skip
    _write("moves", day, _moves(tickets, chance), len(ACTS))
    _write("clocks", day, _clocks(tickets, chance), 2 * len(LIMITS))


def _moves(tickets: dict[str, np.ndarray], chance: np.random.Generator) -> dict[str, object]:
    each = len(ACTS)
    rows = {name: np.repeat(column, each) for name, column in tickets.items()}
    act = np.tile(ACTS, TICKETS)
    at = rows["opened_at"] + np.tile(np.arange(each) * 60, TICKETS).astype("timedelta64[m]")
    said = []
    for n in range(TICKETS):
        unit = str(tickets["unit"][n])
        heard = {"satisfaction": str(chance.choice(("very", "satisfied", "unsatisfied"))), "operator": "very"}
        heard |= {"solved": str(chance.choice(("yes", "no"))), "unit": unit}
        taken = {"channel": "phone", "kind": "help", "urgency": "ordinary", "category": "城市管理/照明"}
        said += [list(words.items()) for words in (taken, {"unit": unit}, {}, {}, {}, heard, {})]
    return rows | {
        "sequence": np.tile(np.arange(1, each + 1), TICKETS), "act": act, "before": np.full(len(act), "x"),
        "after": np.where(act == "close", "closed", act), "outcome": np.where(act == "close", "closed", ""),
        "by": np.full(len(act), "officer"), "by_unit": np.full(len(act), "421200-dsj"), "delegated": np.zeros(len(act), bool),
        "said": said, "at": at, "recorded_at": at,
    }  # fmt: skip


def _clocks(tickets: dict[str, np.ndarray], chance: np.random.Generator) -> dict[str, object]:
    each = 2 * len(LIMITS)
    rows = {name: np.repeat(column, each) for name, column in tickets.items()}
    ended = np.tile((False, True), TICKETS * len(LIMITS))
    outcome = np.where(ended, np.where(chance.random(len(ended)) < 0.98, "kept", "missed"), "")
    return rows | {
        "sequence": np.tile(np.arange(2, each + 2), TICKETS), "name": np.tile(np.repeat(LIMITS, 2), TICKETS),
        "whose": np.full(len(ended), "unit"), "ended": ended, "outcome": outcome, "started_at": rows["opened_at"],
        "due_at": rows["opened_at"], "extended": np.zeros(len(ended), int), "at": rows["opened_at"], "recorded_at": rows["opened_at"],
    }  # fmt: skip


def _write(table: str, day: date, columns: dict[str, object], each: int) -> None:
    schema = storing.TABLES[table]
    columns["day"] = np.full(TICKETS * each, np.datetime64(day))
    arrays = [
        pa.array(columns[field.name], type=field.type if pa.types.is_map(field.type) else None).cast(
            field.type
        )
        for field in schema
    ]
    rows = pa.Table.from_arrays(arrays, schema=schema)
    storing.write(storing.file_of(facts.folder(), table, day), rows)
