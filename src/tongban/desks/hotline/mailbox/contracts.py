"""What crosses the door of the mailbox."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _


class LetterState(models.TextChoices):
    """What became of the consent to publish a letter."""

    WAITING = "waiting", _("待决定")
    PUBLISHED = "published", _("已公开")
    KEPT = "kept", _("不公开")
    TAKEN_DOWN = "taken_down", _("已撤下")
    TAKEN_BACK = "taken_back", _("写信人不公开了")


@dataclass(frozen=True, slots=True)
class PublishedLetter:
    """A letter as everybody reads it: no person, no number."""

    docket: int
    number: str
    title: str
    text: str
    reply: str
    unit: str
    written_at: datetime
    replied_at: datetime | None
    published_at: datetime


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter with consent as the desk works on it. `ready`: its reply was reviewed, so that it can be decided."""

    docket: int
    number: str
    state: str
    ready: bool
    title: str
    text: str
    reply: str
    unit: str
    written_at: datetime
    consented_at: datetime
    decided_at: datetime | None
    reason: str

    @property
    def state_label(self) -> str:
        return str(LetterState(self.state).label)


class MailboxRefused(Exception):  # noqa: N818 - an answer, not a fault
    """What cannot be done: why, and words by form field."""

    def __init__(self, reason: str, *, fields: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.reason, self.fields = reason, fields or {}
