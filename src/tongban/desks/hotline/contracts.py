"""What crosses the door of the hotline: what a message is, how it is shown, what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from tongban.kernel.contracts import ClockRow

KIND: Final = "ticket"
ASSIST: Final = "assist"
"""The kinds of the hotline's dockets: a ticket, and what another unit helps with."""

PREFIX: Final = "T"
"""What the numbers of tickets begin with."""

CONFIDENTIAL: Final = "confidential"
"""The `subject` of a docket that only those named may see."""

HIDDEN_TITLE: Final = "保密工单"
"""What lists show of a confidential ticket."""

CENTRE: Final = "dsj"
"""Department whose units are the hotline's desks, city and county."""


class Channel(models.TextChoices):
    """Where a message came in."""

    PHONE = "phone", _("电话")
    WEB = "web", _("网页")
    QR = "qr", _("现场二维码")
    MAILBOX = "mailbox", _("市长信箱")
    GRID = "grid", _("网格员上报")
    LINE = "line", _("其他热线转来")
    MESSAGE = "message", _("消息接口")
    OPEN311 = "open311", _("Open311")
    WINDOW = "window", _("办不成事窗口")
    LEADERS = "leaders", _("领导接听")
    BROADCAST = "broadcast", _("广播节目")


class TicketKind(models.TextChoices):
    """What somebody wants."""

    HELP = "help", _("求助")
    CONSULTATION = "consultation", _("咨询")
    SUGGESTION = "suggestion", _("建议")
    COMPLAINT = "complaint", _("投诉")
    REPORT = "report", _("举报")
    PRAISE = "praise", _("表扬")
    INVALID = "invalid", _("无效来电")


class Urgency(models.TextChoices):
    """How soon it must be done."""

    ORDINARY = "ordinary", _("一般")
    URGENT = "urgent", _("紧急")
    EMERGENCY = "emergency", _("突发")


class TicketState(models.TextChoices):
    """The states of a ticket; the flow has the words that the caller reads."""

    TAKEN = "taken", _("待派单")
    DISPATCHED = "dispatched", _("待签收")
    RETURNING = "returning", _("退单待审")
    HANDLING = "handling", _("办理中")
    DELAYING = "delaying", _("延期待批")
    REPLIED = "replied", _("待审核")
    REVIEWED = "reviewed", _("待回访")
    CALLED_BACK = "called_back", _("已回访待办结")
    REOPENED = "reopened", _("重办待签收")
    ANSWERED = "answered_at_once", _("直接答复办结")
    CLOSED = "closed", _("已办结")
    REFUSED = "refused", _("不予受理")
    MERGED = "merged", _("已并单")
    WITHDRAWN = "withdrawn", _("已撤回")


OPEN_STATES: Final = (
    TicketState.TAKEN, TicketState.DISPATCHED, TicketState.RETURNING, TicketState.HANDLING, TicketState.DELAYING,
    TicketState.REPLIED, TicketState.REVIEWED, TicketState.CALLED_BACK, TicketState.REOPENED,
)  # fmt: skip
AWAITING_SIGN: Final = (TicketState.DISPATCHED, TicketState.REOPENED)
AT_WORK: Final = (TicketState.HANDLING, TicketState.DELAYING)


class Satisfaction(models.TextChoices):
    """What the caller says of how it was handled."""

    VERY = "very", _("非常满意")
    SATISFIED = "satisfied", _("满意")
    FAIR = "fair", _("基本满意")
    UNSATISFIED = "unsatisfied", _("不满意")
    VERY_UNSATISFIED = "very_unsatisfied", _("非常不满意")
    NO_ANSWER = "no_answer", _("未接通或未评价")


UNHAPPY: Final = (Satisfaction.UNSATISFIED, Satisfaction.VERY_UNSATISFIED)


class Solved(models.TextChoices):
    """Whether what was asked for got done, in the caller's words."""

    YES = "yes", _("已解决")
    PARTLY = "partly", _("部分解决")
    NO = "no", _("未解决")
    UNKNOWN = "unknown", _("说不清")


class Service(models.TextChoices):
    """Emergency services, told at once."""

    POLICE = "110", _("公安110")
    FIRE = "119", _("消防119")
    RESCUE = "120", _("急救120")


class Readable(Protocol):
    """An open file or an upload."""

    def read(self, size: int = ..., /) -> bytes: ...


