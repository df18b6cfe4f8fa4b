"""What crosses the door of the remote window, and what a plugin that links two people must do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

UNANSWERED: Final = timedelta(minutes=10)
"""After this long an invitation that nobody took is over."""
IDLE: Final = timedelta(minutes=15)
"""After this long without anybody doing anything the sharing is over."""


class Consent(models.TextChoices):
    """How the applicant agreed that the remote officer sees the form (个人信息保护法 第十四条)."""

    SPOKEN = "spoken", _("当面口头同意")
    SIGNED = "signed", _("当面签字同意")
    ONLINE = "online", _("网上点同意")


class Answer(models.TextChoices):
    """What became of a proposed value."""

    OPEN = "open", _("等申请人答复")
    ACCEPTED = "accepted", _("申请人采用了")
    DECLINED = "declined", _("申请人没有采用")
    DROPPED = "dropped", _("没有答复，已经作废")


@dataclass(frozen=True, slots=True)
class DraftRef:
    """An unfinished application: under whose name it is kept, of what, and its own key."""

    owner: str
    subject: str
    key: str


class DraftDesk(Protocol):
    """Who knows drafts; connected by the face that offers sharing them. Refusals are `RemoteRefused`."""

    def proposed(self, draft: DraftRef, *, element: str, typed: str, at: datetime) -> tuple[str, str]:
        """A value as it would be typed, and what is there now."""
        ...

    def put(self, draft: DraftRef, *, element: str, typed: str, at: datetime) -> None:
        """Write a value into the draft, on the applicant's yes."""
        ...


class Side(models.TextChoices):
    NEAR = "near", _("窗口")
    FAR = "far", _("远程窗口")


@dataclass(frozen=True, slots=True)
class Link:
    """Where each side finds picture and sound; empty where the plugin shares the page only."""

    near: str = field(default="", repr=False)
    far: str = field(default="", repr=False)


class LinkPlugin(Protocol):
    """A plugin named in `settings.REMOTE_LINK`. It is called outside any transaction and knows no personal data."""

    def open(self, *, near: str, far: str, at: datetime) -> Link:
        """A room for two, between two units.

        :param near: id of the unit at whose window the applicant is; `far` of the one that decides
        :raises LinkDownError: not now
        """
        ...


class LinkDownError(Exception):
    """The link cannot be made now."""


class RemoteRefused(Exception):  # noqa: N818 - an answer, not a fault
    """A session that cannot be opened; `possible` says what can be done, `fields` words by form field."""

    def __init__(
        self, reason: str, *, possible: str = "", fields: dict[str, str] | None = None, down: bool = False
    ) -> None:
        super().__init__(reason)
        self.reason, self.possible, self.fields, self.down = reason, possible, fields or {}, down


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing said on the shared page."""

    at: datetime
    officer: str
    unit: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SessionView:
    """One session as its two sides see it. `shared` is the docket that is looked at, None while it is still a `draft`;
    `pointed` the key of a field.

    `video` is the address for the side that reads; empty while nobody has joined.
    """

    docket: int
    number: str
    state: str
    shared: int | None
    near_unit: str
    near_officer: str
    far_unit: str
    far_officer: str
    place: str
    consent: str
    opened_at: datetime
    joined_at: datetime | None
    ends_at: datetime
    pointed: str
    revision: int
    side: str
    video: str = field(default="", repr=False)
    outcome: str = ""
    said: str = field(default="", repr=False)
    draft: DraftRef | None = None


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A value that the remote officer proposes for a field of a draft; as it would be typed."""

    id: int
    element: str
    answer: str
    answer_words: str
    by: str
    at: datetime
    value: str = field(repr=False)
    before: str = field(repr=False)
