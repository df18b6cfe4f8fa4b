from datetime import datetime, timedelta

from tongban.kernel import api as kernel
from tongban.kernel.contracts import SYSTEM_ID
from tongban.kernel.jobs.declaration import daily, every, job
from tongban.oversight.insight.months import checking, selectors
from tongban.oversight.insight.months.models import Check

KEPT = 400


@job("months.check", every=daily(2, 40), lease=timedelta(hours=2))
def check_nightly(at: datetime) -> None:
    """Ledger and facts are compared every night; figures that rest on altered entries are marked by the morning."""
    checking.check(Check(asked_by=SYSTEM_ID, asked_at=at), at=at)
    with kernel.writing():
        old = Check.objects.order_by("-asked_at").values_list("pk", flat=True)[KEPT:]
        Check.objects.filter(pk__in=list(old)).delete()


@job("months.check_asked", every=every(timedelta(minutes=1)), lease=timedelta(hours=2))
def check_asked(at: datetime) -> None:
    """What an officer asked to be compared."""
    if (row := selectors.waiting_check()) is not None:
        checking.check(row, at=at)
