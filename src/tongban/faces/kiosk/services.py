"""Codes of kiosks: made on the phone of who is signed in there, used once at the machine."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from tongban.faces.kiosk.models import KioskCode
from tongban.kernel import api as kernel
from tongban.kernel.privacy import blind_index
from tongban.registers.identity import api as identity

CODE_FOR = timedelta(minutes=2)
DIGITS = 8
WRONG_CODES = 5
"""Wrong codes from one machine within a quarter of an hour; with eight digits nobody guesses one."""


@dataclass(frozen=True, slots=True)
class Made:
    """A code to be read out once; `expires_at` is its end."""

    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose code it was: the account, and in whose name it asks."""

    account: int
    party: str


class KioskRefused(Exception):  # noqa: N818 - an answer to the citizen, not a fault
    """A code that opens nothing; says what is possible."""


def make_code(*, account: int, party: str, actor: kernel.Actor, at: datetime) -> Made:
    """A new code for an account; an earlier one ends. Written into the ledger without the code."""
    code = "".join(secrets.choice("0123456789") for _place in range(DIGITS))
    with kernel.writing():
        KioskCode.objects.filter(expires_at__lte=at).delete()
        KioskCode.objects.update_or_create(
            account=account,
            defaults={"index": _index(code), "party": party, "expires_at": at + CODE_FOR},
        )
        kernel.record(stream=f"kiosk:{actor.id}", act="code-made", actor=actor, at=at, data={"party": party})
    return Made(code, at + CODE_FOR)


def use_code(code: str, *, place: str, at: datetime) -> Owner:
    """Take a code; it opens one session only.

    :param place: the machine, for counting wrong codes
    :raises KioskRefused: wrong, too old, used before, or too many wrong ones from this machine
    """
    typed, counted = "".join(one for one in code if one.isdecimal()), f"kiosk:{place}"
    if identity.guessed_too_often(limits={counted: WRONG_CODES}, at=at):
        raise KioskRefused(_("这台机器上输错太多次，请15分钟后再试，或请工作人员帮忙。"))
    with kernel.writing():
        row = KioskCode.objects.filter(index=_index(typed), expires_at__gt=at).first()
        if row is not None:
            row.delete()
            actor = kernel.Actor(id=row.party)
            kernel.record(
                stream=f"kiosk:{row.party}", act="signed-in", actor=actor, at=at, data={"place": place}
            )
            return Owner(row.account, row.party)
    identity.note_wrong_guess(what=[counted], at=at)
    raise KioskRefused(_("验证码不对，或者过了2分钟。请在手机上再取一个。"))


def _index(code: str) -> str:
    return blind_index(code, purpose="kiosk-code")
