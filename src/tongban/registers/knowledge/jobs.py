"""Scheduled work of the knowledge base."""

from __future__ import annotations

from datetime import datetime

from tongban.kernel.jobs.declaration import daily, job
from tongban.registers.knowledge import reviewing


@job("knowledge.review", every=daily(6, 20))
def remind(at: datetime) -> None:
    """Put entries whose review is due, or that end soon, on their owners' worklists."""
    reviewing.remind(at=at)
