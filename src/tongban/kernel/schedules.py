"""The kernel's own scheduled jobs."""

from datetime import datetime, timedelta

from django.conf import settings

from tongban.kernel import store
from tongban.kernel.docket.models import Receipt
from tongban.kernel.jobs.declaration import daily, job
from tongban.kernel.ledger.services import seal
from tongban.kernel.outbox.models import Event

KEEP_RECEIPTS = timedelta(days=30)
KEEP_EVENTS = timedelta(days=30)


@job("ledger.seal", every=daily(0, 10))
def seal_ledger(at: datetime) -> None:
    """Seal what was recorded until a minute ago with a signed anchor."""
    seal(until=at - timedelta(minutes=1), at=at, folder=settings.DATA / "anchors")


@job("kernel.tidy", every=daily(3, 30))
def tidy(at: datetime) -> None:
    """Forget answers to old idempotency keys and delivered events; the ledger keeps everything."""
    with store.writing():
        Receipt.objects.filter(answered_at__lt=at - KEEP_RECEIPTS).delete()
        Event.objects.filter(delivered_at__lt=at - KEEP_EVENTS).delete()
