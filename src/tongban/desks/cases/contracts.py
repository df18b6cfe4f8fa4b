"""What crosses the door of the cases desk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from django.db import models
from django.utils.translation import gettext_lazy as _

Way = Literal["upload", "known", "later", "commit", "result", "paper"]


class DeliveryWay(models.TextChoices):
    """How results reach the applicant."""

    ELECTRONIC = "electronic", _("电子送达")
    WINDOW = "window", _("窗口领取")
    COURIER = "courier", _("快递寄送")


@dataclass(frozen=True, slots=True)
class MaterialGiven:
    """One paper of an application and how it is met.

    `way`: ``upload`` handed in as files, ``paper`` handed in at the window, ``known`` already with
    the government, ``result`` comes out of an earlier matter of the same application, ``later``
    follows by `due_on` (容缺), ``commit`` replaced by a written undertaking (告知承诺).
    `files` are digests of stored files.
    """

    key: str
    name: str
    way: Way
    matters: tuple[str, ...]
    files: tuple[tuple[str, str], ...] = ()
    due_on: date | None = None
    given_by: str = ""


@dataclass(frozen=True, slots=True)
class CaseAsked:
    """One matter of an application, to become one department case.

    `promised_days` and `legal_days` are working days; `after` are codes of matters of the same
    application that must be granted before this case starts; `objection` names the group in which
    one rejection stops all; `survey` the joint survey it takes part in.
    """

    matter: str
    name: str
    unit: str
    promised_days: int
    legal_days: int
    situation: str = ""
    case_kind: str = "2"
    after: tuple[str, ...] = ()
    survey: str = ""
    objection: str = ""
    implementation_code: str = ""
    results: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SurveyAsked:
    """A joint survey: one date and one report for several matters. `lead` is a unit id."""

    name: str
    lead: str
    matters: tuple[str, ...]
    days: int = 5


@dataclass(frozen=True, slots=True)
class Submission:
    """Everything that one submission says. `unit` is the unit that accepts for all 综合受理."""

    title: str
    subject: str
    applicant: str
    region: str
    unit: str
    cases: tuple[CaseAsked, ...]
    materials: tuple[MaterialGiven, ...] = ()
    surveys: tuple[SurveyAsked, ...] = ()
    form: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    agent: str = ""
    channel: str = "web"
    theme: str = ""
    theme_version: int = 0
    delivery: str = DeliveryWay.ELECTRONIC.value
    delivery_to: dict[str, str] = field(default_factory=dict)
    promised_on: date | None = None
    notice: dict[str, Any] = field(default_factory=dict)
    undertaking_text: str = ""


@dataclass(frozen=True, slots=True)
class Submitted:
    """The receipt of a submission: numbers of the application and of its cases."""

    number: str
    docket: int
    cases: tuple[str, ...]
    replayed: bool = False


class SubmissionRefused(Exception):  # noqa: N818 - an answer to the citizen, not a fault
    """A submission that cannot be taken; nothing of it was kept.

    `fields` are words by form field or ``material:KEY``.
    """

    def __init__(self, reason: str, *, fields: dict[str, str] | None = None, possible: str = "") -> None:
        super().__init__(reason)
        self.reason, self.fields, self.possible = reason, fields or {}, possible
