"""What crosses the door of supervision 电子监察."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

KIND: Final = "appeal"
"""Kind of the docket in which a unit appeals against a late mark."""


class Colour(models.TextChoices):
    """What a warning says: near its limit, or past it."""

    YELLOW = "yellow", _("黄色预警")
    RED = "red", _("红色预警")


class Rung(models.TextChoices):
    """Who is told, from the bottom up."""

    HANDLER = "handler", _("经办人")
    HEAD = "head", _("单位负责人")
    SUPERVISOR = "supervisor", _("效能监督")
    LEADER = "leader", _("领导")


@dataclass(frozen=True, slots=True)
class Counted:
    """Warnings of one unit: near, late and still running, without an explanation, appeals that wait."""

    unit: str
    yellow: int = 0
    red: int = 0
    unexplained: int = 0
    appealed: int = 0

    def __add__(self, other: Counted) -> Counted:
        return Counted(
            self.unit, self.yellow + other.yellow, self.red + other.red, self.unexplained + other.unexplained,
            self.appealed + other.appealed,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Watched:
    """One warning as others read it. `number` is the docket's; `appeal` the number of the appeal, if any."""

    id: int
    number: str
    kind: str
    limit: str
    unit: str
    region: str
    colour: str
    due_at: datetime
    over_at: datetime | None
    explain_by: datetime | None
    reason: str
    appeal: str
    excused: bool


@dataclass(frozen=True, slots=True)
class Appealed:
    """What an appeal says. `mark` is the warning's id, `number` that of the late docket; `ground` in the reader's words."""

    mark: int
    number: str
    limit: str
    due_at: datetime
    over_at: datetime | None
    unit: str
    ground: str
    words: str


class SupervisionError(Exception):
    """What cannot be done; says why and what can be."""

    def __init__(self, reason: str, *, possible: str = "", code: str = "refused") -> None:
        super().__init__(reason)
        self.reason, self.possible, self.code = reason, possible, code

    def __str__(self) -> str:
        return f"{self.reason}{self.possible}"
