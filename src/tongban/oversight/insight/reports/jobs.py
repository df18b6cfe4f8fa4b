from datetime import datetime

from tongban.kernel.jobs.declaration import daily, job
from tongban.oversight.insight.reports import keeping


@job("reports.prepare", every=daily(5, 0))
def prepare(at: datetime) -> None:
    """Reports of the month and the year, and of the ones before, before anybody asks."""
    keeping.prepare(at)
