"""What crosses the door of actors: roles, and parties, units and regions as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What an officer may be appointed to in a unit. A flow names these in `Move.by`."""

    WINDOW = "window", _("窗口收件")
    HANDLER = "handler", _("承办")
    APPROVER = "approver", _("审批")
    HEAD = "head", _("单位负责人")
    SURVEYOR = "surveyor", _("现场勘验")
    DISPATCHER = "dispatcher", _("派单")
    SUPERVISOR = "supervisor", _("效能监督")
    CALLBACK = "callback", _("回访")
    LEADER = "leader", _("领导")
    CATALOGUE_EDITOR = "catalogue_editor", _("事项编辑")
    THEME_EDITOR = "theme_editor", _("主题编辑")
    ADMIN = "admin", _("单位管理员")


# Not a role that one is appointed to: what an agent may do in the name of a party.
APPLICANT_ROLE: Final = "applicant"


class Level(models.TextChoices):
    """Level of a division, by the code of 行使层级 in GB/T 39046."""

    CITY = "3", _("市")
    COUNTY = "4", _("县（区）")
    TOWNSHIP = "5", _("乡镇（街道）")
    VILLAGE = "6", _("村（社区）")


@dataclass(frozen=True, slots=True)
class RegionInfo:
    """A division. `parent` is the code of the one above, empty at the top."""

    code: str
    name: str
    level: str
    parent: str
    name_en: str = ""
    latitude: float | None = None
    longitude: float | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class UnitInfo:
    """A unit. `ended_on` is the first day on which it no longer exists, `successor` who took over.

    `opening` has lines ``<first weekday>-<last> HH:MM-HH:MM`` or ``<weekday> …``, 1 = Monday.
    `windows` are the numbers of its windows in the hall with their names.
    `latitude` and `longitude` are WGS 84 degrees; None where unknown.
    """

    id: str
    name: str
    region: str
    department: str
    parent: str = ""
    name_en: str = ""
    address: str = ""
    phone: str = ""
    opening: tuple[str, ...] = ()
    windows: Mapping[str, str] = field(default_factory=dict)
    latitude: float | None = None
    longitude: float | None = None
    uscc: str = ""
    ended_on: date | None = None
    successor: str = ""


@dataclass(frozen=True, slots=True)
class PartyInfo:
    """A person or an organisation that may ask for something. Numbers and phones are masked."""

    id: str
    kind: str
    name: str
    number_masked: str
    phone_masked: str
    region: str = ""
    ended_on: date | None = None


@dataclass(frozen=True, slots=True, repr=False)
class PartyFacts:
    """What the registers know of a party, unmasked. `number` is the resident id or the credit code.

    Money in fen. The repr tells the id only, so that no number gets into a log by accident.
    """

    id: str
    kind: str
    name: str
    number: str
    phone: str
    address: str
    region: str
    birth_date: date | None = None
    gender: str = ""
    nation: str = ""
    type: str = ""
    established_date: date | None = None
    capital_fen: int | None = None
    industry: str = ""
    representative: str = ""
    representative_number: str = ""
    representative_phone: str = ""

    def __repr__(self) -> str:
        return f"PartyFacts({self.id})"


@dataclass(frozen=True, slots=True)
class ActingInfo:
    """In whose name a person may act besides the own. `matters` empty means everything."""

    id: int
    principal: str
    name: str
    until: date | None
    matters: tuple[str, ...] = ()


class ActorsError(Exception):
    """Something about regions, units, officers or parties cannot be done; says what and why."""


class NotKnownError(ActorsError):
    """No such region, unit, officer or party."""


class EndedError(ActorsError):
    """The row has ended, or would end twice."""


class UndeletableError(ActorsError):
    """Rows of actors are ended with a date, never deleted: dockets and the ledger name them."""
