"""One move on many dockets: each row gets its own answer, a refused one stops no other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tongban.kernel import api as kernel
from tongban.kernel.models import Docket

MOST = 500
URGE = "urge"


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one row. `why` and `possible` are told when it was refused."""

    number: str
    title: str
    done: bool
    state: str = ""
    why: str = ""
    possible: str = ""


def asked(values: Sequence[str]) -> list[tuple[int, int]]:
    """Docket and revision of each selected row (``12:3``); what is written otherwise is left out."""
    found = []
    for value in values[:MOST]:
        docket, _colon, revision = value.partition(":")
        if docket.isdecimal() and revision.isdecimal():
            found.append((int(docket), int(revision)))
    return list(dict.fromkeys(found))


def allowed() -> frozenset[str]:
    """Moves that may be made on many rows: those that flows declare, and urging."""
    return frozenset({URGE}).union(*(flow.bulk for flow in kernel.all_flows()))


def label(name: str) -> str:
    """The move's words, as the first flow that has it says them."""
    return next((str(flow.moves[name].label) for flow in kernel.all_flows() if name in flow.moves), name)


def perform(
    chosen: Sequence[tuple[int, int]],
    name: str,
    *,
    actor: kernel.Actor,
    at: datetime,
    key: str,
    data: dict[str, Any],
) -> list[Result]:
    """Make the move on every chosen docket, in one call; the same key again gives the same answers."""
    requests = [
        kernel.Request(docket, name, data, f"{key}:{docket}" if key else "", revision)
        for docket, revision in chosen
    ]
    answers = kernel.perform_many(requests, actor=actor, at=at)
    shown = {
        row.pk: row
        for row in Docket.objects.filter(kernel.scope(actor), pk__in=[docket for docket, _seen in chosen])
    }
    return [_result(answer, shown) for answer in answers]


def _result(answer: kernel.Done | kernel.Refused, shown: dict[int, Docket]) -> Result:
    row = shown.get(answer.docket)
    number, title = (row.number, row.title) if row else ("", "")
    if isinstance(answer, kernel.Refused):
        error = answer.error
        possible = error.possible or "、".join(words for _name, words in error.open_moves)
        return Result(number, title, False, why=error.reason, possible=possible)
    state = kernel.flow_of(row.kind).states[answer.state].label if row else ""
    return Result(answer.number, title, True, state=str(state))


def back_to(to: str, origin: str) -> str:
    """The list that the rows were chosen on."""
    base = "/work/late" if to == "late" else "/work"
    return f"{base}?{origin}" if origin else base
