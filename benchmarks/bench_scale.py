"""A move, worklist pages and the deadline scan at ten thousand and at a million open dockets."""

from __future__ import annotations

import random
import re
import sys
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.kernel import toy

from benchmarks import crowd, floor, place
from benchmarks import figures as say
from tongban.kernel import api as kernel
from tongban.kernel.clock.firing import due_clocks
from tongban.kernel.contracts import Actor, Grant
from tongban.kernel.flow import registry

ON = ("SQLite", "PostgreSQL")
CLERK = Actor("officer:1", unit="u1", grants=frozenset({Grant("clerk", "u1")}))
CITIZEN = Actor("person:1", parties=frozenset({"person:1"}))
PAGES = {
    "worklist page of a unit": (CLERK, kernel.Filters(unit="u1")),
    "worklist page of an officer": (CLERK, kernel.Filters(unit="u1", officer="officer:1")),
    "worklist page of whatever an officer sees": (CLERK, kernel.Filters()),
    "page of an applicant's things": (CITIZEN, kernel.Filters(applicant="person:1", open_only=False)),
    "page of a region": (kernel.SYSTEM, kernel.Filters(region="421202000000")),
}


class Sides:
    """The small and the large database, one at a time behind Django's connection."""

    def __init__(self, *, large: int, small: int) -> None:
        self.counts = {"small": small, "large": large}
        place.migrate()
        place.copy_as("empty")
        for name, count in self.counts.items():
            began = time.perf_counter()
            crowd.load(count)
            print(f"{count:,} dockets loaded in {time.perf_counter() - began:.0f} s", file=sys.stderr)
            place.rename_to(name)
            place.put_back("empty")

    def use(self, name: str) -> None:
        place.use(name)


def figures(*, quick: bool) -> Iterator[say.Figure]:
    registry.register(toy.make_flow())
    sides = Sides(small=10_000, large=50_000 if quick else 1_000_000)
    rounds = 3 if quick else 12
    large = f"{sides.counts['large']:,} open dockets"
    for name, (actor, filters) in PAGES.items():
        deep = _second(sides, actor, filters)
        both = _compare(sides, rounds, lambda side, a=actor, f=filters, d=deep: _page(a, f, d[side]), times=8)  # type: ignore[misc]
        yield say.flat(name, *both, note=f"{large}; pages 1 and 2; {_plan(sides, actor, filters)}")
    scan = _compare(sides, rounds, lambda _side: due_clocks(at=crowd.NOW), times=10)
    yield say.flat("deadline scan", *scan, note=f"{large}; {crowd.DUE} due")
    numbers = {name: _shuffled(count) for name, count in sides.counts.items()}
    moves = _compare(sides, rounds // 2, lambda side: _move(numbers[side]), times=70)
    yield say.flat("one move, perform", *moves, note=f"{large}, picked at random")


def _compare(
    sides: Sides, rounds: int, work: Callable[[str], object], *, times: int
) -> tuple[list[float], list[float]]:
    """CPU seconds of one piece of work on either side, in alternating rounds, each after a warm-up."""
    used: dict[str, list[float]] = {"small": [], "large": []}
    for _round in range(rounds):
        for name, found in used.items():
            sides.use(name)
            for _ in range(3):
                work(name)
            found.append(floor.cpu(lambda name=name: [work(name) for _ in range(times)]) / times)  # type: ignore[misc]
    return used["small"], used["large"]


def _page(actor: Actor, filters: kernel.Filters, second: str) -> None:
    for after in ("", second):
        assert len(kernel.page(actor, filters, after=after).rows) == 50


def _second(sides: Sides, actor: Actor, filters: kernel.Filters) -> dict[str, str]:
    found = {}
    for name in sides.counts:
        sides.use(name)
        found[name] = kernel.page(actor, filters).after
    return found


def _plan(sides: Sides, actor: Actor, filters: kernel.Filters) -> str:
    """How the database reads the page: the index, and whether it sorts."""
    sides.use("large")
    with CaptureQueriesContext(connection) as said:
        kernel.page(actor, filters)
    sql = said.captured_queries[0]["sql"]
    with connection.cursor() as cursor:
        cursor.execute(
            ("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + sql.replace("%", "%%"),
            [],
        )
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())
    indexes = sorted(set(re.findall(r"docket_\w+", plan)) - {"docket_id"})
    sorts = "SORTS" if "Sort" in plan or "TEMP B-TREE" in plan else "no sort"
    return f"{', '.join(indexes) or 'NO INDEX'}, {sorts}"


def _shuffled(count: int) -> list[int]:
    """Dockets of unit u1 in random order."""
    own = [number for number in range(1, count + 1) if number % 20 == 1 and number > crowd.DUE]
    random.Random(7).shuffle(own)
    return own


def _move(numbers: list[int]) -> None:
    kernel.perform(numbers.pop(), "take", actor=CLERK, at=crowd.NOW - timedelta(hours=1), key="k")
