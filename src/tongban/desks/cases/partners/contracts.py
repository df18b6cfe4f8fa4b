"""What crosses the door of partners, and what a plugin that reaches a partner must do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

PACKAGE: Final = "tongban-handover-1"
NEWS: Final = "tongban-handover-news-1"
"""`type` of the two signed payloads that partners exchange; README.md has their members."""
EVERY: Final = "*"
"""In a partner's list of matters: each matter that stands on a list of cross-region handling."""


class Mode(models.TextChoices):
    """三种业务模式 (国办发〔2020〕35号)."""

    ONLINE = "online", _("全程网办")
    RELAY = "relay", _("异地代收代办")
    JOINT = "joint", _("多地联办")


class Told(models.TextChoices):
    """What one place tells the other about a package."""

    ACKNOWLEDGED = "acknowledged", _("已签收")
    PROGRESS = "progress", _("有进展")
    ASKS = "asks", _("请收件地协助")
    RETURNED = "returned", _("退回补正")
    RESULT = "result", _("已办结")
    ANSWER = "answer", _("收件地的协助答复")
    WITHDRAWN = "withdrawn", _("申请人不办了")
    RECALLED = "recalled", _("不用协助了")


class Purpose(models.TextChoices):
    """What the deciding place asks the receiving place for."""

    VERIFY = "verify", _("核实情况")
    OPINION = "opinion", _("征求意见")


class Fate(models.TextChoices):
    """What became of something that is to be sent."""

    WAITING = "waiting", _("等发送")
    SENT = "sent", _("已发出")
    REFUSED = "refused", _("对方不收")
    DROPPED = "dropped", _("不用发了")


@dataclass(frozen=True, slots=True)
class PartnerInfo:
    """A place outside the city with which matters are handled across 通办伙伴地区.

    `unit` is the unit there that receives and answers; `matters` codes of the national basic catalogue or ``*``;
    `site` its public site; `seconds` how long its system is waited for.
    """

    region: str
    name: str
    name_en: str
    unit: str
    phone: str
    modes: tuple[str, ...]
    matters: frozenset[str]
    site: str
    plugin: str
    address: str
    seconds: int
    roots: str = field(repr=False, default="")
    revoked: Mapping[str, str] = field(repr=False, default_factory=dict)

    def text(self, language: str) -> str:
        """Its name for a Django language code."""
        return (self.name_en or self.name) if language.startswith("en") else self.name

    def does(self, matter: str) -> bool:
        """Whether it is agreed for a matter."""
        return EVERY in self.matters or matter in self.matters

    @property
    def receives(self) -> bool:
        """Whether packages are handed over to it."""
        return bool({Mode.RELAY.value, Mode.JOINT.value} & set(self.modes))


@dataclass(frozen=True, slots=True, repr=False)
class Letter:
    """One signed statement with the files that its manifest names, by SHA-256. The repr tells the id only."""

    id: str
    kind: str
    statement: Mapping[str, Any]
    files: Mapping[str, bytes]

    def __repr__(self) -> str:
        return f"Letter({self.id})"


@dataclass(frozen=True, slots=True)
class Taken:
    """A partner's system has it. `number` is its own number where it gives one at once."""

    number: str = ""


class PartnerPlugin(Protocol):
    """Reaches one partner. Called in a thread of its own, outside any transaction; must not use the database."""

    def send(self, partner: PartnerInfo, letter: Letter) -> Taken:
        """Hand over a package or news; the same id again is the same letter.

        :raises PartnerDownError: the partner cannot be reached or cannot answer now
        :raises PartnerRefusedError: it does not take this; sending the same again is useless
        """
        ...

    def collect(self, partner: PartnerInfo, *, at: datetime) -> list[Letter]:
        """What the partner has to tell and does not bring by itself; told again and again until it is old.

        :raises PartnerDownError: likewise
        """
        ...


class PartnerDownError(Exception):
    """The partner is away; nothing is known of what was sent, so it is sent again."""


class PartnerRefusedError(Exception):
    """The partner does not take it; `possible` says what would be."""

    def __init__(self, reason: str, *, possible: str = "") -> None:
        super().__init__(reason)
        self.reason, self.possible = reason, possible


class LetterRefused(Exception):  # noqa: N818 - an answer, not a fault
    """A letter from outside that is not taken; nothing of it was kept.

    `code` is stable: unreadable, unknown_partner, forged, wrong_place, stale, unknown_matter, files, applicant, conflict,
    unknown_package, unknown_question, over. `status` is that of HTTP.
    """

    def __init__(self, status: int, code: str, reason: str, *, possible: str = "") -> None:
        super().__init__(reason)
        self.status, self.code, self.reason, self.possible = status, code, reason, possible


class InquiryRefused(Exception):  # noqa: N818 - an answer, not a fault
    """A question that is not put to a partner; nothing was kept. `fields` says what is wrong where."""

    def __init__(self, reason: str, *, possible: str = "", fields: Mapping[str, str] | None = None) -> None:
        super().__init__(reason)
        self.reason, self.possible, self.fields = reason, possible, dict(fields or {})


@dataclass(frozen=True, slots=True)
class Handed:
    """The receipt of a hand-over."""

    number: str
    docket: int
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """The receipt for a partner: our number of the application, or of the docket that news are about."""

    number: str
    replayed: bool = False
    promised_on: date | None = None


@dataclass(frozen=True, slots=True, repr=False)
class HandoverView:
    """A hand-over as pages show it, unmasked. The repr tells the docket only."""

    docket: int
    partner: PartnerInfo
    mode: str
    matter: str
    matter_name: str
    situation: str
    form: Mapping[str, Any]
    materials: tuple[Mapping[str, Any], ...]
    delivery: str
    delivery_to: Mapping[str, str]
    consented_at: datetime
    package: str
    foreign_number: str
    foreign_due: date | None
    returned: Mapping[str, Any]
    asked: str
    result: Mapping[str, Any]
    queue: tuple[ParcelView, ...] = ()
    asked_why: str = ""
    asked_purpose: str = ""
    asked_by: date | None = None
    answer_slot: str = ""

    def __repr__(self) -> str:
        return f"HandoverView({self.docket})"


@dataclass(frozen=True, slots=True, repr=False)
class InquiryView:
    """What we asked the place that received a case, and what it answered; unmasked. The repr tells the docket only."""

    docket: int
    number: str
    state: str
    case: str
    partner: PartnerInfo
    unit: str
    purpose: str
    question: str
    reason: str
    asked_at: datetime
    answer_by: date
    answer: str
    answered_by: str
    answered_at: datetime | None
    refused: str
    queue: tuple[ParcelView, ...] = ()

    def __repr__(self) -> str:
        return f"InquiryView({self.docket})"


@dataclass(frozen=True, slots=True)
class ParcelView:
    """One thing to be sent, and what became of it."""

    kind: str
    fate: str
    attempts: int
    next_at: datetime | None
    sent_at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class IncomingView:
    """Where an application decided here was received: a place outside, its unit and its number."""

    partner: PartnerInfo
    unit: str
    number: str
    mode: str
    package: str
    received_at: datetime
    queue: tuple[ParcelView, ...] = ()


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """One partner in the register as officers see it: what waits for it and since when."""

    partner: PartnerInfo
    waiting: int
    refused: int
    oldest: datetime | None
    out: int
    back: int
    asked: int = 0
    helped: int = 0
