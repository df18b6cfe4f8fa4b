"""Scheduled work of policies."""

from __future__ import annotations

from datetime import datetime

from tongban.desks.policies import services
from tongban.kernel.jobs.declaration import daily, job


@job("policies.expire", every=daily(0, 20))
def expire(at: datetime) -> None:
    """Close policies whose last day is over: nothing is given under them any more."""
    services.expire(at=at)
