"""What crosses the door of claims. Money is integer fen; instants are aware; a day is that of Shanghai."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

SOURCE: Final = "benefits"
"""What payments know our batches by."""
BENEFIT, CLAIM, RECOVERY, WISH = "benefit", "claim", "recovery", "wish"


class DueState(models.TextChoices):
    """How far what a party is due 应得 has come."""

    LISTED = "listed", _("公示中")
    HELD = "held", _("核查中")
    WAITING = "waiting", _("等您确认")
    ASIDE = "aside", _("未确认，留着")
    CLAIMED = "claimed", _("核定中")
    QUEUED = "queued", _("排队等名额")
    CONFIRMED = "confirmed", _("待发放")
    PAYING = "paying", _("发放中")
    PAID = "paid", _("已到账")
    RETURNED = "returned", _("没到账")
    LEFT = "left", _("不再享受")
    RECOVERED = "recovered", _("已追回")


FREE: Final = (DueState.QUEUED, DueState.LEFT, DueState.RECOVERED)
"""In these a due takes neither a place of the quota nor money of the budget."""
ENDED: Final = (DueState.PAID, DueState.ASIDE, DueState.LEFT, DueState.RECOVERED)
"""In these nothing more is to be done for a due by the office."""


class ObjectionState(models.TextChoices):
    """What became of an objection to a published list."""

    OPEN = "open", _("核查中")
    UPHELD = "upheld", _("成立")
    DISMISSED = "dismissed", _("不成立")


@dataclass(frozen=True, slots=True)
class Fact:
    """One datum that a decision stood on: where from, as of when, how it came (`via`: a register, proven by the party)."""

    element: str
    value: Any
    source: str
    as_of: date
    via: str = "register"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a measure's rule says of one party. `standing` is entitled, not_yet, not or unknown; `missing` are elements."""

    standing: str
    amount_fen: int | None
    facts: tuple[Fact, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def pays(self) -> bool:
        """Entitled to an amount that can be paid."""
        return self.standing == "entitled" and bool(self.amount_fen) and (self.amount_fen or 0) > 0


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Where money is to go, as its holder says it."""

    holder: str = field(repr=False)
    account: str = field(repr=False)
    bank: str


@dataclass(frozen=True, slots=True)
class AccountInfo:
    """A receiving account as it may be shown: masked."""

    holder: str
    account: str
    bank: str
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DueInfo:
    """What a party is due, as its holder and the office read it.

    :param number: its own number: that of a claim, or that of the run with the place in the list
    :param account: masked; empty until confirmed
    :param words: why it is held, left, or did not arrive
    """

    number: str
    measure: str
    version: int
    title: str
    title_en: str
    article: str
    period: str
    party: str
    payee: str
    way: str
    unit: str
    amount_fen: int
    state: str
    place: int
    run: str
    words: str
    account: str
    bank: str
    batch: str
    at: datetime
    paid_at: datetime | None
    confirm_until: datetime | None = None

    @property
    def label(self) -> str:
        return str(DueState(self.state).label)


@dataclass(frozen=True, slots=True)
class RunInfo:
    """A benefit run: one measure, one period, one list. `counts` and `sums` (fen) by state of its dues."""

    docket: int
    number: str
    state: str
    measure: str
    version: int
    policy: str
    period: str
    title: str
    title_en: str
    article: str
    says: str
    says_en: str
    unit: str
    order: str
    day: date
    entitled: int
    listed: int
    amount_fen: int
    skipped: Mapping[str, int]
    published_at: datetime | None
    publicity_until: datetime | None
    confirm_until: datetime | None
    counts: Mapping[str, int]
    sums: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class PublicLine:
    """One line of a published list: persons masked, no account, no number of a person."""

    place: int
    name: str
    amount_fen: int
    held: bool


@dataclass(frozen=True, slots=True)
class ObjectionInfo:
    """An objection as whoever raised it, and the office, read it."""

    id: int
    run: str
    place: int
    text: str
    state: str
    answer: str
    at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class GivenInfo:
    """What somebody enjoyed without being paid by us: taxes that were waived, a service that was done.

    :param value_fen: what it was worth, where that can be said
    :param source: who says so, in words
    """

    measure: str
    version: int
    title: str
    title_en: str
    article: str
    period: str
    party: str
    unit: str
    gives: str
    value_fen: int | None
    given_on: date
    source: str
    wish: str


@dataclass(frozen=True, slots=True)
class WishInfo:
    """A service of a measure that was asked for. `state` is asked, contacted, given, declined or withdrawn."""

    docket: int
    number: str
    state: str
    measure: str
    title: str
    title_en: str
    unit: str
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class ClaimInfo:
    """A quick claim. `rank` is the place in the queue (1 is next), 0 when it waits for none."""

    docket: int
    number: str
    state: str
    due: DueInfo
    said: str
    proven: Mapping[str, Any]
    asked: str
    reason: str
    rank: int
    opened_at: datetime
    pay_by: datetime | None


class ClaimsError(Exception):
    """Something about a benefit cannot be done; `reason` says why, `possible` what can be done instead."""

    def __init__(
        self,
        reason: str,
        *,
        possible: str = "",
        code: str = "refused",
        fields: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(reason)
        self.reason, self.possible, self.code, self.fields = reason, possible, code, dict(fields or {})

    def __str__(self) -> str:
        return f"{self.reason}{self.possible}"


class UnknownError(ClaimsError):
    """No such benefit or claim, or not this party's: both say the same."""
