"""Scheduled work of messages."""

from datetime import datetime, timedelta

from tongban.kernel.jobs.declaration import every, job
from tongban.registers.messages import services


@job("messages.deliver", every=every(timedelta(seconds=15)))
def deliver(at: datetime) -> None:
    """Hand what is due to the channels."""
    services.deliver_due(at=at)


@job("messages.serve", every=every(timedelta(minutes=10)))
def serve(at: datetime) -> None:
    """Note what counts as served because it lay unread long enough."""
    services.serve_unread(at=at)
