"""What crosses the door of identity."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final, Literal, Protocol

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongban.kernel.contracts import Actor

# Somebody who has not signed in: no id, no grants, no parties.
ANONYMOUS = Actor(id="")


class AccountKind(models.TextChoices):
    OFFICER = "officer", _("工作人员")
    PERSON = "person", _("个人")
    ORGANISATION = "organisation", _("法人")
    ADMIN = "admin", _("系统管理")


class ActorRequest(HttpRequest):
    """A request that passed `middleware.CurrentActor`; `actor` is worked out when first asked for."""

    actor: Actor


# Who may open a page: everybody, everybody with an account (also an officer who has no second factor yet),
# everybody signed in, citizens and companies, officers.
Audience = Literal["all", "account", "signed_in", "citizen", "officer"]


@dataclass(frozen=True, slots=True)
class Access:
    """The mark that every view carries. `roles`: the officer holds one of them; empty means any officer."""

    audience: Audience
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demo city that the sign-in page offers at one tap."""

    username: str
    purpose: str
    purpose_en: str
    kind: str


@dataclass(frozen=True, slots=True)
class IssuedToken:
    """A new bearer token. `secret` is shown once and kept nowhere."""

    secret: str = field(repr=False)
    label: str
    expires_at: datetime


class IdentityError(Exception):
    """A sign-in, a switch or a token is refused; the text is for the person at the screen."""


class UndeliveredError(IdentityError):
    """A code could not be sent: the channel is down. What was asked may be asked again."""


class LockedError(IdentityError):
    """Too many failed sign-ins. `until` is the instant from which one may try again."""

    def __init__(self, message: str, *, until: datetime) -> None:
        super().__init__(message)
        self.until = until


class Messenger(Protocol):
    """Tells people things; the room of messages registers itself, since it stands on identity."""

    def to_phone(
        self, *, phone: str, template: str, context: Mapping[str, str | int], english: bool, at: datetime
    ) -> None:
        """Send one of `packs/messages` to a phone now, kept nowhere: codes, and words to who has no inbox.

        :raises UndeliveredError: the channel is down
        """
        ...

    def to_actor(
        self, *, to: str, template: str, context: Mapping[str, str | int], key: str, at: datetime
    ) -> None:
        """Send one of `packs/messages` to somebody's inbox and, as they wish, further."""
        ...


_MESSENGER: list[Messenger] = []


def register_messenger(messenger: Messenger) -> None:
    """Say who tells people things; call it in `AppConfig.ready`. The last one counts."""
    _MESSENGER[:] = [messenger]


def messenger() -> Messenger:
    """Who tells people things."""
    return _MESSENGER[0]


# A loader of demo data gets the folder `packs/demo` and the instant, is idempotent, and tells how many
# rows it added and changed.
DemoLoader = Callable[[Path, datetime], Mapping[str, int]]


@dataclass(frozen=True, slots=True, order=True)
class DemoStep:
    """One step of `tongban demo load`; lower orders run first (city 10, accounts 20, others from 30)."""

    order: int
    name: str
    loader: DemoLoader = field(compare=False)


LAST_YEAR: Final = timedelta(days=370)
_STEPS: dict[str, DemoStep] = {}


def register_demo_loader(*, order: int, name: str, loader: DemoLoader) -> None:
    """Add a step to `tongban demo load`; call it in `AppConfig.ready`. The same name replaces."""
    _STEPS[name] = DemoStep(order, name, loader)


def demo_began(at: datetime) -> datetime:
    """From when the demo city has what any city had long before: a year ago where a year lies behind it, else now."""
    return at - LAST_YEAR if settings.DEMO_YEAR else at


def demo_steps() -> list[DemoStep]:
    """All steps, in the order in which they run."""
    return sorted(_STEPS.values())
