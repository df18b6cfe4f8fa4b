"""Sign-ins and the sessions they opened: told to their owner, ended one by one or all others at once."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils.translation import gettext as _

from tongban.kernel import api as kernel
from tongban.registers.identity import ledger
from tongban.registers.identity.contracts import IdentityError
from tongban.registers.identity.factors.models import SignIn
from tongban.registers.identity.models import Account

KEPT_FOR = timedelta(days=180)
SHOWN = 50
_SYSTEMS = (
    ("HarmonyOS|OpenHarmony", "HarmonyOS"), ("Android", "Android"), ("iPhone|iPad", "iOS"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("UOS|Kylin|Linux", "Linux"),
)  # fmt: skip
_BROWSERS = (
    ("MicroMessenger", "微信"), ("AlipayClient", "支付宝"), (r"Edg\w*/", "Edge"), ("Firefox/", "Firefox"),
    ("Chrome/|Chromium/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as its owner sees it. `address` is cut to its network unless it is the current one."""

    id: int
    device: str
    place: str
    how: str
    began_at: datetime
    seen_at: datetime
    current: bool


def device_of(user_agent: str) -> str:
    """System and browser in two words, such as ``Windows · Chrome``; empty when not known."""
    words = [
        next((name for pattern, name in table if re.search(pattern, user_agent)), "")
        for table in (_SYSTEMS, _BROWSERS)
    ]
    return " · ".join(word for word in words if word)


def place_of(address: str) -> str:
    """Where an address is: by `settings.NETWORK_PLACES` (network → name), else the network itself.

    Networks are cut to /16 (IPv4) and /32 (IPv6): enough to say “not mine”, not enough to find a house.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    places: Mapping[str, str] = getattr(settings, "NETWORK_PLACES", {})
    for network, name in places.items():
        if found in ipaddress.ip_network(network, strict=False):
            return name
    if found.is_loopback:
        return ""
    if found.version == 4:
        return ".".join([*str(found).split(".")[:2], "*", "*"])
    return str(ipaddress.ip_network(f"{found}/32", strict=False).network_address)


@kernel.writing()
def begin_session(
    *, account: Account, session_key: str, how: str, user_agent: str, address: str, at: datetime
) -> int:
    """Write a sign-in down, in the account's ledger too (without device and address)."""
    row = SignIn.objects.create(
        account=account, session_digest=_digest(session_key), session_key=session_key, how=how,
        device=device_of(user_agent), place=place_of(address), address=address, began_at=at, seen_at=at,
    )  # fmt: skip
    ledger.note_own(account=account, act="signed-in", at=at, data={"how": how})
    return row.pk


@kernel.writing()
def seen(*, sign_in: int, at: datetime) -> None:
    """Note that a session is still used."""
    SignIn.objects.filter(pk=sign_in).update(seen_at=at)


@kernel.writing()
def rekey(*, sign_in: int, session_key: str) -> None:
    """The session got a new key (which it does whenever its rights change)."""
    SignIn.objects.filter(pk=sign_in).update(session_digest=_digest(session_key), session_key=session_key)


def sessions_of(account: Account, *, current: int | None, at: datetime) -> list[OpenSession]:
    """Open sessions, the one in use first, then the most recently used."""
    rows = SignIn.objects.filter(
        account=account,
        ended_at__isnull=True,
        seen_at__gt=at - timedelta(seconds=settings.SESSION_COOKIE_AGE),
    ).order_by("-seen_at")[:SHOWN]
    found = [
        OpenSession(row.pk, row.device, row.place, row.how, row.began_at, row.seen_at, row.pk == current)
        for row in rows
    ]
    return sorted(found, key=lambda one: not one.current)


@kernel.writing()
def end_session(*, account: Account, sign_in: int, at: datetime) -> None:
    """End one of the account's sessions, wherever it is.

    :raises IdentityError: not this account's
    """
    row = SignIn.objects.filter(pk=sign_in, account=account).first()
    if row is None:
        raise IdentityError(_("没有这个登录。"))
    _end([row], at)
    ledger.note_own(account=account, act="session-ended", at=at, data={"session": sign_in})


@kernel.writing()
def end_others(*, account: Account, keep: int | None, at: datetime) -> int:
    """End all sessions of an account but one; tells how many."""
    open_ones = SignIn.objects.filter(account=account, ended_at__isnull=True)
    rows = [row for row in open_ones if row.pk != keep]
    _end(rows, at)
    if rows:
        ledger.note_own(account=account, act="sessions-ended", at=at, data={"count": len(rows)})
    return len(rows)


def _end(rows: list[SignIn], at: datetime) -> None:
    Session.objects.filter(session_key__in=[row.session_key for row in rows]).delete()
    SignIn.objects.filter(pk__in=[row.pk for row in rows], ended_at__isnull=True).update(ended_at=at)


def forget_sign_ins(*, before: datetime) -> int:
    """Delete sign-ins older than half a year; the ledger keeps that they were."""
    deleted, _tables = SignIn.objects.filter(began_at__lt=before - KEPT_FOR).delete()
    return deleted


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
