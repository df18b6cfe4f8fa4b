"""What crosses the door of payments. Money is integer fen everywhere; instants are aware; days are the bank's days."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

MOST_FEN = 100_000_000_000_00
"""The largest amount of one order, item or batch: a hundred billion yuan, well inside 64 bits."""


class ItemState(models.TextChoices):
    """How far one item of a batch is."""

    WAITING = "waiting", _("待发放")
    SENDING = "sending", _("已交银行，等结果")
    PAID = "paid", _("已到账")
    RETURNED = "returned", _("未到账，已退回")
    CORRECTED = "corrected", _("账号已更正，待复核")
    DROPPED = "dropped", _("不再发放")


class Gap(models.TextChoices):
    """Why what the provider says and what is noted here are not the same."""

    STRAY = "stray", _("银行有，这里没有这一单")
    LATE = "late", _("缴费单已关闭，钱后到")
    TWICE = "twice", _("同一单收到两次钱")
    AMOUNT = "amount", _("金额不一致")
    ABSENT = "absent", _("这里有，银行没有")


@dataclass(frozen=True, slots=True)
class NewFee:
    """A fee that somebody owes. Fees of licences stand on law and published rates (行政许可法 第五十八条、第五十九条).

    :param payer: party id, such as ``person:7``
    :param unit: the unit that collects it 执收单位
    :param what: what it is for, in Chinese; `what_en` in English
    :param basis: the document that sets the rate
    :param about: number of the docket that it belongs to, empty when none
    :param subject: code of the matter, empty when none
    :param days: natural days until it is due
    :param key: idempotency key: the same key with the same content is the same order
    """

    payer: str
    unit: str
    region: str
    amount_fen: int
    what: str
    key: str
    what_en: str = ""
    basis: str = ""
    about: str = ""
    subject: str = ""
    days: int = 15


@dataclass(frozen=True, slots=True)
class FeeInfo:
    """An order as its payer and its collector read it. `state` is due, paid, expired or cancelled."""

    docket: int
    number: str
    state: str
    payer: str
    unit: str
    what: str
    what_en: str
    basis: str
    about: str
    amount_fen: int
    refunded_fen: int
    asked_at: datetime
    due_at: datetime | None
    paid_at: datetime | None
    refunds: tuple[RefundInfo, ...] = ()

    @property
    def open_fen(self) -> int:
        """What may still be given back, in fen: less what was, and what is being decided."""
        asked = sum(
            one.amount_fen for one in self.refunds if one.state not in ("declined", "withdrawn", "refunded")
        )
        return self.amount_fen - self.refunded_fen - asked if self.state == "paid" else 0


@dataclass(frozen=True, slots=True)
class RefundInfo:
    """Money given back, or asked back. `state` is that of its docket."""

    docket: int
    number: str
    state: str
    amount_fen: int
    reason: str
    asked_by: str
    fee: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptInfo:
    """An electronic fiscal receipt 财政电子票据. A red one has a negative amount and cancels so much of `cancels`."""

    code: str
    number: str
    check: str
    fee: str
    unit: str
    unit_name: str
    payer_name: str
    what: str
    amount_fen: int
    at: datetime
    cancels: str = ""
    returned_fen: int = 0


@dataclass(frozen=True, slots=True)
class NewItem:
    """One payment of a batch.

    :param key: names this entitlement in the whole city: it is paid once, whatever batch it is put into again
    :param payee: party id
    :param holder: name of the account's holder
    """

    key: str
    payee: str
    holder: str = field(repr=False)
    account: str = field(repr=False)
    bank: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class NewBatch:
    """Payments to many accounts.

    :param source: who asks, as a budget was registered under (`register_budget`), such as ``benefits``
    :param budget: what the source names its budget by; opaque here
    :param key: idempotency key of the batch
    """

    source: str
    title: str
    unit: str
    region: str
    items: Sequence[NewItem]
    key: str
    budget: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class ItemInfo:
    """One payment as it may be shown: the account is masked."""

    place: int
    key: str
    payee: str
    holder: str
    account: str
    bank: str
    amount_fen: int
    state: str
    reason: str
    batch: str = ""
    title: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BatchInfo:
    """A batch and how far it is; `counts` and `sums` (fen) by state of the items."""

    docket: int
    number: str
    state: str
    title: str
    source: str
    budget: str
    basis: str
    unit: str
    count: int
    amount_fen: int
    prepared_by: str
    checked_by: str
    approved_by: str
    counts: Mapping[str, int]
    sums: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class GapInfo:
    """A difference to be settled."""

    docket: int
    number: str
    state: str
    gap: str
    provider: str
    reference: str
    transaction: str
    ours_fen: int | None
    theirs_fen: int | None
    day: date
    about: str


# What a provider is asked and says --------------------------------------------------------------


class Outcome(StrEnum):
    """What became of money that was sent. UNHEARD: the provider never got the reference."""

    PAID = "paid"
    RETURNED = "returned"
    PENDING = "pending"
    UNHEARD = "unheard"


class Way(StrEnum):
    """Which way money went, as a statement has it."""

    IN = "in"
    BACK = "back"
    OUT = "out"


@dataclass(frozen=True, slots=True)
class Collect:
    """An order as the provider needs it; `back` is where the payer returns to."""

    reference: str
    amount_fen: int
    what: str
    back: str


@dataclass(frozen=True, slots=True)
class Send:
    """Money to be sent. The same `reference` is the same payment, however often it is handed over."""

    reference: str
    amount_fen: int
    words: str
    transaction: str = ""
    """Of the payment that is given back; empty for one to an account."""
    holder: str = field(default="", repr=False)
    account: str = field(default="", repr=False)
    bank: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """The provider says that money came in. `transaction` is its own number, the same at every repetition."""

    transaction: str
    reference: str
    amount_fen: int
    paid_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one reference; `reason` in the provider's words, without names and numbers of people."""

    outcome: Outcome
    transaction: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a provider's statement of a day."""

    way: Way
    transaction: str
    reference: str
    amount_fen: int


