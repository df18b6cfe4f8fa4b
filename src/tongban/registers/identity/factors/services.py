"""Second factors taken together: which there are, whether one is right, what is taken away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tongban.kernel import api as kernel
from tongban.kernel.contracts import Actor
from tongban.registers.identity import guessing, ledger
from tongban.registers.identity.contracts import IdentityError
from tongban.registers.identity.factors import passkeys, recovery, sessions, totp
from tongban.registers.identity.factors.models import Passkey, RecoveryCode, Totp
from tongban.registers.identity.factors.privileged import needs_second
from tongban.registers.identity.models import Account


@dataclass(frozen=True, slots=True)
class Factors:
    """What an account has beyond its password."""

    totp: bool
    passkeys: int
    codes: int

    @property
    def any(self) -> bool:
        """Whether there is a second factor; recovery codes alone are none."""
        return self.totp or self.passkeys > 0


def factors_of(account: Account) -> Factors:
    """Three small queries, at sign-in and on the security page only."""
    return Factors(
        totp=totp.totp_of(account) is not None,
        passkeys=len(passkeys.passkeys_of(account)),
        codes=recovery.codes_left(account),
    )


def prove(*, account: Account, code: str, at: datetime) -> str:
    """Check a code from the app or a recovery code.

    :returns: which it was, ``totp`` or ``recovery``
    :raises LockedError: too many wrong ones
    :raises IdentityError: wrong or used
    """
    subject = guessing.subject("second", str(account.pk))
    guessing.refuse_locked(subject, guessing.ACCOUNT_LIMIT, at)
    how = ""
    if totp.check_totp(account=account, code=code, at=at):
        how = "totp"
    elif recovery.use_code(account=account, code=code, at=at):
        how = "recovery"
        ledger.note_own(account=account, act="recovery-code-used", at=at)
    if how:
        guessing.forget(subject)
        return how
    guessing.count([subject], at)
    guessing.refuse_locked(subject, guessing.ACCOUNT_LIMIT, at)
    raise IdentityError(_("验证码不对或已用过。请输入最新的6位数字，或一个没用过的恢复码。"))


@kernel.writing()
def remove_totp(*, account: Account, at: datetime) -> None:
    """Stop using the app.

    :raises IdentityError: there is none, or it is the only second factor of somebody who must have one
    """
    found = factors_of(account)
    if not found.totp:
        raise IdentityError(_("动态验证码没有启用。"))
    _keep_one(account, found, passkeys_after=found.passkeys, totp_after=False)
    Totp.objects.filter(account=account).delete()
    ledger.note_own(account=account, act="factor-removed", at=at, data={"factor": "totp"})


@kernel.writing()
def remove_passkey(*, account: Account, passkey_id: int, at: datetime) -> None:
    """Remove a passkey.

    :raises IdentityError: not theirs, or the only second factor of somebody who must have one
    """
    found = factors_of(account)
    _keep_one(account, found, passkeys_after=found.passkeys - 1, totp_after=found.totp)
    passkeys.remove_passkey(account=account, passkey_id=passkey_id, at=at)


def _keep_one(account: Account, found: Factors, *, passkeys_after: int, totp_after: bool) -> None:
    if needs_second(account) and found.any and not (totp_after or passkeys_after > 0):
        raise IdentityError(_("工作人员必须保留一种第二步验证。请先启用另一种，再停用这一种。"))


def begin_anew(
    *, account: Account, password: str, without_factors: bool, how: str, at: datetime, by: Actor | None = None
) -> None:
    """A new password after recovery; every session ends, and on request the second factors go.

    :param how: what was proven: ``phone`` or ``admin``
    """
    account.set_password(password)  # half a second: before other writers have to wait
    actor = by or Actor(id=account.actor_id or f"account:{account.pk}")
    data = {"how": how, "factors_removed": without_factors}
    with kernel.writing():
        account.save(update_fields=["password"])
        sessions.end_others(account=account, keep=None, at=at)
        if without_factors:
            for table in (Totp, Passkey, RecoveryCode):
                table.objects.filter(account=account).delete()
        ledger.note(account=account.pk, act="recovered", actor=actor, at=at, data=data)


def change_password(*, account: Account, password: str, keep: int | None, at: datetime) -> None:
    """A new password; all sessions but `keep` end."""
    account.set_password(password)  # half a second: before other writers have to wait
    with kernel.writing():
        account.save(update_fields=["password"])
        sessions.end_others(account=account, keep=keep, at=at)
        ledger.note_own(account=account, act="password-changed", at=at)
