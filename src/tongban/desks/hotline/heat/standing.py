"""How the tickets of an affair stand."""

from __future__ import annotations

from django.db.models import QuerySet

from tongban.desks.hotline.contracts import OPEN_STATES, TicketState
from tongban.desks.hotline.heat.models import Mention
from tongban.kernel.models import Docket

TO_ANSWER = tuple(
    state.value
    for state in OPEN_STATES
    if state not in {TicketState.REPLIED, TicketState.REVIEWED, TicketState.CALLED_BACK}
)


def tickets_of(affair: int) -> QuerySet[Docket]:
    """The dockets of the tickets in the group that an affair warns of."""
    groups = Mention.objects.filter(
        docket__links_out__target=affair, docket__links_out__kind="grouped", out=False
    )
    return Docket.objects.filter(pk__in=groups.values("docket_id")).order_by("pk")


def unanswered(affair: int) -> int:
    """How many of its tickets still wait for an answer."""
    return tickets_of(affair).filter(state__in=TO_ANSWER).count()
