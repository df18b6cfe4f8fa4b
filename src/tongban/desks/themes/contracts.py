"""What crosses the door of the themes desk: the plan, its parts, and the errors.

A plan is the one notice 一次性告知: everything that follows from somebody's answers, before anything is
submitted. It is made anew from (theme version, answers, party, instant) and never stored half: who needs
it later keeps the inputs and plans again, and gets the same plan.

This file is long because the plan is one document: whoever reads a part needs its neighbours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

from tongban.registers.catalogue.contracts import LimitSpec

PartyKind = Literal["person", "organisation"]
Answer = str | bool | int | float
FieldSource = Literal["ask", "answer", "copy", "result"]
UNSURE = "unsure"
"""The answer 不清楚. A condition sees the answer that the theme plans with in that case."""


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in the two languages of every screen. English falls back to the source language."""

    zh: str
    en: str = ""

    def __str__(self) -> str:
        return self.zh

    def __bool__(self) -> bool:
        return bool(self.zh)

    def text(self, language: str) -> str:
        """The text for a Django language code such as ``zh-hans`` or ``en``."""
        return (self.en or self.zh) if language.startswith("en") else self.zh


@dataclass(frozen=True, slots=True)
class Party:
    """Who asks. `region` is the 12-digit division in which the theme is asked for."""

    kind: PartyKind
    region: str


@dataclass(frozen=True, slots=True)
class Question:
    """The next question to ask, as a page needs it."""

    key: str
    ask: Wording
    type: Literal["choice", "yesno", "number", "date"]
    options: tuple[tuple[str, Wording, Wording], ...]
    """(value, label, note) each; empty for numbers and dates. The values of a yesno are ``yes``, ``no``."""
    help: Wording
    unsure: Wording
    """What is planned for who does not know; empty where 不清楚 is no possible answer."""
    minimum: float | None
    maximum: float | None
    unit: Wording
    position: int
    """1 for the first question that this party is asked."""
    total: int
    """How many questions will be asked at most, from the answers so far."""


@dataclass(frozen=True, slots=True)
class Assumption:
    """A question answered 不清楚 and what was planned instead."""

    question: str
    ask: Wording
    taken: Answer
    means: Wording


@dataclass(frozen=True, slots=True)
class UnitSlot:
    """Which unit will handle a matter.

    `rule` is ``applicant`` (where the applicant asked), ``city`` (always the city) or the key of the
    form element that holds the division (then `region` and `unit` are those where the applicant asked,
    until the form is filled in).
    """

    department: str
    rule: str
    region: str
    unit: str


@dataclass(frozen=True, slots=True)
class Fee:
    name: str
    amount_fen: int
    basis: str
    matter: str


@dataclass(frozen=True, slots=True)
class Result:
    """A licence, approval or proof that comes out of a matter."""

    name: str
    kind: str
    licence_kind: str
    matter: str
    name_en: str = ""

    @property
    def wording(self) -> Wording:
        return Wording(self.name, self.name_en)


@dataclass(frozen=True, slots=True)
class PlannedMatter:
    """One matter of the plan, to become one department case."""

    code: str
    name: Wording
    plain_name: str
    situation: str
    situation_name: str
    why: Wording
    slot: UnitSlot
    case_kind: str
    implementation_code: str
    level: int
    """0 = may start at once; n = waits for at least one matter of level n - 1."""
    after: tuple[str, ...]
    """Codes of the planned matters that must be finished before this one is opened."""
    survey: str
    """Name of the joint survey it takes part in, or empty."""
    promised: LimitSpec
    legal: LimitSpec
    starts_on: date
    due_on: date
    """Last day of its promised limit, joint survey included (which is not counted, 行政许可法 45)."""
    own_survey_days: int
    """Working days its survey would take if it were held for this matter alone."""
    visits: int


