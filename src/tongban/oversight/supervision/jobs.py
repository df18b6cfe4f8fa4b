"""Scheduled work of supervision."""

from __future__ import annotations

from datetime import datetime, timedelta

from tongban.kernel.jobs.declaration import every, job
from tongban.oversight.supervision import marking, telling


@job("supervision.watch", every=every(timedelta(minutes=5)))
def watch(at: datetime) -> None:
    """Mark what is near or late, and tell the line."""
    marking.scan(at=at)
    telling.tell_due(at=at)
