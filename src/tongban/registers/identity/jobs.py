"""Scheduled work of identity."""

from datetime import datetime

from tongban.kernel.jobs.declaration import daily, job
from tongban.registers.identity import services


@job("identity.forget-failures", every=daily(3, 20))
def forget_failures(at: datetime) -> None:
    """Failed sign-ins serve the lock-out only and are deleted when they no longer count."""
    services.forget_failures(before=at)