@dataclass(frozen=True, slots=True, repr=False)
class NewTicket:
    """One message as it came in. The repr tells no text and no caller.

    :param text: what the caller says, 1–5,000 characters; `title` at most 60 (made of the text when empty)
    :param place: the place in words; `latitude`, `longitude` WGS 84
    :param region: division code of the place; empty: that of the centre
    :param caller_phone: any usual spelling; empty for an anonymous message
    :param caller: party id of a signed-in caller, or ""
    :param category: path of the taxonomy joined by ``/``; `matter` a code of the catalogue
    :param line: key of the line, `call` the call's id: telephony's, opaque here
    :param files: (name, content) of photos and papers; `stored` (digest, name) of those handed in before
    :param follows: number of an earlier ticket that this one goes on with
    :param reference: the number it has where it came from
    :param unit: the desk of the hotline that takes it; empty: the officer's own, else the city's
    """

    kind: str
    channel: str
    text: str
    title: str = ""
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    region: str = ""
    caller_name: str = ""
    caller_phone: str = ""
    caller: str = ""
    confidential: bool = False
    urgency: str = Urgency.ORDINARY.value
    category: str = ""
    matter: str = ""
    line: str = ""
    call: str = ""
    files: tuple[tuple[str, bytes | Readable], ...] = ()
    stored: tuple[tuple[str, str], ...] = ()
    follows: str = ""
    reference: str = ""
    unit: str = ""

    def __repr__(self) -> str:
        return f"NewTicket({self.kind}, {self.channel})"


@dataclass(frozen=True, slots=True)
class Taken:
    """What taking came to. `same_as` is the number of a ticket with the same message, `flood` a caller who sends many."""

    number: str
    docket: int
    is_new: bool
    same_as: str = ""
    flood: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class TicketView:
    """A ticket as pages need it. Name and phone are masked; the one door to unmask is `api.unmask`."""

    docket: int
    number: str
    state: str
    kind: str
    channel: str
    urgency: str
    title: str
    text: str
    place: str
    latitude: float | None
    longitude: float | None
    region: str
    category: str
    matter: str
    unit: str
    officer: str
    lead: str
    """The first responder 首接单位; empty before the first dispatch."""
    caller: str
    caller_name: str
    caller_phone: str
    has_phone: bool
    confidential: bool
    line: str
    call: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    outcome: str
    revision: int
    reply: str = ""
    replied_at: datetime | None = None
    satisfaction: str = ""
    solved: str = ""
    returns: int = 0
    reopened: int = 0
    urged: int = 0
    supervised: bool = False
    final_unit: str = ""
    """The unit that may not return it again: a judgement named it."""
    emergency: tuple[str, ...] = ()
    same_as: int | None = None
    flood: bool = False
    clocks: tuple[ClockRow, ...] = ()

    def __repr__(self) -> str:
        return f"TicketView({self.number})"

    @property
    def kind_label(self) -> str:
        return str(TicketKind(self.kind).label)

    @property
    def channel_label(self) -> str:
        return str(Channel(self.channel).label)

    @property
    def urgency_label(self) -> str:
        return str(Urgency(self.urgency).label)

    @property
    def state_label(self) -> str:
        return str(TicketState(self.state).label)

    @property
    def satisfaction_label(self) -> str:
        return str(Satisfaction(self.satisfaction).label) if self.satisfaction else ""

    @property
    def solved_label(self) -> str:
        return str(Solved(self.solved).label) if self.solved else ""

    @property
    def open(self) -> bool:
        return self.closed_at is None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a ticket was not taken: the ground of the list, its law, and what to do instead."""

    words: str
    law: str
    instead: str


@dataclass(frozen=True, slots=True, repr=False)
class Progress:
    """What a caller sees of the own ticket: nothing internal, nothing of others."""

    number: str
    state: str
    words: str
    title: str
    unit_name: str
    opened_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    reply: str
    events: tuple[tuple[datetime, str], ...] = ()
    parts: tuple[str, ...] = ()
    may_rate: bool = False
    may_urge: bool = False
    may_withdraw: bool = False
    may_add: bool = False
    docket: int = 0
    kind: str = ""
    channel: str = ""
    satisfaction: str = ""
    refusal: Refusal | None = None

    def __repr__(self) -> str:
        return f"Progress({self.number})"


@dataclass(frozen=True, slots=True, repr=False)
class Said:
    """What a caller said after the message. The repr tells no text."""

    at: datetime
    about: str
    text: str

    def __repr__(self) -> str:
        return f"Said({self.about})"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check says of a reply. A `hard` one cannot be overridden."""

    rule: str
    words: str
    hard: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


class HotlineRefused(Exception):  # noqa: N818 - an answer, not a fault
    """What cannot be taken: why, what is possible, and words by form field."""

    def __init__(self, reason: str, *, possible: str = "", fields: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.reason, self.possible, self.fields = str(reason), str(possible), fields or {}
