"""Photos are looked at behind the submission, never during it; names are forgotten in time."""

from __future__ import annotations

from datetime import datetime, timedelta

from tongban.desks.themes.schools import keeping, services
from tongban.kernel.jobs.declaration import daily, every, job


@job("schools.photos", every=every(timedelta(seconds=5)))
def look_at_photos(at: datetime) -> None:
    """Every photo that waits."""
    while services.look_at_photos(at) == services.BATCH:
        pass


@job("schools.forget", every=daily(3, 20))
def forget_names(at: datetime) -> None:
    """Names on lists of school years that are over."""
    keeping.forget_names(at)
