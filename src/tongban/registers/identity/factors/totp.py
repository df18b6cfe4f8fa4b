"""Authenticator apps (TOTP, RFC 6238): 6 digits, 30 seconds, one step of clock skew either way."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp
from django.conf import settings
from django.utils.translation import gettext as _

from tongban.kernel import api as kernel
from tongban.registers.identity import ledger
from tongban.registers.identity.contracts import IdentityError
from tongban.registers.identity.factors.models import Totp
from tongban.registers.identity.factors.privileged import PRIVILEGED
from tongban.registers.identity.models import Account

STEP_SECONDS = 30
SKEW = (0, -1, 1)


def totp_of(account: Account) -> Totp | None:
    """The authenticator app in use, None when there is none or it was never confirmed."""
    return Totp.objects.filter(account=account, confirmed_at__isnull=False).first()


@kernel.writing()
def begin_totp(*, account: Account, at: datetime) -> str:
    """A secret to put into an app; in use only once :func:`confirm_totp` saw a right code.

    Asked again, the same secret is given until it is confirmed.

    :returns: the secret in Base32
    :raises IdentityError: an app is in use already
    """
    row = Totp.objects.filter(account=account).first()
    if row is None:
        row = Totp.objects.create(account=account, secret=pyotp.random_base32(), created_at=at)
    elif row.confirmed_at is not None:
        raise IdentityError(_("动态验证码已经启用。要换一部手机，请先停用再重新启用。"))
    return row.secret


@kernel.writing()
def confirm_totp(*, account: Account, code: str, at: datetime) -> None:
    """Take the app into use.

    :raises IdentityError: the code is not right, or nothing was begun
    """
    row = Totp.objects.filter(account=account, confirmed_at__isnull=True).first()
    step = _matching(row, code, at) if row else None
    if row is None or step is None:
        raise IdentityError(_("验证码不对。请看手机的时间是否自动校准，再输入最新的6位数字。"))
    row.confirmed_at, row.last_step = at, step
    row.save(update_fields=["confirmed_at", "last_step"])
    ledger.note_own(account=account, act="factor-added", at=at, data={"factor": "totp"})


@kernel.writing()
def check_totp(*, account: Account, code: str, at: datetime) -> bool:
    """Whether a code is right and was not used before. Demo accounts may use one twice in a demonstration."""
    row = totp_of(account)
    step = _matching(row, code, at) if row else None
    if row is None or step is None:
        return False
    if step <= row.last_step and not (settings.DEMO and account.demo):
        return False
    row.last_step = max(step, row.last_step)
    row.save(update_fields=["last_step"])
    return True


def demo_code(*, account: Account, at: datetime) -> str:
    """The current code of a demo account, in a demonstration only; else empty."""
    if not (settings.DEMO and account.demo):
        return ""
    row = totp_of(account)
    return pyotp.TOTP(row.secret).at(at) if row else ""


@kernel.writing()
def enrol_demo(*, at: datetime) -> None:
    """Give every demo account that must have a second factor an app, each with a secret of its own."""
    without = Account.objects.filter(demo=True, kind__in=PRIVILEGED, totp__isnull=True)
    Totp.objects.bulk_create(
        Totp(account=account, secret=pyotp.random_base32(), created_at=at, confirmed_at=at)
        for account in without
    )


def provisioning(*, account: Account, secret: str, issuer: str) -> str:
    """The ``otpauth:`` address that the QR code carries."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.username, issuer_name=issuer)


def _matching(row: Totp, code: str, at: datetime) -> int | None:
    given = "".join(code.split())
    now = int(at.timestamp()) // STEP_SECONDS
    app = pyotp.TOTP(row.secret)
    right = [now + skew for skew in SKEW if hmac.compare_digest(app.generate_otp(now + skew), given)]
    return max(right, default=None)
