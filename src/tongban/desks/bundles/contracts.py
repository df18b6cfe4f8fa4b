"""What crosses the door of bundles. Money is integer fen; days of an offer are working days."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

ORDER: Final = "service_order"
PROVIDER: Final = "provider"
MOST_FEN: Final = 10_000_000_000_00
"""No price is higher: a hundred thousand million yuan is a slip of the finger."""

Answers = Mapping[str, str | bool | int]


class Price(models.TextChoices):
    """How an offer is priced."""

    FIXED = "fixed", _("明码标价")
    FREE = "free", _("免费")
    QUOTE = "quote", _("按需报价")


class OfferState(models.TextChoices):
    """What became of an offer. It is never changed once shown: another one takes its place."""

    CHECKING = "checking", _("待核对")
    SHOWN = "shown", _("已展示")
    REFUSED = "refused", _("没有通过")
    WITHDRAWN = "withdrawn", _("已撤下")


class Answer(models.TextChoices):
    """What a provider made of an order that it was asked for."""

    WAITING = "waiting", _("等接单")
    ACCEPTED = "accepted", _("接单")
    DECLINED = "declined", _("不接")
    SILENT = "silent", _("没有回应")
    GAVE_UP = "gave_up", _("接了又放弃")
    NOT_NEEDED = "not_needed", _("企业取消了")


class Level(models.IntegerChoices):
    """Satisfaction, GB/T 39046: 1 is best. 4 and 5 are bad."""

    VERY_SATISFIED = 1, _("非常满意")
    SATISFIED = 2, _("满意")
    FAIR = 3, _("基本满意")
    DISSATISFIED = 4, _("不满意")
    VERY_DISSATISFIED = 5, _("非常不满意")


BAD_FROM: Final = Level.DISSATISFIED


@dataclass(frozen=True, slots=True)
class Words:
    """A text in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Lawful:
    """A service that the law gives: a matter, a one-thing theme, a measure of a policy. It never costs because of a bundle.

    :param kind: ``matter``, ``theme`` or ``measure``
    :param url: where it is read and applied for
    :param why: why it is in this plan
    """

    kind: str
    ref: str
    name: Words
    url: str
    why: Words


@dataclass(frozen=True, slots=True)
class Need:
    """A service that the market offers. `alone` is how one does without it: nothing lawful depends on it."""

    key: str
    bundle: str
    name: Words
    says: Words
    alone: Words
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What answers lead to. `open` are the questions not answered yet; what hangs on them is left out."""

    bundle: str
    answers: Answers
    lawful: tuple[Lawful, ...]
    needs: tuple[Need, ...]
    open: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """What is publicly known of a provider.

    :param asked: orders that it was asked for and had to answer; `answered` those it accepted or declined in time
    :param delivered: orders delivered, `on_time` those within the agreed limit
    :param rated: orders rated, `satisfied` those with one of the three good levels
    :param disputes: disputes opened about its orders
    """

    asked: int = 0
    answered: int = 0
    delivered: int = 0
    on_time: int = 0
    rated: int = 0
    satisfied: int = 0
    disputes: int = 0


@dataclass(frozen=True, slots=True)
class ProviderInfo:
    """A provider as everybody reads it. `number` is that of its docket; `state` applied, admitted, suspended, …"""

    docket: int
    number: str
    party: str
    name: str
    state: str
    categories: tuple[str, ...]
    intro: Words
    phone: str
    regions: tuple[str, ...]
    agreement: str
    agreement_from: date | None
    agreement_until: date | None


@dataclass(frozen=True, slots=True)
class OfferInfo:
    """An offer of a provider. `unit` is what the price is for (每份), `days` the promised working days."""

    id: int
    provider: ProviderInfo
    need: str
    title: Words
    scope: str
    terms: str
    price: Price
    price_fen: int | None
    unit: str
    days: int
    regions: tuple[str, ...]
    state: OfferState
    reason: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class Statement:
    """What one of the parties says was paid. The platform moves no money of the market."""

    by: str
    amount_fen: int
    on: date


@dataclass(frozen=True, slots=True)
class OrderInfo:
    """An order as its parties and the specialist read it.

    `contact` and `phone` are empty for a provider that has not accepted.
    """

    docket: int
    number: str
    state: str
    company: str
    company_name: str
    offer: OfferInfo
    bundle: str
    wish: str
    contact: str
    phone: str
    asked_at: datetime
    quoted_fen: int | None
    quoted_days: int | None
    quote_says: str
    agreed_fen: int | None
    agreed_days: int | None
    delivered_at: datetime | None
    delivered_says: str
    on_time: bool | None
    by_silence: bool
    level: int | None
    said: str
    dispute: str
    ruling: str
    statements: tuple[Statement, ...]
    others_allowed: bool


Lookup = Callable[[str, str, date], Lawful | None]
"""Reference, division and day → the lawful service (its `why` empty), or None: not here, not now."""


class BundlesError(Exception):
    """Something about bundles cannot be done: why, what is possible, and words by form field."""

    def __init__(
        self,
        reason: str,
        *,
        possible: str = "",
        code: str = "refused",
        fields: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(f"{reason}{possible}")
        self.reason, self.possible, self.code = reason, possible, code
        self.fields = dict(fields or {})


class UnknownError(BundlesError):
    """No such bundle, need, offer, provider or order for the reader."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, code="unknown")


class PackError(ValueError):
    """A file of packs/bundles contradicts itself; the message names every place."""
