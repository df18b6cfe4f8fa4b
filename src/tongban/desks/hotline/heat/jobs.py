from datetime import datetime, timedelta

from tongban.desks.hotline.heat import services
from tongban.kernel.jobs.declaration import every, job


@job("heat.place", every=every(timedelta(seconds=5)))
def place(at: datetime) -> None:
    """What came in is placed among what others told, and warnings are raised."""
    services.place_waiting(at=at, at_once=services.FEW)
