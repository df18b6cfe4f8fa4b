"""What crosses the door of the helping desk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class Group(models.TextChoices):
    """Special groups 特殊群体, who are visited first."""

    NONE = "none", _("都不是")
    ELDER = "elder", _("老年人（60岁以上）")
    DISABLED = "disabled", _("残疾人")
    ILL = "ill", _("重病、住院或行动不便")
    MOTHER = "mother", _("孕妇或带婴儿的家长")
    ALONE = "alone", _("独居或留守")


PRIORITY: Final = frozenset({Group.ELDER, Group.DISABLED, Group.ILL, Group.MOTHER, Group.ALONE})


@dataclass(frozen=True, slots=True, repr=False)
class Visit:
    """A visit at somebody's home, unmasked. The repr tells the docket only."""

    docket: int
    group: str
    wish: str
    address: str
    phone: str
    visit_at: datetime | None = None
    served: str = field(default="")

    def __repr__(self) -> str:
        return f"Visit({self.docket})"


class HelpingRefused(Exception):  # noqa: N818 - an answer, not a fault
    """A wish that cannot be taken; `fields` are words by form field."""

    def __init__(self, reason: str, *, fields: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.reason, self.fields = reason, fields or {}
