from datetime import datetime, timedelta

from tongban.kernel.jobs.declaration import daily, every, job
from tongban.oversight.insight.subscriptions import services


@job("subscriptions.published", every=every(timedelta(minutes=1)), lease=timedelta(minutes=30))
def tell_published(at: datetime) -> None:
    """Who wants to know of a month that was published or corrected."""
    del at
    services.tell_waiting()


@job("subscriptions.crossed", every=daily(7, 30), lease=timedelta(minutes=30))
def tell_crossed(at: datetime) -> None:
    """In the morning, whose figure of this month has missed its target or crossed a limit."""
    services.tell_crossed(at=at)
