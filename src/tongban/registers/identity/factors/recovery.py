"""Codes for when a factor is lost: ten on paper, one to the phone, one from the admin of an officer's unit."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from tongban.kernel import api as kernel
from tongban.kernel.contracts import Actor
from tongban.kernel.privacy import blind_index
from tongban.registers.identity import ledger
from tongban.registers.identity.contracts import IdentityError
from tongban.registers.identity.factors.models import HandedReset, PhoneCode, RecoveryCode
from tongban.registers.identity.models import Account

CODES = 10
CODE_BYTES = 7
PHONE_CODE_FOR = timedelta(minutes=5)
PHONE_CODE_TRIES = 5
PHONE_CODE_PAUSE = timedelta(seconds=60)
PHONE_CODES_A_DAY = 10
HANDED_FOR = timedelta(hours=24)


# Recovery codes ----------------------------------------------------------------------------


@kernel.writing()
def new_codes(*, account: Account, at: datetime) -> list[str]:
    """Ten new codes, shown once; earlier ones no longer work."""
    codes = [_readable(secrets.token_bytes(CODE_BYTES)) for _each in range(CODES)]
    RecoveryCode.objects.filter(account=account).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(account=account, digest=_digest(account, code)) for code in codes
    )
    ledger.note_own(account=account, act="recovery-codes-made", at=at)
    return codes


@kernel.writing()
def use_code(*, account: Account, code: str, at: datetime) -> bool:
    """Whether this is one of the account's unused codes; it is used up then."""
    used = RecoveryCode.objects.filter(
        account=account, digest=_digest(account, code), used_at__isnull=True
    ).update(used_at=at)
    return bool(used)


def codes_left(account: Account) -> int:
    """How many recovery codes still work."""
    return RecoveryCode.objects.filter(account=account, used_at__isnull=True).count()


def _readable(raw: bytes) -> str:
    text = base64.b32encode(raw).decode().rstrip("=").lower()
    return f"{text[:6]}-{text[6:]}"


def _digest(account: Account, code: str) -> str:
    return blind_index(f"{account.pk}:{code.replace('-', '')}", purpose="recovery-code")


# Codes to a phone --------------------------------------------------------------------------


@kernel.writing()
def new_phone_code(*, purpose: str, phone: str, at: datetime) -> str:
    """A code of six digits for a phone; an earlier one for the same purpose no longer works.

    :raises IdentityError: the last one is not a minute old, or ten were sent within a day
    """
    subject = _subject(purpose, phone)
    sent = list(
        PhoneCode.objects.filter(subject=subject, sent_at__gt=at - timedelta(days=1)).values_list(
            "sent_at", flat=True
        )
    )
    if sent and max(sent) > at - PHONE_CODE_PAUSE:
        raise IdentityError(_("验证码刚发过，请等1分钟再要一次。"))
    if len(sent) >= PHONE_CODES_A_DAY:
        raise IdentityError(_("今天发的验证码太多了，请明天再试，或带身份证到综合窗口办理。"))
    PhoneCode.objects.filter(subject=subject, used_at__isnull=True).update(used_at=at)
    code = f"{secrets.randbelow(1_000_000):06}"
    PhoneCode.objects.create(
        subject=subject,
        digest=blind_index(f"{subject}:{code}", purpose="phone-code"),
        sent_at=at,
        expires_at=at + PHONE_CODE_FOR,
    )
    return code


@kernel.writing()
def use_phone_code(*, purpose: str, phone: str, code: str, at: datetime) -> bool:
    """Whether the code is the one sent last to this phone for this purpose; five tries, five minutes."""
    subject = _subject(purpose, phone)
    row = (
        PhoneCode.objects.filter(subject=subject, used_at__isnull=True, expires_at__gt=at)
        .order_by("-pk")
        .first()
    )
    if row is None or row.tries >= PHONE_CODE_TRIES:
        return False
    row.tries += 1
    right = secrets.compare_digest(row.digest, blind_index(f"{subject}:{code}", purpose="phone-code"))
    if right:
        row.used_at = at
    row.save(update_fields=["tries", "used_at"])
    return right


def _subject(purpose: str, phone: str) -> str:
    return blind_index(f"{purpose}:{phone}", purpose="phone-code")


def forget_codes(*, before: datetime) -> int:
    """Delete codes to phones that count for nothing any more; tells how many."""
    deleted, _tables = PhoneCode.objects.filter(sent_at__lt=before - timedelta(days=1)).delete()
    return deleted


# From the unit's admin ---------------------------------------------------------------------


@kernel.writing()
def hand_reset(*, account: Account, by: Actor, at: datetime) -> str:
    """A code that the unit's admin gives an officer in person; it works once, for a day. Shown once."""
    HandedReset.objects.filter(account=account, used_at__isnull=True).update(used_at=at)
    code = _readable(secrets.token_bytes(CODE_BYTES + 3))
    HandedReset.objects.create(
        account=account,
        digest=blind_index(code.replace("-", ""), purpose="handed-reset"),
        issued_by=by.id,
        issued_at=at,
        expires_at=at + HANDED_FOR,
    )
    ledger.note(account=account.pk, act="reset-handed", actor=by, at=at)
    return code


@kernel.writing()
def use_handed_reset(*, username: str, code: str, at: datetime) -> Account | None:
    """The account that a handed code opens, once; None when it is not right or too old."""
    digest = blind_index(code.replace("-", ""), purpose="handed-reset")
    row = (
        HandedReset.objects.select_related("account")
        .filter(digest=digest, used_at__isnull=True, expires_at__gt=at, account__is_active=True)
        .first()
    )
    if row is None or row.account.username != username.strip():
        return None
    row.used_at = at
    row.save(update_fields=["used_at"])
    return row.account
