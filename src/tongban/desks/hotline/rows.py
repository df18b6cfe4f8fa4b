"""A ticket's own row and its units' turns as moves read and write them: few columns, prepared queries, plain SQL."""

from __future__ import annotations

from collections.abc import Iterable
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
    """What moves need of a ticket. Never the text, never the caller."""

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


def _legs(docket: int) -> QuerySet[Turn, Any]:
    return Turn.objects.filter(docket=docket).order_by("-id").values_list(*_LEG)


_OWN = Prepared(_one, docket=int)
_TURNS = Prepared(_legs, docket=int)


def owns(dockets: Iterable[int]) -> dict[int, Own]:
    """The rows of tickets, by docket; one query."""
    wanted = list(dockets)
    found = (
        _OWN(docket=wanted[0])
        if len(wanted) == 1
        else Ticket.objects.filter(pk__in=wanted).values_list(*_NAMES)
    )
    return {row[0]: Own(*row) for row in found}


def legs(docket: int) -> list[Leg]:
    """The turns with a ticket, the latest first."""
    return [Leg(*row) for row in _TURNS(docket=docket)]


def open_leg(docket: int, unit: str) -> Leg | None:
    """The turn that a unit has now, none for who only judges or reviews."""
    return next((leg for leg in legs(docket) if leg.unit == unit and leg.ended_at is None), None)


def change(docket: int, **columns: Any) -> None:
    """Write columns of a ticket's row."""
    kernel.update_rows(TICKETS, columns, where={"docket_id": docket})


def change_leg(leg: int, **columns: Any) -> None:
    """Write columns of a turn."""
    kernel.update_rows(TURNS, columns, where={"id": leg})


def begin_turn(step: Step, unit: str, *, sender: str, part: str, opinion: str = "") -> None:
    """A unit's turn begins with this move; when it has to sign is on the docket's clock."""
    columns = ("docket_id", "unit", "sender", "part", "sent_at", "opinion", "said", "late")
    kernel.insert_rows(TURNS, columns, [(step.docket.id, unit, sender, part, step.at, opinion, "", False)])


def end_turns(step: Step) -> None:
    """Nobody has a turn any more."""
    kernel.update_rows(TURNS, {"ended_at": step.at}, where={"docket_id": step.docket.id, "ended_at": None})
