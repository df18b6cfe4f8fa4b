"""Scheduled work of portraits."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F

from tongban.actors import api as actors
from tongban.kernel.jobs.declaration import daily, job
from tongban.registers.portraits.contracts import ORGANISATION
from tongban.registers.portraits.models import Portrait
from tongban.registers.portraits.services import refresh

EACH_NIGHT = 500
"""How many companies' facts are looked up anew: those that were not for the longest time."""


@job("portraits.refresh", every=daily(2, 40), lease=timedelta(minutes=30))
def refresh_oldest(at: datetime) -> None:
    """Companies only: about a person the registers are asked when there is a need, or when the person asks for it."""
    ended = actors.ended(ORGANISATION, on=actors.day_of(at))
    rows = Portrait.objects.filter(kind=ORGANISATION, gone=False).exclude(party__in=ended)
    due = rows.order_by(F("refreshed_at").asc(nulls_first=True), "pk").values_list("party", flat=True)
    for party in list(due[:EACH_NIGHT]):
        refresh(party, at=at)