@dataclass(frozen=True, slots=True)
class FormField:
    """One data element, asked once whoever needs it."""

    key: str
    label: Wording
    type: str
    choices: tuple[str, ...]
    required: bool
    maximum: int | None
    help: Wording
    example: str
    personal: bool
    used_by: tuple[str, ...]
    """Codes of all planned matters that need it."""
    source: FieldSource
    """``ask`` the applicant fills it in; ``answer`` the answers already gave `value`; ``copy`` same as
    the field `copies`; ``result`` the result of the earlier matter `given_by` will say it."""
    value: Answer | None
    copies: str
    given_by: str
    visible: Any
    """JSONLogic over the other fields of the form (by key), or None = always shown."""
    usual: Answer | None = None
    """What the theme fills in where nothing is known; the applicant may change it."""
    usual_copies: str = ""
    """Or the element whose known value is taken."""
    choices_en: tuple[str, ...] = ()
    """English labels of the choices, in their order; empty where there are none."""

    def choice_label(self, value: str, language: str) -> str:
        """A choice as it is read in a Django language code; the value that is kept is always the Chinese one."""
        if not language.startswith("en") or value not in self.choices or not self.choices_en:
            return value
        return self.choices_en[self.choices.index(value)]


@dataclass(frozen=True, slots=True)
class FieldGroup:
    name: Wording
    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True)
class PlannedMaterial:
    """One paper, handed in once whoever needs it."""

    key: str
    name: Wording
    form: tuple[str, ...]
    necessity: str
    """Code of GB/T 39046: 1 required, 2 not required, 3 may follow 容缺后补. The strictest of all matters
    that use it: 3 only if none of them requires it at once."""
    commitment: bool
    """A written undertaking stands in for it (告知承诺): only if every matter that uses it allows that."""
    used_by: tuple[str, ...]
    given_by: str
    """Code of the earlier matter of this plan that produces it, so nobody brings it; else empty."""
    source: str
    issuer: str
    licence_kind: str
    sample: str
    mistakes: tuple[str, ...]
    help: str

    @property
    def brought(self) -> bool:
        """Whether the applicant hands it in (or lets the platform fetch it)."""
        return not self.given_by


@dataclass(frozen=True, slots=True)
class SparedMaterial:
    """A paper that a matter lists and this applicant need not hand in, with the reason."""

    key: str
    name: Wording
    why: Wording
    used_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JointSurvey:
    """One visit, one date, one report for several matters 联合勘验."""

    name: Wording
    lead: str
    matters: tuple[str, ...]
    days: int
    on: date
    """Earliest day on which the last of its matters has been opened."""


@dataclass(frozen=True, slots=True)
class JointPrecondition:
    """Matters handled side by side before `before`; an objection by one stops all 一家异议，全部中止."""

    name: Wording
    matters: tuple[str, ...]
    before: tuple[str, ...]
    stops_all: bool
    remedy: Wording


@dataclass(frozen=True, slots=True)
class Delivery:
    """How results reach the applicant: any of ``window``, ``courier``, ``electronic``."""

    ways: tuple[str, ...]
    usual: str
    together: bool
    note: Wording


@dataclass(frozen=True, slots=True)
class Reduction:
    """A count when the matters are done one by one, and here."""

    one_by_one: int
    here: int

    @property
    def saved(self) -> int:
        return self.one_by_one - self.here


@dataclass(frozen=True, slots=True)
class Saved:
    """The four reductions 四减, and fields. `steps` are links of handling 环节: what is taken and handed over is so once here.
    `days` are working days by promised limits; `legal_days` compares the statutory limits one after another with the days
    promised here.
    """

    fields: Reduction
    papers: Reduction
    trips: Reduction
    steps: Reduction
    days: Reduction
    legal_days: Reduction


