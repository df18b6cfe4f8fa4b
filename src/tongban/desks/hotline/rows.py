"""A ticket's own row and its units' turns as moves read and write them: few columns, prepared queries, plain SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tongban.desks.hotline.models import Ticket, Turn
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step
from tongban.kernel.prepared import Prepared

TICKETS, TURNS = "hotline_ticket", "hotline_turn"


@dataclass(slots=True)
class Own:
    """What moves need of a ticket. The text only where a reply is held against it, the caller never."""

    docket: int
    kind: str
    urgency: str
    title: str
    matter: str
    lead: str
    final_unit: str
    returns: int
    reopened: int
    delays: int
    delay_days: int
    delay_asked_at: datetime | None
    urged: int
    attempts: int
    satisfaction: str
    solved: str
    confidential: bool
    dispatched_at: datetime | None
    signed_at: datetime | None
    replied_by: str
    findings: str
    category: str
    turns: list[Leg] | None = None
    """The turns with it, the latest first, once they were read."""
    children: list[kernel.DocketRow] | None = None
    """Dockets of those who help, once they were read."""
    asked: tuple[str, str, str] | None = None
    """What was told, its kind and the caller's name, read for moves that bring a reply."""


@dataclass(frozen=True, slots=True)
class Leg:
    """A unit's turn as it stands."""

    id: int
    unit: str
    sender: str
    part: str
    sent_at: datetime
    signed_at: datetime | None
    returned_at: datetime | None
    ended_at: datetime | None


_NAMES = (
    "docket_id", "kind", "urgency", "title", "matter", "lead", "final_unit", "returns", "reopened", "delays", "delay_days",
    "delay_asked_at", "urged", "attempts", "satisfaction", "solved", "confidential", "dispatched_at", "signed_at", "replied_by",
    "findings", "category",
)  # fmt: skip
_LEG = ("id", "unit", "sender", "part", "sent_at", "signed_at", "returned_at", "ended_at")


def _one(docket: int) -> QuerySet[Ticket, Any]:
    return Ticket.objects.filter(pk=docket).values_list(*_NAMES)


def _turns(docket: int) -> QuerySet[Turn, Any]:
    return Turn.objects.filter(docket=docket).order_by("-id").values_list(*_LEG)


_OWN = Prepared(_one, docket=int)
_TURNS = Prepared(_turns, docket=int)


def owns(dockets: Collection[int]) -> dict[int, Own]:
    """The rows of tickets, by docket; one query."""
    found = (
        _OWN(docket=next(iter(dockets)))
        if len(dockets) == 1
        else Ticket.objects.filter(docket__id__among=dockets).values_list(*_NAMES)
    )
    return {row[0]: Own(*row) for row in found}


def turns_of(dockets: Collection[int]) -> dict[int, list[Leg]]:
    """The turns with tickets, by docket, the latest first; one query."""
    found: dict[int, list[Leg]] = {docket: [] for docket in dockets}
    if len(found) == 1:
        (docket,) = found
        found[docket] = [Leg(*row) for row in _TURNS(docket=docket)]
    elif found:
        rows = Turn.objects.filter(docket__id__among=dockets).order_by("-id")
        for docket, *row in rows.values_list("docket_id", *_LEG):
            found[docket].append(Leg(*row))
    return found


def read_turns(steps: Sequence[Step]) -> None:
    """Read the turns with all these tickets at once, for moves that need them."""
    found = turns_of([step.docket.id for step in steps])
    for step in steps:
        step.own.turns = found[step.docket.id]


def legs(step: Step) -> list[Leg]:
    """The turns with a ticket as they were before the move, the latest first."""
    if step.own.turns is None:
        read_turns([step])
    found: list[Leg] = step.own.turns
    return found


def open_leg(step: Step, unit: str) -> Leg | None:
    """The turn that a unit has now, none for who only judges or reviews."""
    return open_among(legs(step), unit)


def open_among(turns: Sequence[Leg], unit: str) -> Leg | None:
    """The turn among some that a unit has now."""
    return next((leg for leg in turns if leg.unit == unit and leg.ended_at is None), None)


def change(step: Step, **columns: Any) -> None:
    """Write columns of the ticket's row."""
    step.change(TICKETS, {"docket_id": step.docket.id}, **columns)


def change_leg(step: Step, leg: int, **columns: Any) -> None:
    """Write columns of a turn."""
    step.change(TURNS, {"id": leg}, **columns)


def begin_turn(
    step: Step, unit: str, *, sender: str, part: str, opinion: str = "", signed_at: datetime | None = None
) -> None:
    """A unit's turn begins with this move; when it has to sign is on the docket's clock."""
    step.add(
        TURNS, docket_id=step.docket.id, unit=unit, sender=sender, part=part, sent_at=step.at, signed_at=signed_at,
        opinion=opinion, said="", late=False,
    )  # fmt: skip


def sign_turn(step: Step) -> None:
    """The unit has signed for its turn, unless it had before."""
    where = {"docket_id": step.docket.id, "unit": step.docket.unit, "ended_at": None, "signed_at": None}
    step.change(TURNS, where, signed_at=step.at)


def end_turns(step: Step) -> None:
    """Nobody has a turn any more."""
    step.change(TURNS, {"docket_id": step.docket.id, "ended_at": None}, ended_at=step.at)
