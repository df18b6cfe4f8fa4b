"""What crosses the catalogue's door. Money is integer fen; limits carry their unit.

This file is long because a matter has as many parts as GB/T 39046 gives it, and a reader wants them side by side.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tongban.registers.catalogue.instant import InstantSpec
from tongban.registers.catalogue.regulated import RegulatedSpec

REQUIRED, OPTIONAL, LATER = "1", "2", "3"


@dataclass(frozen=True, slots=True)
class LimitSpec:
    """A limit. `amount` 0 means on the spot; `unit` is working_days, natural_days or working_hours."""

    amount: int
    unit: str = "working_days"


@dataclass(frozen=True, slots=True)
class Fee:
    """One fee in fen; `basis` names the document that sets it.

    :param due: ``accept`` when it is collected on line as soon as the case is accepted; empty: elsewhere
    :param back: given back when the case comes to nothing
    """

    name: str
    amount_fen: int
    basis: str = ""
    due: str = ""
    back: bool = False


@dataclass(frozen=True, slots=True)
class LegalBasis:
    """An article, and in `says` what it says in plain words."""

    law: str
    article: str
    says: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What the applicant receives; `kind` is 证照, 批文, 证明 or 其他.

    `act` says what a grant does to a licence of the kind: issue, renew, change, reissue or cancel; empty where the
    situation says it. `name_en` is left out where the English of the licence kind says it.
    """

    name: str
    kind: str
    licence_kind: str = ""
    act: str = ""
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One link (收件 受理 审查 决定 制证 送达) and the working days it takes."""

    link: str
    days: int


@dataclass(frozen=True, slots=True)
class Situation:
    """情形: a case of the same matter, chosen by the applicant or by a theme."""

    key: str
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class HandlingItem:
    """办理项 with the situations in which it is the one handled."""

    code: str
    name: str
    situations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Faq:
    q: str
    a: str


@dataclass(frozen=True, slots=True)
class ElementSpec:
    """One data element: asked once, whoever asks. Equal keys mean the same fact about the same subject.

    `type` is text, date, number, choice, yesno, id, uscc, phone, address or money. `required` is meant
    within the matter that lists it (an element read alone is required); `when` the situations in which that
    matter asks for it (none: always). A value is always one of `choices`; `choices_en` are their English labels,
    in the same order (none: not written yet).
    """

    key: str
    name: str
    type: str
    name_en: str = ""
    choices: tuple[str, ...] = ()
    group: str = ""
    max: int | None = None
    help: str = ""
    example: str = ""
    personal: bool = False
    required: bool = True
    when: tuple[str, ...] = ()
    choices_en: tuple[str, ...] = ()
    help_en: str = ""

    def choice_label(self, value: str, *, english: bool) -> str:
        """A choice as it is read; a value that is none of the choices stays as it is."""
        if not english or value not in self.choices or not self.choices_en:
            return value
        return self.choices_en[self.choices.index(value)]


@dataclass(frozen=True, slots=True)
class MaterialSpec:
    """One paper. `necessity` 1 required, 2 not required, 3 may follow; `when` the situation in which it
    is asked for ("" always); `commitment` whether a declaration may stand in for it; `source` 10 own,
    20 government, 99 other; `issuer` the department slug of a government paper.
    """

    key: str
    name: str
    name_en: str = ""
    necessity: str = REQUIRED
    form: tuple[str, ...] = ()
    source: str = "10"
    issuer: str = ""
    licence_kind: str = ""
    sample: str = ""
    mistakes: tuple[str, ...] = ()
    help: str = ""
    commitment: bool = False
    when: tuple[str, ...] = ()

    @property
    def required(self) -> bool:
        return self.necessity == REQUIRED

    @property
    def from_government(self) -> bool:
        """Whether the government issued it and can look it up itself."""
        return self.source == "20"


@dataclass(frozen=True, slots=True)
class Lists:
    """On which of the lists that cities publish a matter stands."""

    commitment: bool = False
    tolerance: bool = False
    instant: bool = False
    self_service: bool = False
    high_frequency: bool = False
    convenience: bool = False
    nearby: bool = False
    once: bool = False
    cross_region: tuple[str, ...] = ()
    sunk_to: tuple[str, ...] = ()
    intermediary: bool = False
    abolished_proofs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MatterSpec:
    """One matter as it is handled in one region: the most specific published implementation.

    `code` finds it again in the same region; `implementation_code` is opaque. `region` and `unit` are
    those of the implementation (a village asks its township's, and so on up). `unit` is empty for a
    partner region's unit unknown here; `unit_name` is always there. `version` counts publications.
    """

    code: str
    name: str
    kind: str
    region: str
    unit: str
    unit_name: str
    department: str
    implementation_code: str
    version: int
    plain_name: str = ""
    name_en: str = ""
    main_item: str = ""
    levels: tuple[str, ...] = ()
    applicants: tuple[str, ...] = ()
    case_kind: str = "2"
    legal_basis: tuple[LegalBasis, ...] = ()
    legal_limit: LimitSpec | None = None
    promised_limit: LimitSpec | None = None
    channels: tuple[str, ...] = ()
    depth: str = ""
    visits: int | None = None
    fees: tuple[Fee, ...] = ()
    results: tuple[Result, ...] = ()
    conditions: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    procedures: tuple[str, ...] = ()
    elements: tuple[ElementSpec, ...] = ()
    materials: tuple[MaterialSpec, ...] = ()
    situations: tuple[Situation, ...] = ()
    handling_items: tuple[HandlingItem, ...] = ()
    mistakes: tuple[str, ...] = ()
    faq: tuple[Faq, ...] = ()
    lists: Lists = field(default_factory=Lists)
    topics: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    instant: InstantSpec | None = None
    regulated: RegulatedSpec | None = None
    partner: bool = False
    has_guide: bool = True

    @property
    def title(self) -> str:
        """Plain name first, the legal term once in brackets."""
        if self.plain_name and self.plain_name != self.name:
            return f"{self.plain_name}（{self.name}）"
        return self.name

    @property
    def fee_fen(self) -> int:
        """Everything to be paid, in fen."""
        return sum(fee.amount_fen for fee in self.fees)

    def elements_for(self, *situations: str) -> tuple[ElementSpec, ...]:
        """Elements asked for in these situations (those asked always included)."""
        asked = set(situations)
        return tuple(element for element in self.elements if not element.when or asked & set(element.when))

    def materials_for(self, *situations: str) -> tuple[MaterialSpec, ...]:
        """The papers asked for in the named situations: those for always and those for one of them."""
        asked = set(situations)
        return tuple(paper for paper in self.materials if not paper.when or asked & set(paper.when))

    def handling_item(self, situation: str) -> HandlingItem | None:
        """The handling item for a situation, or the only one there is."""
        for item in self.handling_items:
            if situation in item.situations:
                return item
        return self.handling_items[0] if len(self.handling_items) == 1 else None


@dataclass(frozen=True, slots=True)
class MatterHit:
    """One result of a search, best first. `score` compares within one search only."""

    code: str
    name: str
    score: float
    plain_name: str = ""
    name_en: str = ""
    department: str = ""
    unit_name: str = ""
    region: str = ""
    visits: int | None = None
    days: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "code": self.code,
            "score": self.score,
            "plain_name": self.plain_name,
            "department": self.department,
            "region": self.region,
        }


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a row of a file was not taken: where it is, what it says, what would be possible."""

    row: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did or, previewed, would do. `rows` = created + changed + unchanged + refused rows."""

    rows: int
    created: int
    changed: int
    unchanged: int
    refusals: tuple[Refusal, ...]
    notes: tuple[Refusal, ...] = ()
    written: bool = False

    def as_dict(self) -> dict[str, Any]:
        def plain(items: tuple[Refusal, ...]) -> list[dict[str, Any]]:
            return [{"row": r.row, "column": r.column, "value": r.value, "reason": r.reason} for r in items]

        return {
            "rows": self.rows,
            "created": self.created,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "refused": len({refusal.row for refusal in self.refusals}),
            "written": self.written,
            "refusals": plain(self.refusals),
            "notes": plain(self.notes),
        }


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Implementations of one matter that should say the same and do not."""

    code: str
    field: str
    values: tuple[tuple[str, str], ...]
    """(region, what it says there)"""


@dataclass(frozen=True, slots=True)
class Change:
    """One element that differs between two versions."""

    element: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class ListCount:
    """One published list with how many matters of the region stand on it."""

    key: str
    name: str
    says: str
    count: int


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One line of an implementation's history."""

    number: int
    state: str
    published_at: datetime | None
    published_by: str
    ended_at: datetime | None
    ended_by: str
    note: str


@dataclass(frozen=True, slots=True)
class SwitchLine:
    """One switch of instant approval: `code` empty means every matter of the region and below."""

    code: str
    region: str
    on: bool
    reason: str
    actor: str
    at: datetime


class CatalogueError(Exception):
    """Something asked of the catalogue is not possible; the text says what is."""


class UnknownMatterError(CatalogueError, LookupError):
    """No published implementation in the region or above it."""

    def __init__(self, code: str, region: str) -> None:
        self.code, self.region = code, region
        super().__init__(
            f"没有找到编码为“{code}”、在区划{region}（或其上级）公布的事项。请核对编码，或按名称搜索。"
        )


class UnknownKeyError(CatalogueError, LookupError):
    """No such data element or material."""


class PackError(CatalogueError):
    """A pack file cannot be taken; one line per fault, each with file and place."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = faults
        super().__init__("\n".join(faults))


class ImportRefusedError(CatalogueError):
    """A file was not taken; nothing was written."""

    def __init__(self, message: str, report: ImportReport | None = None) -> None:
        self.report = report
        super().__init__(message)
