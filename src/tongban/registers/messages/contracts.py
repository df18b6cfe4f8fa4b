"""What crosses the door of messages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _

# What a desk may give for a word of a template: a text, one per language, a number, a day, an instant.
Value = str | int | date | datetime | dict[str, str]


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("等待发送")
    DELIVERED = "delivered", _("已送达")
    DECLINED = "declined", _("未发送")
    FAILED = "failed", _("发送失败")


@dataclass(frozen=True, slots=True, repr=False)
class Outgoing:
    """One message to be sent; see `services.send`. The repr tells nothing of it.

    :param channels: instead of the template's own
    """

    to: str
    template: str
    context: Mapping[str, Value]
    docket: str
    at: datetime
    key: str
    channels: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """What a channel is asked to deliver.

    :param reference: the same at every attempt, so that a provider sends nothing twice
    :param address: phone number or e-mail address; empty for the inbox
    """

    reference: str
    address: str = field(repr=False)
    text: str = field(repr=False)
    subject: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A provider's proof: its number and the instant at which the letter arrived."""

    number: str
    delivered_at: datetime


class Channel(Protocol):
    """A plugin that delivers. One letter may be given twice; by `reference` it goes out once."""

    def deliver(self, letter: Letter, *, at: datetime) -> Receipt:
        """Deliver.

        :raises ChannelDownError: not now; it is tried again later and later
        :raises UndeliverableError: never to this address; it is not tried again
        """
        ...


class MessagesError(Exception):
    """A message cannot be made; the text names the template and what is missing."""


class ChannelDownError(Exception):
    """The provider is away or refuses for now."""


class UndeliverableError(Exception):
    """The address will never take it."""


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A message in a list."""

    id: int
    subject: str
    docket: str
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True, repr=False)
class InboxLetter:
    """A message opened. `served_at` is the legal date of service, None for a mere notice."""

    id: int
    subject: str
    body: str
    docket: str
    created_at: datetime
    read_at: datetime | None
    served_at: datetime | None
    service_source: str = ""
