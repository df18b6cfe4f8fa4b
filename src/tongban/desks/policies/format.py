"""A policy and its measures as typed data: what a pack, an editor's page or the command line may say, and nothing else.

These models say whether something has the right shape; whether it makes sense is said by `checking`. `Terms` is also
how a version is kept.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, model_validator

from tongban.desks.policies.contracts import Order
from tongban.kernel.rules.amounts import MOST_FEN

KEY = r"^[a-z][a-z0-9-]{2,59}$"
CODE = r"^[0-9]{8,10}$"


def _blank_to_none(value: Any) -> Any:
    return None if value == "" else value


Text = Annotated[str, Field(min_length=1, max_length=2_000)]
Title = Annotated[str, Field(min_length=2, max_length=120)]
English = Annotated[str, Field(max_length=2_000)]
Day = Annotated[date | None, BeforeValidator(_blank_to_none)]
Count = Annotated[int | None, Field(ge=1, le=10**7), BeforeValidator(_blank_to_none)]
Fen = Annotated[int | None, Field(ge=1, le=MOST_FEN), BeforeValidator(_blank_to_none)]


class Block(BaseModel):
    """Text is stripped; what has no name here is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class OrderBy(Block):
    """A fair order by an element of the portrait."""

    element: Text
    descending: bool = True


class Example(Block):
    """One worked example: a record, and what the measure comes to on that day.

    A value of the record stands for itself and is known on the day; ``{value, as_of}`` says when it was known; money
    is whole fen, or ``{yuan: "5000"}``. Only `missing` that are named are compared.
    """

    name: Annotated[str, Field(min_length=1, max_length=120)]
    name_en: Annotated[str, Field(max_length=240)] = ""
    on: date
    record: dict[str, Any] = Field(default_factory=dict)
    expect: Literal["entitled", "not", "unknown"]
    missing: tuple[str, ...] = ()
    amount_fen: Annotated[int | None, Field(ge=-MOST_FEN, le=MOST_FEN), BeforeValidator(_blank_to_none)] = (
        None
    )


class Terms(Block):
    """What one version of a measure says."""

    key: Annotated[str, Field(pattern=KEY)]
    title: Title
    title_en: English = ""
    party: Literal["organisation", "person"]
    gives: Literal["subsidy", "award", "relief", "interest", "insurance", "housing", "training", "service"]
    article: Annotated[str, Field(max_length=80)] = ""
    says: Text
    says_en: English = ""
    condition: Any
    amount: Any = None
    way: Literal["none", "quick", "matter"]
    matter: Annotated[str, Field(pattern=rf"{CODE}|^$")] = ""
    period: Literal["year", "quarter", "month", "once"] = "year"
    opens_on: Day = None
    closes_on: Day = None
    quota: Count = None
    budget_fen: Fen = None
    order: Literal["amount", "first"] | OrderBy = "first"
    publicity_days: Annotated[int, Field(ge=0, le=60)] = 0
    evidence: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    examples: tuple[Example, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _no_matter(cls, given: Any, _info: ValidationInfo) -> Any:
        """``matter: null`` says that there is none."""
        if isinstance(given, dict) and given.get("matter", "") is None:
            return {**given, "matter": ""}
        return given

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        return self.model_dump(mode="json", include=set(Terms.model_fields))

    @property
    def digest(self) -> str:
        """SHA-256 in hex of what it says; examples are no part of it."""
        said = {name: value for name, value in self.kept().items() if name != "examples"}
        return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    @property
    def ordered(self) -> Order:
        """The order as it crosses the door."""
        if isinstance(self.order, OrderBy):
            return Order("element", self.order.element, self.order.descending)
        return Order(self.order)


class Earlier(Block):
    """The condition and the amount that held in an earlier span; everything else was the same."""

    valid_from: date
    valid_until: date
    condition: Any
    amount: Any = None

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.valid_until < self.valid_from:
            raise ValueError("backward")
        return self


class Written(Terms):
    """A measure of a pack: its terms, and the versions before."""

    earlier: tuple[Earlier, ...] = ()

    @property
    def terms(self) -> Terms:
        return Terms.model_validate(self.model_dump(exclude={"earlier"}))


class Interpretation(Block):
    """How a policy is explained to everybody. Audio, video and pictures are uploaded, or lie beside a pack in its folder
    `files`; `text` is their transcript.
    """

    form: Literal["text", "picture", "audio", "video"] = "text"
    text: Annotated[str, Field(max_length=20_000)] = ""
    text_en: Annotated[str, Field(max_length=40_000)] = ""
    file: Annotated[str, Field(pattern=r"^([a-z0-9][a-z0-9-]{0,60}\.[a-z0-9]{2,4})?$")] = ""


class Head(Block):
    """What a policy is, without its measures."""

    key: Annotated[str, Field(pattern=KEY)]
    title: Title
    title_en: Annotated[str, Field(max_length=240)] = ""
    document: Annotated[str, Field(min_length=1, max_length=80)]
    issued_on: date
    valid_from: date
    valid_until: Day = None
    summary: Annotated[str, Field(max_length=2_000)] = ""
    summary_en: English = ""
    interpretation: Interpretation = Interpretation()

    @model_validator(mode="after")
    def _forward(self) -> Self:
        if self.valid_until is not None and self.valid_until < self.valid_from:
            raise ValueError("backward")
        return self


class PolicyPack(Head):
    """A policy of a pack with its measures."""

    measures: tuple[Written, ...] = Field(min_length=1)

    @property
    def head(self) -> Head:
        return Head.model_validate(self.model_dump(exclude={"measures"}))


class Pack(Block):
    """One file: a department and its policies."""

    department: Annotated[str, Field(pattern=r"^[a-z]{2,8}$")]
    policies: tuple[PolicyPack, ...]
