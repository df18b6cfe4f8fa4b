"""Scheduled work of the cases desk; papers are looked up again by `looking_up`."""

from __future__ import annotations

from datetime import datetime

from tongban.desks.cases import sampling
from tongban.kernel.jobs.declaration import daily, job


@job("cases.sample", every=daily(1, 30))
def draw_samples(at: datetime) -> None:
    """Draw a share of yesterday's instant approvals, to be checked by a human."""
    sampling.draw(at=at)
