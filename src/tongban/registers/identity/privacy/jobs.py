"""Scheduled work of privacy."""

from datetime import datetime, timedelta

from tongban.kernel.jobs.declaration import daily, every, job
from tongban.registers.identity.privacy import exporting, retention


@job("privacy.exports", every=every(timedelta(seconds=20)))
def pack_exports(at: datetime) -> None:
    """Copies of one's own data that were asked for."""
    exporting.work(at=at)


@job("privacy.forget-exports", every=daily(3, 40))
def forget_exports(at: datetime) -> None:
    """Packages are kept for seven days."""
    exporting.forget(at=at)


@job("privacy.retention", every=daily(2, 30), lease=timedelta(hours=2))
def dispose(at: datetime) -> None:
    """Destroy what was approved, then list what has become due."""
    retention.destroy_approved(at=at)
    retention.list_due(at=at)
