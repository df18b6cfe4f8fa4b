"""Scheduled work of identity."""

from datetime import datetime, timedelta

from tongban.kernel.jobs.declaration import daily, every, job
from tongban.registers.identity import guessing
from tongban.registers.identity.factors import recovery, sessions
from tongban.registers.identity.oidc import services as oidc
from tongban.registers.identity.realname import services as realname


@job("identity.forget-failures", every=daily(3, 20))
def forget_failures(at: datetime) -> None:
    """Failed sign-ins serve the lock-out only and are deleted when they no longer count; old codes too."""
    guessing.forget_failures(before=at)
    recovery.forget_codes(before=at)
    sessions.forget_sign_ins(before=at)
    oidc.forget_grants(before=at)


@job("identity.real-names", every=every(timedelta(minutes=1)))
def check_real_names(at: datetime) -> None:
    """Ask the registers again about who could not be checked."""
    realname.check_waiting(at=at)
