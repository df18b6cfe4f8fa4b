"""Scheduled work of exchange."""

from datetime import datetime

from tongban.kernel.jobs.declaration import daily, job
from tongban.registers.exchange import services


@job("exchange.forget", every=daily(3, 40))
def forget_old(at: datetime) -> None:
    """What registers told for a draft is kept one day."""
    services.forget_old(at=at)
