"""Scheduled work: sessions that nobody took or in which nothing happens any more are ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from tongban.desks.remote import services
from tongban.kernel.jobs.declaration import every, job


@job("remote.end-stale", every=every(timedelta(minutes=1)))
def end_stale(at: datetime) -> None:
    """See `services.end_stale`."""
    services.end_stale(at=at)
