from datetime import datetime, timedelta

from tongban.kernel.jobs.declaration import every, job
from tongban.oversight.insight.facts import services


@job("facts.collect", every=every(timedelta(minutes=1)))
def collect(_at: datetime) -> None:
    """What happened in the last minute becomes facts."""
    services.collect()
