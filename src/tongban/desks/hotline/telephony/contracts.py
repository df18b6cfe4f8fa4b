"""What crosses the door of telephony: lines, what an exchange tells, calls, presence and the answer rate."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Protocol
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
IN_TIME: Final = 15
"""Seconds within which an operator answers (GB/T 33358-2016; most cities aim for 95 %)."""


class Way(models.TextChoices):
    """How a line became part of the one number (国办发〔2020〕53号, 二（一））."""

    OWN = "own", _("12345总线")
    MERGED = "merged", _("整体并入")
    PARALLEL = "parallel", _("双号并行")
    SUBCENTRE = "subcentre", _("设分中心")


class EventKind(models.TextChoices):
    """What an exchange tells of a call. Events may come late, twice and in any order."""

    OFFERED = "offered", _("呼入")
    QUEUED = "queued", _("转人工排队")
    RINGING = "ringing", _("振铃")
    ANSWERED = "answered", _("接听")
    TRANSFERRED = "transferred", _("转接")
    DROPPED = "dropped", _("来电人挂断")
    ENDED = "ended", _("通话结束")
    RECORDED = "recorded", _("录音")
    RATED = "rated", _("话后评价")


class CallState(models.TextChoices):
    WAITING = "waiting", _("排队中")
    RINGING = "ringing", _("振铃中")
    TALKING = "talking", _("通话中")
    ENDED = "ended", _("已结束")


class Outcome(models.TextChoices):
    """How a call went. A call that left in the menu had not asked for a person yet."""

    OPEN = "", _("进行中")
    ANSWERED = "answered", _("已接听")
    DROPPED = "dropped", _("排队时挂断")
    LEFT = "left", _("菜单内挂断")


class PresenceState(models.TextChoices):
    READY = "ready", _("就绪")
    TALKING = "talking", _("通话中")
    AFTER = "after", _("话后整理")
    AWAY = "away", _("小休")
    OFF = "off", _("签出")


@dataclass(frozen=True, slots=True)
class LineInfo:
    """One line of the city. `keeper` is the slug of the department it belonged to.

    The calls of a merged or parallel line reach the platform; of a sub-centre only its tickets do.
    """

    key: str
    number: str
    name: str
    name_en: str
    way: str
    keeper: str = ""

    @property
    def has_calls(self) -> bool:
        return self.way != Way.SUBCENTRE

    def text(self, language: str) -> str:
        """Its name for a Django language code."""
        return self.name_en if language.startswith("en") else self.name


@dataclass(frozen=True, slots=True)
class CallEvent:
    """One thing that an exchange tells.

    :param id: the exchange's own id of the event; the same again changes nothing
    :param call: the exchange's own id of the call
    :param line: key or number of the line; needed with ``offered``
    :param station: extension of the operator (ringing, answered, transferred), or an officer's actor id
    :param to: where a call was transferred to
    :param recording: reference by which the exchange finds the recording
    :param rating: 1 very satisfied … 5 very dissatisfied (GB/T 39046)
    """

    id: str
    call: str
    kind: str
    at: datetime
    line: str = ""
    caller: str = field(default="", repr=False)
    station: str = ""
    to: str = ""
    recording: str = ""
    rating: int = 0


@dataclass(frozen=True, slots=True)
class CallView:
    """One call as a page shows it. `caller` is masked; `tickets` are numbers of dockets."""

    id: int
    line: str
    line_name: str
    caller: str
    state: str
    outcome: str
    offered_at: datetime
    answered_at: datetime | None
    ended_at: datetime | None
    wait_seconds: int | None
    officer: str
    by_hand: bool
    transferred_to: str
    recorded: bool
    rating: int | None
    tickets: tuple[str, ...] = ()

    @property
    def state_label(self) -> str:
        return str(CallState(self.state).label)

    @property
    def outcome_label(self) -> str:
        return str(Outcome(self.outcome).label)


@dataclass(frozen=True, slots=True)
class Presence:
    """Whether an operator takes calls. `station` is the extension signed on to."""

    officer: str
    state: str
    since: datetime | None
    station: str = ""

    @property
    def label(self) -> str:
        return str(PresenceState(self.state).label)


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """Calls counted; rates are `answered`/`offered` and `in_time`/`offered`.

    Offered 呼入 are all calls that reached the line; `left` went away in the menu before asking for a person,
    `dropped` while waiting for one. Seconds of waiting run from asking for a person. Calls written down by hand
    while the exchange was away are counted apart (`by_hand`): nobody knows who could not get through then.
    """

    offered: int = 0
    answered: int = 0
    in_time: int = 0
    dropped: int = 0
    left: int = 0
    by_hand: int = 0
    waited: int = 0
    rated: int = 0
    content: int = 0

    @property
    def average_wait(self) -> float | None:
        """Seconds that an answered call had waited, on average; None when none was answered."""
        return self.waited / self.answered if self.answered else None

    @property
    def late(self) -> int:
        """Answered, but not in time."""
        return self.answered - self.in_time


@dataclass(frozen=True, slots=True)
class ExchangeStatus:
    """Whether the exchange works; `words` are for the operators' banner when it does not."""

    up: bool
    name: str
    words: str = ""
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class RecordedEvents:
    """What came of a batch: events new, events known already."""

    new: int
    known: int


class TelephonyError(Exception):
    """Something about calls cannot be done; `code` for programs, `possible` says what can."""

    def __init__(self, code: str, reason: str, *, possible: str = "") -> None:
        super().__init__(reason)
        self.code, self.reason, self.possible = code, reason, possible


class ExchangeDownError(Exception):
    """The exchange does not answer or refuses for now."""


class HearingPurpose(models.TextChoices):
    """What a recording may be listened to for (个人信息保护法 第六条: a definite purpose)."""

    HANDLING = "handling", _("办理这张工单")
    QUALITY = "quality", _("话务质检")
    DISPUTE = "dispute", _("核实争议、投诉")
    SUPERVISION = "supervision", _("督查")


@dataclass(frozen=True, slots=True, repr=False)
class Recording:
    """A call's sound. The repr tells its size."""

    content: bytes
    media_type: str

    def __repr__(self) -> str:
        return f"Recording({len(self.content)} bytes)"


class Exchange(Protocol):
    """A plugin that speaks with one exchange. What happens on the lines comes back as events.

    `assigns`: the exchange itself chooses who is rung; else the platform rings whoever is ready longest.
    """

    name: str
    assigns: bool
    simulated: bool

    def status(self, *, at: datetime) -> ExchangeStatus:
        """Whether it works now."""
        ...

    def answer(self, *, call: str, station: str, at: datetime) -> None:
        """Put the caller through to a station. :raises ExchangeDownError: it does not answer"""
        ...

    def hang_up(self, *, call: str, at: datetime) -> None:
        """End the call and ask for the rating. :raises ExchangeDownError: it does not answer"""
        ...

    def transfer(self, *, call: str, to: str, at: datetime) -> None:
        """Put the caller through to another number. :raises ExchangeDownError: it does not answer"""
        ...

    def recording(self, *, reference: str) -> Recording:
        """The sound of a call. :raises ExchangeDownError: it does not answer, or has it no more"""
        ...

    def poll(self, *, since: datetime, until: datetime, ready: tuple[str, ...]) -> list[CallEvent]:
        """What happened since, for an exchange that does not tell by itself; usually nothing.

        :param ready: stations that would take a call
        """
        ...


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One day of the answer rate."""

    day: date
    figures: AnswerFigures
