"""Scheduled work of the files of licences."""

from __future__ import annotations

from datetime import datetime, timedelta

from tongban.kernel.jobs.declaration import every, job
from tongban.registers.licences.paper import services


@job("licences.papers", every=every(timedelta(seconds=2)))
def make_papers(at: datetime) -> None:
    """Make the files that wait: of licences just issued, and those whose seal was away."""
    while services.make_waiting(at=at) == services.BATCH:
        pass
