"""What crosses the door of listening: sessions, what was promised in them, their public report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

KIND: Final = "session"


class SessionKind(models.TextChoices):
    """The three ways of listening in person; each is a channel of its tickets."""

    WINDOW = "window", _("办不成事窗口")
    LEADERS = "leaders", _("领导接听")
    BROADCAST = "broadcast", _("行风热线节目")


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session to be planned.

    :param host: who listens, with the office held; public
    :param place: room, frequency or address; public
    """

    kind: str
    title: str
    host: str
    place: str
    planned_at: datetime
    planned_until: datetime
    topic: str = ""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One ticket of a session, with what was promised. `withheld`: not in the public report.

    `title` is the ticket's, empty where the reader may not see it.
    """

    number: str
    title: str
    unit: str
    state: str
    said: str
    promised_by: date | None
    closed_at: datetime | None
    satisfaction: str
    withheld: bool

    @property
    def done(self) -> bool:
        return self.closed_at is not None


@dataclass(frozen=True, slots=True)
class Counts:
    """The follow-up list in numbers; `late` are promises whose day is over and which are not done."""

    tickets: int
    done: int
    late: int
    withheld: int


@dataclass(frozen=True, slots=True)
class SessionView:
    """One session as pages show it."""

    number: str
    docket: int
    kind: str
    state: str
    unit: str
    title: str
    host: str
    place: str
    topic: str
    planned_at: datetime
    planned_until: datetime
    held_at: datetime | None
    attended: str
    calls: int
    report: str
    reported_at: datetime | None
    closed_at: datetime | None

    @property
    def kind_label(self) -> str:
        return str(SessionKind(self.kind).label)


class ListeningRefused(Exception):  # noqa: N818 - an answer, not a fault
    """What cannot be done; words by form field."""

    def __init__(self, reason: str, *, fields: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.reason, self.fields = reason, fields or {}
