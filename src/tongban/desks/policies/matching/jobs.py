"""Scheduled work of matching."""

from __future__ import annotations

from datetime import datetime, timedelta

from tongban.desks.policies.matching import keeping, running
from tongban.desks.policies.matching.contracts import Cause
from tongban.desks.policies.matching.telling import services as telling
from tongban.kernel.jobs.declaration import daily, every, job
from tongban.registers.portraits.contracts import KINDS


@job("matching.work", every=every(timedelta(seconds=5)), lease=timedelta(minutes=30))
def work(at: datetime) -> None:
    """Whose portrait changed is matched and told; runs that were asked for are carried out."""
    telling.tell_parties(running.renew(at=at), at=at)
    running.work(at=at)


@job("matching.night", every=daily(3, 10))
def night(at: datetime) -> None:
    """Everybody anew, as the new day sees it; what is no longer needed goes."""
    for kind in KINDS:
        running.ask(kind, cause=Cause.NIGHT, at=at)
    keeping.clear(at=at)


@job("matching.tell", every=daily(9, 0), lease=timedelta(hours=2))
def tell(at: datetime) -> None:
    """What is news to whom, once a morning."""
    telling.tell_everybody(at, apart=True)