@dataclass(frozen=True, slots=True)
class Plan:
    """The one notice: what will happen, what is needed, until when."""

    theme: str
    version: int
    name: Wording
    party: Party
    at: datetime
    answers: Mapping[str, Answer]
    """Answers as given, normalised, hidden ones dropped: safe to store and to plan with again."""
    ignored: tuple[str, ...]
    """Keys of questions that were answered although they do not arise; their answers changed nothing."""
    assumptions: tuple[Assumption, ...]
    matters: tuple[PlannedMatter, ...]
    """By level, then as the theme lists them: every matter stands after all it waits for."""
    form: tuple[FieldGroup, ...]
    materials: tuple[PlannedMaterial, ...]
    spared: tuple[SparedMaterial, ...]
    surveys: tuple[JointSurvey, ...]
    preconditions: tuple[JointPrecondition, ...]
    delivery: Delivery
    results: tuple[Result, ...]
    fees: tuple[Fee, ...]
    promised_on: date
    """Last day of the whole: the latest `due_on`."""
    provisional: bool
    """The date passes the last published calendar and will be counted again when the next is loaded."""
    saved: Saved

    @property
    def fees_fen(self) -> int:
        return sum(fee.amount_fen for fee in self.fees)

    @property
    def departments(self) -> tuple[str, ...]:
        """Department slugs taking part, each once, in order."""
        return tuple(dict.fromkeys(matter.slot.department for matter in self.matters))

    @property
    def stages(self) -> tuple[tuple[PlannedMatter, ...], ...]:
        """The matters by level: those of one stage run side by side."""
        levels = sorted({matter.level for matter in self.matters})
        return tuple(tuple(m for m in self.matters if m.level == level) for level in levels)

    @property
    def fields(self) -> tuple[FormField, ...]:
        return tuple(item for group in self.form for item in group.fields)

    @property
    def asked(self) -> tuple[FormField, ...]:
        """The fields that somebody has to fill in."""
        return tuple(item for item in self.fields if item.source == "ask")

    def matter(self, code: str) -> PlannedMatter:
        """One matter of the plan. :raises KeyError: not in this plan"""
        for item in self.matters:
            if item.code == code:
                return item
        raise KeyError(code)


class PlanRefused(Exception):  # noqa: N818 - a refusal, spoken of as such on every screen
    """Answers that no plan can be made from; says what is wrong and what is possible.

    `reason` is one of ``unanswered``, ``unknown_question``, ``wrong_answer``, ``not_applicable``,
    ``wrong_party``, ``not_eligible`` (the theme says who cannot be helped here), ``not_offered``, ``no_matter``, ``unknown_theme``; `question` the key concerned, or
    empty; `possible` the answers (or codes) that would be taken.
    """

    def __init__(
        self, *, reason: str, says: Wording, question: str = "", possible: tuple[str, ...] = ()
    ) -> None:
        super().__init__(says.zh)
        self.reason = reason
        self.says = says
        self.question = question
        self.possible = possible


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault in a theme file. `line` and `column` count from 1."""

    file: str
    line: int
    column: int
    code: str = field(compare=False)
    says: Wording = field(compare=False)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.says.zh} [{self.code}]"

    def text(self, language: str) -> str:
        """The line as a compiler would print it, in the reader's language."""
        return f"{self.file}:{self.line}:{self.column}: {self.says.text(language)} [{self.code}]"


class ThemeFaulty(ValueError):  # noqa: N818 - the theme is at fault, not the program
    """A theme file with findings; nothing of it was used."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


class ThemeRefused(ValueError):  # noqa: N818 - a refusal, spoken of as such on every screen
    """Something asked of a theme is not possible; `says` tells what is."""

    def __init__(self, says: Wording) -> None:
        super().__init__(says.zh)
        self.says = says


class UnknownTheme(ThemeRefused, LookupError):  # noqa: N818 - likewise
    """No such theme is offered in the region; `possible` are the codes that are."""

    def __init__(self, code: str, region: str, possible: tuple[str, ...]) -> None:
        listed = "、".join(possible) or "（还没有）"
        zh = f"地区 {region} 没有公布一件事“{code[:60]}”。已公布：{listed}。"
        super().__init__(Wording(zh, f"Region {region} offers no theme “{code[:60]}”. Offered: {listed}."))
        self.code = code
        self.possible = possible


@dataclass(frozen=True, slots=True)
class ThemeCard:
    """A theme as a list or a search result shows it."""

    code: str
    region: str
    """Where it was published: the region asked, or the nearest above it."""
    version: int
    name: Wording
    summary: Wording
    for_whom: Wording
    life_stage: str
    parties: tuple[PartyKind, ...]
    keywords: tuple[str, ...]
    matters: tuple[str, ...]
    days: int
    """Working days promised in the longest situation."""
    adopted_from: str


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One line of a theme's history in a region."""

    version: int
    status: str
    adopted_from: str
    published_at: datetime | None
    published_by: str
    withdrawn_at: datetime | None
    withdrawn_by: str
