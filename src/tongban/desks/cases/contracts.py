"""What crosses the door of the cases desk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final, Literal

from django.db import models
from django.utils.translation import gettext_lazy as _

Way = Literal["upload", "known", "form", "earlier", "later", "commit", "result", "paper"]
OUTSIDE: Final = "outside"
"""In place of the unit that received: the window belongs to a place outside the city, see `partners`."""
EvidenceKind = Literal["licence", "shared", "form", "earlier"]


class Check(models.TextChoices):
    """How far the government has looked up a paper that it says it has already."""

    NONE = "", _("不用核对")
    PASSED = "passed", _("已核对")
    QUEUED = "queued", _("待核对")
    FAILED = "failed", _("没有查到")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands in for a paper.

    `reference` is the identifier of a licence 电子证照标识, ``register:paper@day`` of a shared register (without the day
    while `check` is queued), the number of an earlier application, or the digest of the signed form: no personal data.
    `zh` and `en` say it in words; `unit` who vouches for it.
    """

    kind: EvidenceKind
    reference: str
    zh: str
    en: str = ""
    unit: str = ""
    as_of: date | None = None
    until: date | None = None
    check: str = Check.PASSED.value

    def text(self, language: str) -> str:
        """In words, for a Django language code."""
        return (self.en or self.zh) if language.startswith("en") else self.zh

    @property
    def register(self) -> str:
        """Key of the shared register that was or will be asked; empty for other kinds."""
        return self.reference.partition(":")[0] if self.kind == "shared" else ""


@dataclass(frozen=True, slots=True)
class Correction:
    """A fact that the applicant says is wrong. The register is not changed; who decides sees both.

    `files` are (digest, name) of stored files; `register` names who said `old`.
    """

    element: str
    label: str
    old: Any = field(repr=False)
    new: Any = field(repr=False)
    source: str
    reason: str = field(repr=False)
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value of the form came from, as it is kept with the application; no values."""

    element: str
    kind: str
    zh: str
    en: str
    reference: str = ""
    as_of: date | None = None


class DeliveryWay(models.TextChoices):
    """How results reach the applicant."""

    ELECTRONIC = "electronic", _("电子送达")
    WINDOW = "window", _("窗口领取")
    COURIER = "courier", _("快递寄送")


@dataclass(frozen=True, slots=True)
class MaterialGiven:
    """One paper of an application and how it is met.

    `way`: ``upload`` handed in as files, ``paper`` handed in at the window, ``known`` already with
    the government (a licence or a shared record, named in `evidence`, never on trust), ``form`` made
    of the form and signed by submitting it, ``earlier`` handed in with an earlier application,
    ``result`` comes out of an earlier matter of the same application, ``later`` follows by `due_on`
    (容缺), ``commit`` replaced by a written undertaking (告知承诺). `files` are digests of stored files.
    """

    key: str
    name: str
    way: Way
    matters: tuple[str, ...]
    files: tuple[tuple[str, str], ...] = ()
    due_on: date | None = None
    given_by: str = ""
    evidence: Evidence | None = None


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
    """Everything that one submission says. `unit` is the unit that accepts for all 综合受理.

    `received_from` is the place outside the city whose window received it, empty for our own.
    """

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
    origins: tuple[Origin, ...] = ()
    corrections: tuple[Correction, ...] = ()
    received_from: str = ""


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


@dataclass(frozen=True, slots=True)
class Issued:
    """A licence that came of an application: its identifier (GB/T 36904), kind and name.

    :param link: where its holder, signed in, gets the sealed PDF
    """

    identifier: str
    kind: str
    name: str
    link: str


@dataclass(frozen=True, slots=True)
class InstantRule:
    """One decision rule as it came out, in the reader's language.

    `value` True, False or None; `mend` says what would mend a False, `unknown` what is not known and why.
    """

    key: str
    says: str
    mend: str
    value: bool | None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class InstantOutlook:
    """What the decision rules of one matter came to: ``approve``, ``human`` or ``told``.

    `on` is False while instant approval is switched off; `waits` when an earlier matter must be granted first;
    `approved` once it was granted by the rules; `checked_at` None before submitting.
    """

    matter: str
    name: str
    verdict: str
    on: bool
    waits: bool
    approved: bool
    checked_at: datetime | None
    rules: tuple[InstantRule, ...]

    @property
    def false(self) -> tuple[InstantRule, ...]:
        return tuple(one for one in self.rules if one.value is False)

    @property
    def open(self) -> tuple[InstantRule, ...]:
        return tuple(one for one in self.rules if one.value is None)
