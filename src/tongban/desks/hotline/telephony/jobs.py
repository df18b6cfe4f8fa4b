"""Hear exchanges that do not tell by themselves; ring again; forget callers' numbers."""

from __future__ import annotations

from datetime import datetime, timedelta

from tongban.desks.hotline.telephony import hearing, services
from tongban.desks.hotline.telephony.contracts import ExchangeDownError, PresenceState
from tongban.desks.hotline.telephony.exchanges import exchange
from tongban.desks.hotline.telephony.models import Attendance, Call
from tongban.kernel import api as kernel
from tongban.kernel.jobs.declaration import daily, every, job

POLL = timedelta(seconds=20)
KEEP_NUMBERS = timedelta(days=3 * 365)
"""Callers' numbers and recordings' references are kept three years; the city's own figure. Counts stay."""
BATCH = 1000


@job("telephony.hear", every=every(POLL))
def hear(at: datetime) -> None:
    """What happened since the last look; then ring whoever is ready."""
    plugin = exchange()
    seated = Attendance.objects.filter(state=PresenceState.READY).values_list("station", "officer")
    ready = tuple(station or officer for station, officer in seated)
    try:
        told = plugin.poll(since=at - POLL, until=at, ready=ready)
    except ExchangeDownError:
        told = []  # the operators' banner says it; what was missed comes when the exchange is back
    if told:
        hearing.record_events(exchange=plugin.name, events=told, at=at)
    services.distribute(at=at)


@job("telephony.forget", every=daily(3, 50))
def forget(at: datetime) -> None:
    """Numbers and recordings whose time is over; in short batches."""
    old = Call.objects.filter(offered_at__lt=at - KEEP_NUMBERS).exclude(caller_index="", recording="")
    while ids := list(old.values_list("id", flat=True)[:BATCH]):
        with kernel.writing():
            Call.objects.filter(id__in=ids).update(caller="", caller_index="", recording="")
