"""Scheduled work of payments."""

from __future__ import annotations

from datetime import datetime, timedelta

from tongban.kernel.jobs.declaration import daily, every, job
from tongban.registers.payments import collecting, paying_out, receipts, reconciling, refunds
from tongban.registers.payments.contracts import PaymentsError


@job("payments.move", every=every(timedelta(seconds=20)))
def move(at: datetime) -> None:
    """Send what is approved, ask after what was not answered, make the receipts that wait."""
    collecting.ask_open(at=at)
    refunds.send_due(at=at)
    paying_out.ask_unanswered(at=at)
    while paying_out.send_due(at=at) == paying_out.CHUNK:
        continue
    receipts.make_waiting(at=at)


@job("payments.reconcile", every=daily(5, 30))
def reconcile(at: datetime) -> None:
    """Compare yesterday's statement, and earlier days that could not be compared."""
    try:
        reconciling.reconcile_yesterday(at=at)
    except PaymentsError:
        return  # the provider is away: the next run begins with the oldest day
