"""What showing and using licences hands over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongban.registers.licences.contracts import LicenceInfo, LicencesError

STEP: Final = timedelta(seconds=60)
"""How long one code is on the screen."""
SKEW: Final = timedelta(seconds=10)
"""How much the clocks of two servers may differ, and how long a scan may be on its way: a code is taken this much
before its minute begins and this much after it ended, by the clock of the server that reads it."""
SHOW_FOR: Final = timedelta(minutes=10)
CITY_MINUTES: Final = (5, 15, 30)
SEEN_FOR: Final = timedelta(minutes=5)
"""How long an officer sees what was scanned."""
MOST_LICENCES: Final = 20
DIGITS: Final = 8


class ShowingKind(models.TextChoices):
    SHOW = "show", _("亮证")
    CITY = "city", _("香城码")


# Why a code was not taken.
MALFORMED, UNKNOWN, EARLY, EXPIRED, USED = "malformed", "unknown", "early", "expired", "used"
REVOKED, WRONG_UNIT, AUTHORITY, GUESSING = "revoked", "wrong_unit", "authority", "guessing"


class ShowingError(LicencesError):
    """A licence cannot be shown, or a code is not taken. `code` is for programs."""

    def __init__(self, code: str, reason: str, *, possible: str = "") -> None:
        super().__init__(reason, possible=possible)
        self.code = code


@dataclass(frozen=True, slots=True, repr=False)
class CodeNow:
    """What the phone shows at an instant: `digits` to be typed, `token` in the QR code, good until `until`."""

    digits: str
    token: str
    until: datetime
    seconds: int


@dataclass(frozen=True, slots=True)
class Seen:
    """One scan of a showing, as its holder sees it."""

    at: datetime
    unit: str
    unit_name: str
    purpose: str
    client: str = ""


@dataclass(frozen=True, slots=True)
class ShowingInfo:
    """A showing as its holder sees it. `open` at the instant that was asked about."""

    id: int
    kind: str
    holder: str
    unit: str
    unit_name: str
    opened_at: datetime
    ends_at: datetime
    revoked_at: datetime | None
    open: bool
    licences: tuple[LicenceInfo, ...]
    seen: tuple[Seen, ...] = ()


@dataclass(frozen=True, slots=True)
class Presented:
    """What a scan lets its officer see: exactly the authorised licences, until `until`."""

    scan: int
    kind: str
    holder: str
    holder_name: str
    licences: tuple[LicenceInfo, ...]
    purpose: str
    docket: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class ClientInfo:
    """A system that may ask. `kinds` empty means every kind."""

    id: int
    name: str
    actor: str
    unit: str
    purposes: tuple[str, ...]
    kinds: tuple[str, ...]
    per_minute: int
    per_day: int
    until: date


class QuotaError(LicencesError):
    """The client has asked as often as it may; it may ask again after `retry_seconds`."""

    def __init__(self, reason: str, *, retry_seconds: int, possible: str = "") -> None:
        super().__init__(reason, possible=possible)
        self.retry_seconds = retry_seconds


class ClientError(LicencesError):
    """The caller is no client, or this is not among what it may ask for. `code` is for programs."""

    def __init__(self, code: str, reason: str, *, possible: str = "") -> None:
        super().__init__(reason, possible=possible)
        self.code = code


@dataclass(frozen=True, slots=True)
class UseCount:
    """How often licences were used: by what it was counted, and the number."""

    name: str
    count: int
