"""What the moves of a ticket do beyond its state."""

from __future__ import annotations

from tongban.desks.hotline.flow import TICKET
from tongban.desks.hotline.models import Ticket
from tongban.kernel.flow.step import Step


@TICKET.prepares
def _prepare(steps: list[Step]) -> None:
    found = Ticket.objects.in_bulk([step.docket.id for step in steps])
    for step in steps:
        step.own = found[step.docket.id]
