"""One move: `perform` against the bare driver doing the same statements."""

from __future__ import annotations

from collections.abc import Iterator

from tests.kernel import toy

from benchmarks import figures as say
from benchmarks import floor, place
from tongban.kernel import api as kernel
from tongban.kernel.flow import registry

ON = ("SQLite", "PostgreSQL")
NOW = toy.at("2026-11-09 10:00")


def figures(*, quick: bool) -> Iterator[say.Figure]:
    rounds, each = (3, 10) if quick else (15, 40)
    place.migrate()
    registry.register(toy.make_flow())
    with kernel.writing():
        rows, _replayed = kernel.open_dockets(
            [toy.opening() for _ in range(rounds * each)], actor=toy.CITIZEN, at=NOW
        )
    ids = [row.id for row in rows]
    place.copy_as("before")
    place.copy_as("floor")
    recorded: list[floor.Transaction] = []
    with floor.recording(recorded) as close:
        for docket in ids:
            take(docket)
            close()
    place.put_back("before")
    bare = place.bare("floor")
    take(ids[0])  # the first use of anything is not the move's cost
    bare.run(recorded[:1])
    ours, theirs = [], []
    for start in range(1, len(ids) - 1, each):
        part = slice(start, start + each)
        ours.append(floor.cpu(lambda part=part: [take(docket) for docket in ids[part]]) / len(ids[part]))  # type: ignore[misc]
        theirs.append(bare.run(recorded[part]) / len(ids[part]))
    yield say.ratio(
        "one move, perform", ours, theirs, aim=3, defect=5, against="bare driver, the same statements",
        note=f"{len(recorded[0])} statements",
    )  # fmt: skip


def take(docket: int) -> None:
    """A move that stops one clock and starts another, under an idempotency key."""
    kernel.perform(docket, "take", actor=toy.CLERK, at=NOW, key=f"k{docket}")
