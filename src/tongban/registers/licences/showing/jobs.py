"""Scheduled work of showing."""

from __future__ import annotations

from datetime import datetime

from tongban.kernel.jobs.declaration import daily, job
from tongban.registers.licences.showing import services


@job("licences.forget-codes", every=daily(3, 40))
def forget_codes(at: datetime) -> None:
    """Codes that ended more than a day ago are deleted; what was seen with them stays."""
    services.forget_codes(before=at)
