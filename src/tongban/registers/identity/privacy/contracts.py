"""What crosses the door of privacy: purposes, consents, and how a context takes part in export, erasure, retention."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

UNMASKED_FOR: Final = timedelta(seconds=60)


class Purpose(models.TextChoices):
    """What personal data may be unmasked for (个人信息保护法 第六条: a definite purpose, the least that it needs)."""

    HANDLING = "handling", _("核对申请内容")
    CONTACT = "contact", _("联系申请人")
    SURVEY = "survey", _("现场勘验或上门")
    DELIVERY = "delivery", _("送达、寄送")
    CORRECTION = "correction", _("更正信息")
    COMPLAINT = "complaint", _("处理投诉和评价")


class PrivacyRefused(Exception):  # noqa: N818 - an answer, not a fault
    """Something with personal data is refused; says why and what is possible."""

    def __init__(self, reason: str, *, possible: str = "") -> None:
        super().__init__(reason)
        self.reason, self.possible = reason, possible


@dataclass(frozen=True, slots=True)
class Seen:
    """Somebody unmasked a person's data."""

    at: datetime
    who: str
    unit: str
    purpose: str
    reason: str
    docket: str


@dataclass(frozen=True, slots=True)
class Ask:
    """A consent that is asked for (packs/consents). Texts by language."""

    key: str
    receiver: Mapping[str, str]
    what: Mapping[str, str]
    why: Mapping[str, str]
    without: Mapping[str, str]
    basis: str
    departments: tuple[str, ...]
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Given:
    """A consent as its giver reads it."""

    id: int
    key: str
    receiver: Mapping[str, str]
    what: Mapping[str, str]
    why: Mapping[str, str]
    basis: str
    docket: str
    given_at: datetime
    withdrawn_at: datetime | None


@dataclass(frozen=True, slots=True)
class Section:
    """One part of an export: a heading in two languages and records of plain JSON."""

    key: str
    name: Mapping[str, str]
    records: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Kept:
    """What is not erased, why, and until when (None: for good)."""

    what: str
    number: str
    basis: str
    until: date | None


@dataclass(frozen=True, slots=True)
class ErasureInfo:
    """A request to erase as its keeper reads it. `entry` is the ledger's, once it was done."""

    open: int
    kept: list[Kept]
    entry: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """How long dockets of a kind are kept after closing; `years` None: for good. From packs/retention."""

    kind: str
    years: int | None
    basis: str
    outcomes: tuple[str, ...] = ()
    note: str = ""


# Gives what a context knows of a party, as sections of an export.
Source = Callable[[str, datetime], Iterable[Section]]
# Erases what a context keeps of a party besides dockets; tells how many rows.
Eraser = Callable[[str, datetime], int]
# Tells what an erasure leaves where it is, because a law keeps it.
Keeper = Callable[[str], Iterable[Kept]]
# Destroys the contents of closed dockets (forms, files); tells how many rows.
Destroyer = Callable[[list[int], datetime], int]
