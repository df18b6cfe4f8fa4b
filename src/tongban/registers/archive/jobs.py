"""Scheduled work of the archive."""

from datetime import datetime

from tongban.kernel.jobs.declaration import daily, job
from tongban.registers.archive import services


@job("archive.closed", every=daily(2, 10))
def archive_closed(at: datetime) -> None:
    """Archive what was closed long enough ago (国务院令第716号 第十二条: in time)."""
    services.archive_closed(at=at)
