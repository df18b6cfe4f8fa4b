"""A one-thing submission against the same statements, and against a hand-written loop, on the bare driver."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import city, floor, place
from benchmarks import figures as say
from tongban.desks.cases.api import submit
from tongban.desks.cases.contracts import Submission

ON = ("SQLite", "PostgreSQL")


def figures(*, quick: bool) -> Iterator[say.Figure]:
    rounds, each = (3, 4) if quick else (15, 12)
    place.migrate()
    city.load()
    asked = city.submission(city.plan())
    keys = [f"k{number}" for number in range(rounds * each + 1)]
    place.copy_as("before")
    place.copy_as("floor")
    place.copy_as("loop")
    recorded: list[floor.Transaction] = []
    with floor.recording(recorded) as close:
        for key in keys:
            send(asked, key)
            close()
    place.put_back("before")
    bare = place.bare("floor")
    send(asked, keys[0])
    bare.run(recorded[:1])
    place.close()
    loop = place.bare("loop")
    by_hand = [floor.row_by_row(one) for one in recorded]
    loop.run(by_hand[:1])
    ours, theirs, loops = [], [], []
    for start in range(1, len(keys), each):
        part = slice(start, start + each)
        ours.append(floor.cpu(lambda part=part: [send(asked, key) for key in keys[part]]) / each)  # type: ignore[misc]
        theirs.append(bare.run(recorded[part]) / each)
        loops.append(loop.run(by_hand[part]) / each)
    what = f"{len(asked.cases)} cases, {len(asked.materials)} papers, {len(recorded[0])} statements"
    yield say.ratio(
        "one-thing submission", ours, theirs, aim=3, defect=5, against="bare driver, the same statements", note=what,
    )  # fmt: skip
    rows = f"{len(by_hand[1])} rows written"
    yield say.ratio(
        "one-thing submission", ours, loops, aim=3, defect=5, against="hand-written loop, bare driver", note=rows,
    )  # fmt: skip


def send(asked: Submission, key: str) -> None:
    submit(asked, actor=city.APPLICANT, at=city.AT, key=key)
