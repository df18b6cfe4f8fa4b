"""Tickets of many calls noted at once, and calls found by the exchange's own ids."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tongban.desks.hotline.telephony.models import Call, CallTicket
from tongban.kernel import api as kernel

AT_A_TIME = 500


def ids_of(references: Sequence[str], *, exchange: str) -> dict[str, int]:
    """The ids of calls by the exchange's ids of them; those it never told of are left out."""
    found: dict[str, int] = {}
    for first in range(0, len(references), AT_A_TIME):
        rows = Call.objects.filter(exchange=exchange, reference__in=references[first : first + AT_A_TIME])
        found |= dict(rows.values_list("reference", "pk"))
    return found


def link_tickets(pairs: Sequence[tuple[int, str]], *, at: datetime) -> None:
    """Note in which calls tickets were opened, (call, number of the ticket); again changes nothing."""
    with kernel.writing():
        CallTicket.objects.bulk_create(
            [CallTicket(call_id=call, ticket=ticket, at=at) for call, ticket in pairs], ignore_conflicts=True
        )
