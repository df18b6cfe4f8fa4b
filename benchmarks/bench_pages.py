"""Pages people see most: server CPU and statements of each, in the demo city."""

from __future__ import annotations

import time
from collections.abc import Iterator
from statistics import median

from django.core.management import call_command

from benchmarks import city, floor, place
from benchmarks import figures as say
from benchmarks.visitor import visitor
from tongban.desks.cases.api import submit
from tongban.kernel import api as kernel

MOST_MS = 30


def figures(*, quick: bool) -> Iterator[say.Figure]:
    place.migrate()
    call_command("demo", "load", verbosity=0)
    receipt = submit(city.submission(city.plan()), actor=city.APPLICANT, at=city.AT, key="bench")
    children = kernel.children_of([receipt.docket], actor=kernel.SYSTEM)[receipt.docket]
    case = next(row for row in children if row.unit == "421202-scjg")
    pages = (
        ("portal home", "", "/"),
        ("portal home, signed in", "zhang", "/"),
        ("guide of a matter", "", "/matters/0103100200"),
        ("theme, first page", "", "/themes/open-restaurant"),
        ("search", "", "/search?q=开饭馆"),
        ("my things", "zhang", "/my"),
        ("my application", "zhang", f"/my/{receipt.number}"),
        ("worklist", "scjg", "/work?view=unit"),
        ("docket page of an officer", "scjg", f"/work/{case.number}"),
    )
    for name, user, address in pages:
        yield _page(name, user, address, times=5 if quick else 40)


def _page(name: str, user: str, address: str, *, times: int) -> say.Figure:
    client = visitor(user)
    for _ in range(3):
        answer = client.get(address)
    if answer.status_code != 200:
        return say.Figure(
            name,
            f"answers {answer.status_code}",
            measured=1e9,
            aim=MOST_MS,
            note=address.split("?", maxsplit=1)[0],
        )
    said: list[floor.Transaction] = []
    with floor.recording(said) as close:
        client.get(address)
        close()
    used = []
    for _ in range(times):
        began = time.process_time()
        client.get(address)
        used.append(time.process_time() - began)
    size = len(answer.content) / 1024
    return say.below(name, median(used), most_ms=MOST_MS, note=f"{len(said[0])} statements, {size:.0f} KB")
