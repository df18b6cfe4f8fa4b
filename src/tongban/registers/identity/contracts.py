"""What crosses the door of identity."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from tongban.kernel.contracts import Actor

# Somebody who has not signed in. The id is not empty, so that it equals no empty column.
ANONYMOUS = Actor(id="anonymous")


class AccountKind(models.TextChoices):
    OFFICER = "officer", _("工作人员")
    PERSON = "person", _("个人")
    ORGANISATION = "organisation", _("法人")
    ADMIN = "admin", _("系统管理")


class ActorRequest(HttpRequest):
    """A request that passed `middleware.CurrentActor`; `actor` is worked out when first asked for."""

    actor: Actor


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account of the demo city that the sign-in page offers at one tap."""

    username: str
    purpose: str
    kind: str
    name: str