class Provider(Protocol):
    """A plugin that moves money (`settings.PAYMENT_PROVIDER`).

    Every method may raise `ProviderDownError`: then nothing is known of what was asked, and it is asked again later by
    `asked` or `fate`, never sent again blindly. `give_back` and `send` keep to one payment per reference.
    """

    name: str
    demo: bool

    def checkout(self, order: Collect, *, at: datetime) -> str:
        """Address of the page on which the payer pays."""
        ...

    def read(self, body: bytes, headers: Mapping[str, str], *, at: datetime) -> Notice:
        """A notification that came in. :raises ForgedError: its signature does not fit, or it is too old"""
        ...

    def asked(self, reference: str, *, at: datetime) -> list[Notice]:
        """What came in under a reference."""
        ...

    def give_back(self, send: Send, *, at: datetime) -> Answer:
        """Return money of a payment to where it came from."""
        ...

    def send(self, items: Sequence[Send], *, at: datetime) -> Mapping[str, Answer]:
        """Pay to accounts; answers by reference, one that is missing is not known yet."""
        ...

    def fate(self, reference: str, *, at: datetime) -> Answer:
        """What became of a reference that was handed over to `give_back` or `send`."""
        ...

    def statement(self, day: date, *, at: datetime) -> list[Line]:
        """Everything that moved on a day."""
        ...


@dataclass(frozen=True, slots=True)
class BudgetAsk:
    """A batch that is about to be approved, for the budget of its source. `keys` are those of its items."""

    budget: str
    amount_fen: int
    count: int
    keys: tuple[str, ...]
    number: str


Budget = Callable[[BudgetAsk], str | None]
"""Gives the reason in words why the batch must not be paid, or None. Runs inside the approving transaction, so it may
lock and book its own rows; it is asked once more with the same number when an approval is repeated."""


class PaymentsError(Exception):
    """Something about payments cannot be done; `reason` says why, `possible` what can be done instead."""

    def __init__(self, reason: str, *, possible: str = "", code: str = "refused") -> None:
        super().__init__(reason)
        self.reason, self.possible, self.code = reason, possible, code

    def __str__(self) -> str:
        return f"{self.reason}{self.possible}"


class UnknownError(PaymentsError):
    """No such order, receipt, batch or item, or not this party's."""


class ProviderDownError(Exception):
    """The provider is away, or did not answer in time: the outcome is unknown."""


class ForgedError(Exception):
    """A notification that the provider did not sign."""
