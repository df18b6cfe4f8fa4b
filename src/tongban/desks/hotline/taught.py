"""What dispatches teach: closed tickets whose category a dispatch confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongban.desks.hotline.contracts import TicketKind, TicketState
from tongban.desks.hotline.models import Ticket


@dataclass(frozen=True, slots=True, repr=False)
class Taught:
    """Title, text, category and matter of one ticket; nothing of its caller. The repr tells no text."""

    title: str
    text: str
    category: str
    matter: str

    def __repr__(self) -> str:
        return f"Taught({self.category})"


def taught(since: datetime, *, most: int) -> list[Taught]:
    """Tickets opened since an instant, newest first. Confidential ones and what was nobody's business teach nothing."""
    found = (
        Ticket.objects.filter(
            docket__opened_at__gte=since, docket__state=TicketState.CLOSED, confidential=False,
            dispatched_at__isnull=False,
        )
        .exclude(category="")
        .exclude(kind=TicketKind.INVALID)
        .order_by("-docket_id")
        .values_list("title", "text", "category", "matter")[:most]
    )  # fmt: skip
    return [Taught(*row) for row in found.iterator()]
