"""The theme file as typed data: what a civil servant may write, and nothing else.

Every class mirrors one block of the YAML. What these models can say about a file is its shape; whether
it makes sense (codes that exist, questions that can be reached) is said by `check`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    PrivateAttr,
    field_validator,
    model_validator,
)

from tongban.desks.themes.conditions import ANSWER_TYPES, PARTY, Condition, RuleError, vocabulary
from tongban.desks.themes.contracts import Answer
from tongban.kernel.rules.elements import Type
from tongban.kernel.rules.errors import Problem

Path = tuple[str | int, ...]
Rule = Annotated[
    Condition | None, PlainValidator(lambda source: None if source is None else Condition(source))
]
ONE_SOURCE = "one_source"
VALUE_OR_COPY = "value_or_copy"
EXAMPLE_DAY = "2026-03-02"
"""An ordinary Monday: an example that names no day means the same for ever."""
KEY = r"^[a-z][a-z0-9_]*$"
CODE = r"^[0-9]{10}$"
DEMO_KEY = r"^([a-z][a-z0-9-]*)?$"


def iso_date(value: Any) -> str | None:
    """`value` as ``YYYY-MM-DD`` if it is a calendar date, else None."""
    if isinstance(value, date):
        return value.isoformat()[:10]
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        return None


class Block(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Option(Block):
    """One answer of a choice. `note` tells the reader what it leads to; needed where two options lead
    to the same plan.
    """

    value: str = Field(pattern=KEY)
    label: str
    label_en: str = ""
    note: str = ""
    note_en: str = ""
    fills: str = ""
    """What the form says when a field is filled from this answer; the label where nothing is said."""


class Unsure(Block):
    """不清楚 is a possible answer: `plan_as` is what is planned then (usually the stricter way)."""

    plan_as: Answer
    means: str
    means_en: str = ""


class Question(Block):
    key: str = Field(pattern=KEY)
    ask: str
    ask_en: str = ""
    type: Literal["choice", "yesno", "number", "date"]
    options: tuple[Option, ...] = ()
    unsure: Unsure | None = None
    help: str = ""
    help_en: str = ""
    when: Rule = None
    taken_as: Answer | None = None
    """What conditions see when the question does not arise. Without it they do not hold."""
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    unit_en: str = ""

    @property
    def values(self) -> tuple[Answer, ...]:
        """The finite answers, as conditions see them; empty for numbers and dates."""
        if self.type == "yesno":
            return (True, False)
        return tuple(option.value for option in self.options)


class SituationCase(Block):
    """One line of a situation switch; the first that holds counts, one without `when` always holds."""

    key: str
    when: Rule = None


class After(Block):
    """A prerequisite: `code` must be finished first (if it is in the plan and `when` holds)."""

    code: str
    when: Rule = None
    why: str = ""
    why_en: str = ""


class MatterUse(Block):
    code: str = Field(pattern=CODE)
    when: Rule = None
    situation: str | tuple[SituationCase, ...] = ""
    after: tuple[After, ...] = ()
    region: str = "applicant"
    limit_days: int | None = Field(default=None, ge=0)
    why: str = ""
    why_en: str = ""

    @field_validator("after", mode="before")
    @classmethod
    def _codes_alone(cls, value: Any) -> Any:
        if isinstance(value, list):
            return [{"code": item} if isinstance(item, str) else item for item in value]
        return value


class Group(Block):
    name: str
    name_en: str = ""
    fields: tuple[str, ...]


class Derived(Block):
    """A value that follows from the answers; the first line that holds counts."""

    value: Answer
    when: Rule = None


class Usual(Block):
    """A value that is filled in unless the applicant says otherwise; the first line that holds counts.

    Either `value`, which the office has reviewed as what the answers imply, or `copies`, the key of another
    element whose known value is taken.
    """

    value: Answer | None = None
    copies: str = ""
    when: Rule = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.value is None) == (not self.copies):
            raise ValueError(VALUE_OR_COPY)
        return self


class FieldRule(Block):
    """What the theme says of one element beyond the catalogue.

    At most one source: `from_answer` (key of a question), `derived`, `copies` (key of another element, if
    `copies_when` holds), `produced_by` (code of the matter whose result says it). A source that gives
    nothing in a situation leaves the field to be asked; `usual` then says what it is filled in with.
    """

    key: str
    label: str = ""
    label_en: str = ""
    help: str = ""
    help_en: str = ""
    from_answer: str = ""
    derived: tuple[Derived, ...] = ()
    copies: str = ""
    copies_when: Rule = None
    produced_by: str = ""
    usual: tuple[Usual, ...] = ()
    when: Rule = None
    visible: Rule = None

    def conditions(self) -> Iterator[tuple[Path, Condition | None]]:
        """(path within the rule, condition), those of the other fields (`visible`) apart."""
        yield ("when",), self.when
        yield ("copies_when",), self.copies_when
        for j, line in enumerate(self.derived):
            yield ("derived", j, "when"), line.when
        for j, usual in enumerate(self.usual):
            yield ("usual", j, "when"), usual.when

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if sum(map(bool, (self.from_answer, self.derived, self.copies, self.produced_by))) > 1:
            raise ValueError(ONE_SOURCE)
        return self


class Form(Block):
    groups: tuple[Group, ...] = ()
    fields: tuple[FieldRule, ...] = ()


class MaterialRule(Block):
    """What the theme says of one paper beyond the catalogue."""

    key: str
    produced_by: str = ""
    when: Rule = None
    why: str = ""
    why_en: str = ""


class Survey(Block):
    """Matters looked at on the spot together (or one alone), on `days` working days."""

    name: str
    name_en: str = ""
    matters: tuple[str, ...] = Field(min_length=1)
    lead: str
    days: int = Field(ge=1, le=30)


class Precondition(Block):
    name: str
    name_en: str = ""
    matters: tuple[str, ...] = Field(min_length=2)
    before: tuple[str, ...] = Field(min_length=1)
    objection: Literal["stops_all", "stops_own"] = "stops_all"
    remedy: str = ""
    remedy_en: str = ""


class Refusal(Block):
    """Who cannot be helped here, why, and what he can do instead."""

    when: Rule
    says: str
    says_en: str = ""
    instead: str
    instead_en: str = ""


Way = Literal["window", "courier", "electronic"]


class DeliveryRule(Block):
    ways: tuple[Way, ...] = Field(min_length=1)
    usual: Way
    together: bool = True
    note: str = ""
    note_en: str = ""


class Limits(Block):
    """`days`: working days within which the whole is promised in its longest situation."""

    days: int = Field(ge=0)


class Example(Block):
    """Answers and what must come of them; run by every check, as if asked on the day `on`.

    `everything` and `nothing` are keys of the demo city's people (organisations for a party of that kind):
    one has every licence and shared fact, hands in no file and types at most `typed` fields; the other has
    its profile only. `tests/desks/themes/test_zero_papers.py` lets both apply.
    """

    name: str
    on: str = EXAMPLE_DAY
    party: Literal["person", "organisation"]
    answers: dict[str, Answer]
    matters: tuple[str, ...]
    days: int | None = None
    asks: int | None = None
    papers: int | None = None
    everything: str = Field(default="", pattern=DEMO_KEY)
    typed: int | None = Field(default=None, ge=0)
    nothing: str = Field(default="", pattern=DEMO_KEY)

    @field_validator("on")
    @classmethod
    def _day(cls, value: str) -> str:
        if iso_date(value) is None:
            raise ValueError("YYYY-MM-DD")
        return value


class AdoptedFrom(Block):
    region: str = Field(pattern=r"^[0-9]{12}$")
    code: str
    version: int = Field(ge=1)


class Theme(Block):
    """One whole file."""

    code: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    version: int = Field(ge=1)
    name: str
    name_en: str = ""
    party: Literal["person", "organisation", "either"]
    for_whom: str
    for_whom_en: str = ""
    summary: str
    summary_en: str = ""
    life_stage: str
    keywords: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    matters: tuple[MatterUse, ...] = Field(min_length=1)
    surveys: tuple[Survey, ...] = ()
    preconditions: tuple[Precondition, ...] = ()
    form: Form = Form()
    materials: tuple[MaterialRule, ...] = ()
    delivery: DeliveryRule
    limits: Limits
    examples: tuple[Example, ...] = Field(min_length=1)
    adopted_from: AdoptedFrom | None = None
    own: bool = False
    """The city's own innovation 自主创新, on no list from above."""
    generated: bool = False
    """Made up for trying a city of full size; said wherever the theme is counted."""

    _faults: tuple[tuple[Path, Problem], ...] = PrivateAttr(default=())

    def model_post_init(self, _context: Any) -> None:
        self._faults = tuple(self._compiled())

    @property
    def faults(self) -> tuple[tuple[Path, Problem], ...]:
        """(path of the condition, fault): conditions that are none. A theme with faults is not planned."""
        return self._faults

    def _compiled(self) -> Iterator[tuple[Path, Problem]]:
        known = {PARTY: Type.TEXT}
        everything = known | {question.key: ANSWER_TYPES[question.type] for question in self.questions}
        for path, rule in self.conditions():
            if path[0] == "questions":  # a question is decided by those before it
                known[self.questions[int(path[1])].key] = ANSWER_TYPES[self.questions[int(path[1])].type]
            if rule is None:
                continue
            seen = everything
            if path[0] == "questions":
                seen = {key: kind for key, kind in known.items() if key != self.questions[int(path[1])].key}
            try:
                rule.compile(vocabulary(seen))
            except RuleError as error:
                yield from ((path, problem) for problem in error.problems)

    def conditions(self) -> Iterator[tuple[Path, Condition | None]]:
        """(path in the file, condition) of everything that depends on answers, in order of the file."""
        for i, question in enumerate(self.questions):
            yield ("questions", i, "when"), question.when
        for i, refusal in enumerate(self.refusals):
            yield ("refusals", i, "when"), refusal.when
        for i, use in enumerate(self.matters):
            yield ("matters", i, "when"), use.when
            if not isinstance(use.situation, str):
                for j, case in enumerate(use.situation):
                    yield ("matters", i, "situation", j, "when"), case.when
            for j, after in enumerate(use.after):
                yield ("matters", i, "after", j, "when"), after.when
        for i, field in enumerate(self.form.fields):
            for path, rule in field.conditions():
                yield ("form", "fields", i, *path), rule
        for i, material in enumerate(self.materials):
            yield ("materials", i, "when"), material.when

    @property
    def parties(self) -> tuple[Literal["person", "organisation"], ...]:
        return ("person", "organisation") if self.party == "either" else (self.party,)

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(use.code for use in self.matters)

    def question(self, key: str) -> Question | None:
        return next((question for question in self.questions if question.key == key), None)
