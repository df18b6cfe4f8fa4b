"""What crosses the door of actors: roles, and parties, units and regions as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
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
    AGENT = "agent", _("帮办代办")
    OPERATOR = "operator", _("话务员")
    GRID = "grid", _("网格员")
    FINANCE = "finance", _("财务经办")
    TREASURER = "treasurer", _("财务复核")
    POLICY_EDITOR = "policy_editor", _("政策编辑")
    SPECIALIST = "specialist", _("企业服务专员")


# Not a role that one is appointed to: what an agent may do in the name of a party.
APPLICANT_ROLE: Final = "applicant"


class Tie(models.TextChoices):
    """What somebody who acts is to the one acted for."""

    GUARDIAN = "guardian", _("监护人")
    FAMILY = "family", _("家人")
    STAFF = "staff", _("单位人员")
    AGENT = "agent", _("帮办代办员")


class Basis(models.TextChoices):
    """How an authority came about."""

    LAW = "law", _("法定")
    ONLINE = "online", _("本人网上授权")
    PAPER = "paper", _("书面授权")


class Standing(models.TextChoices):
    """Whether an authority holds at an instant, and if not, why."""

    IN_FORCE = "in_force", _("有效")
    AWAITING = "awaiting", _("等本人确认")
    NOT_YET = "not_yet", _("还没开始")
    ENDED = "ended", _("已到期")
    REVOKED = "revoked", _("已撤回")


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


@dataclass(frozen=True, slots=True)
class Mandate:
    """One authority to act for somebody, as both sides and the agent's unit read it.

    `agent` is ``person:7`` or ``officer:3``; `until` the last day; `matters` are codes, empty meaning everything;
    `document` the digest of the scanned paper; `recorded_by` the officer who attached it.
    """

    id: str
    agent: str
    agent_name: str
    agent_unit: str
    principal: str
    principal_name: str
    matters: tuple[str, ...]
    since: date
    until: date | None
    tie: str
    basis: str
    standing: str
    revoked_at: datetime | None = None
    document: str = ""
    document_name: str = ""
    recorded_by: str = ""

    @property
    def in_force(self) -> bool:
        return self.standing == Standing.IN_FORCE


@dataclass(frozen=True, slots=True)
class AgentInfo:
    """An officer who helps and acts for citizens 帮办代办员, at one of four levels."""

    id: str
    name: str
    unit: str
    unit_name: str
    level: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """An authority on paper, waiting for its code. `code` goes to the principal's phone and nowhere else."""

    mandate: str
    code: str = field(repr=False)


class ActorsError(Exception):
    """Something about regions, units, officers or parties cannot be done; says what and why."""


class NotKnownError(ActorsError):
    """No such region, unit, officer or party."""


class EndedError(ActorsError):
    """The row has ended, or would end twice."""


class CodeError(ActorsError):
    """A code that does not confirm: wrong, too old, or tried too often."""


class UndeletableError(ActorsError):
    """Rows of actors are ended with a date, never deleted: dockets and the ledger name them."""
