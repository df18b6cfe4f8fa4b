"""packs/bundles/*.yaml as a civil servant writes them: read, checked, and tried on the examples that stand beside them.

One file is one kind of thing 一类事. `_market.yaml` has the rules of the market: categories of providers, limits, and words
that no offer may use. Nothing lawful can be made to depend on the market: the format has no field for it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, TypeVar

import yaml
from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from tongban.desks.bundles.contracts import PackError
from tongban.kernel.flow.declaration import Span
from tongban.kernel.rules.elements import Element, Type
from tongban.kernel.rules.errors import RuleError
from tongban.kernel.rules.load import EXAMPLE_DAY, Rule

MARKET: Final = "_market.yaml"
TYPES: Final = {"choice": Type.TEXT, "yesno": Type.BOOLEAN, "number": Type.NUMBER}
LIMITS: Final = frozenset(
    {"admit", "supply", "answer", "quote", "consider", "choose", "confirm", "redo", "rate", "mediate"}
)
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,39}$")]
Said = Annotated[str, Field(min_length=1, max_length=300)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, arbitrary_types_allowed=True)


_P = TypeVar("_P", bound=_Part)


class Option(_Part):
    value: str
    label: Said
    label_en: Said


class Question(_Part):
    """One question; a choice has options, yes and no have none."""

    key: Annotated[str, Field(pattern=r"^[a-z_]{1,30}$")]
    ask: Said
    ask_en: Said
    type: Literal["choice", "yesno", "number"]
    options: list[Option] = []

    @model_validator(mode="after")
    def _has_options(self) -> Self:
        if bool(self.options) != (self.type == "choice"):
            raise ValueError("a choice has options, nothing else has")
        return self


class LawfulLine(_Part):
    """A service of the law, named by exactly one of `matter`, `theme`, `measure`."""

    matter: str = ""
    theme: str = ""
    measure: str = ""
    when: Any = True
    why: Said
    why_en: Said

    @model_validator(mode="after")
    def _names_one(self) -> Self:
        if sum(map(bool, (self.matter, self.theme, self.measure))) != 1:
            raise ValueError("names exactly one of matter, theme, measure")
        return self

    @property
    def kind(self) -> str:
        return "matter" if self.matter else "theme" if self.theme else "measure"

    @property
    def ref(self) -> str:
        return self.matter or self.theme or self.measure


class MarketLine(_Part):
    """A service of the market; `alone` says how one does without it and cannot be left out."""

    key: Key
    name: Said
    name_en: Said
    by: Annotated[list[str], Field(min_length=1)]
    when: Any = True
    says: Said
    says_en: Said
    alone: Said
    alone_en: Said


class Example(_Part):
    """Answers and what they must lead to, in this order."""

    name: Said
    name_en: Said
    answers: dict[str, str | bool | int]
    lawful: list[str]
    market: list[str]


class Bundle(_Part):
    """One kind of thing as written."""

    slug: Key
    name: Said
    name_en: Said
    summary: Said
    summary_en: Said
    keywords: list[str] = []
    questions: Annotated[list[Question], Field(min_length=1, max_length=6)]
    lawful: Annotated[list[LawfulLine], Field(min_length=1)]
    market: Annotated[list[MarketLine], Field(min_length=1)]
    examples: Annotated[list[Example], Field(min_length=1)]


class Category(_Part):
    name: Said
    name_en: Said
    proof: Said
    proof_en: Said


class LimitLine(_Part):
    amount: Annotated[int, Field(ge=1, le=90)]
    unit: Literal["working_days", "natural_days"]


class Market(_Part):
    """The rules of the market. What differs by city is here."""

    categories: dict[str, Category]
    limits: dict[str, LimitLine]
    units: dict[Said, Said] = Field(default_factory=dict)
    """Usual units of prices, with their English."""
    forbidden: list[Said]

    def span(self, name: str) -> Span:
        line = self.limits[name]
        return Span(line.amount, line.unit)


@dataclass(frozen=True)
class Ready:
    """A bundle whose conditions are compiled and whose examples held. `rules` are by place: ``lawful 0``."""

    bundle: Bundle
    rules: dict[str, Rule]

    def holds(self, place: str, answers: dict[str, Any]) -> bool | None:
        """Whether what stands at a place belongs in the plan: None where that hangs on a question not answered."""
        rule = self.rules.get(place)
        return True if rule is None else rule.decide(record=answers, as_of=EXAMPLE_DAY).value


@dataclass(frozen=True)
class Shelf:
    """All bundles and the market's rules."""

    bundles: dict[str, Ready]
    market: Market
    needs: dict[str, tuple[str, MarketLine]]
    """By key: the bundle that has it, and the need."""


def shelf() -> Shelf:
    """The packs in force. :raises PackError: they contradict themselves"""
    return read(Path(settings.PACKS) / "bundles")


@lru_cache(maxsize=4)
def read(folder: Path) -> Shelf:
    """Read a folder of bundles. :raises PackError: with every fault and its place"""
    market = _parsed(folder / MARKET, Market)
    if missing := LIMITS ^ set(market.limits):
        raise PackError(
            f"{MARKET}: limits are exactly {', '.join(sorted(LIMITS))}; see {', '.join(sorted(missing))}"
        )
    found: dict[str, Ready] = {}
    needs: dict[str, tuple[str, MarketLine]] = {}
    faults: list[str] = []
    for path in sorted(one for one in folder.glob("*.yaml") if one.name != MARKET):
        bundle = _parsed(path, Bundle)
        faults += [f"{path.name}: {fault}" for fault in _faults(bundle, market, path.stem, needs)]
        ready, wrong = _compiled(bundle)
        faults += [f"{path.name}: {fault}" for fault in (wrong or _failing(ready))]
        found[bundle.slug] = ready
        needs |= {line.key: (bundle.slug, line) for line in bundle.market}
    if faults:
        raise PackError("\n".join(faults))
    return Shelf(found, market, needs)


def _parsed(path: Path, part: type[_P]) -> _P:
    try:
        return part.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        told = [f"{path.name}: {'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        raise PackError("\n".join(told)) from error


def _faults(
    bundle: Bundle, market: Market, stem: str, needs: dict[str, tuple[str, MarketLine]]
) -> Iterator[str]:
    if bundle.slug != stem:
        yield f"slug {bundle.slug!r} is not the file's name"
    keys = [question.key for question in bundle.questions]
    if len(set(keys)) != len(keys):
        yield "two questions have the same key"
    for line in bundle.market:
        if line.key in needs or sum(one.key == line.key for one in bundle.market) > 1:
            yield f"market {line.key}: the key is used twice"
        if unknown := set(line.by) - set(market.categories):
            yield f"market {line.key}: no category {', '.join(sorted(unknown))}"


def _compiled(bundle: Bundle) -> tuple[Ready, list[str]]:
    elements = [Element(question.key, TYPES[question.type]) for question in bundle.questions]
    rules, faults = {}, []
    for place, line in _lines(bundle):
        if line.when is True:
            continue
        try:
            rules[place] = Rule.load(line.when, elements=elements)
        except RuleError as error:
            faults.append(f"{place}: {error}")
    return Ready(bundle, rules), faults


def _lines(bundle: Bundle) -> Iterator[tuple[str, LawfulLine | MarketLine]]:
    for index, lawful in enumerate(bundle.lawful):
        yield f"lawful {index}", lawful
    for index, need in enumerate(bundle.market):
        yield f"market {index}", need


def chosen(ready: Ready, answers: dict[str, Any]) -> tuple[list[LawfulLine], list[MarketLine]]:
    """What belongs in the plan for answers, in the order of the file; what is unknown is left out."""
    bundle = ready.bundle
    lawful = [line for index, line in enumerate(bundle.lawful) if ready.holds(f"lawful {index}", answers)]
    market = [line for index, line in enumerate(bundle.market) if ready.holds(f"market {index}", answers)]
    return lawful, market


def accepted(bundle: Bundle, given: dict[str, Any]) -> dict[str, Any]:
    """Of what was given, the answers that the questions take, as values; everything else is not answered."""
    found: dict[str, Any] = {}
    for question in bundle.questions:
        value = given.get(question.key)
        if question.type == "choice" and value in {one.value for one in question.options}:
            found[question.key] = value
        elif question.type == "yesno" and (value is True or value is False or value in {"yes", "no"}):
            found[question.key] = value is True or value == "yes"
        elif question.type == "number" and str(value or "").isdecimal():
            found[question.key] = int(str(value)[:9])
    return found


def _failing(ready: Ready) -> Iterator[str]:
    for example in ready.bundle.examples:
        if accepted(ready.bundle, dict(example.answers)) != example.answers:
            yield f"example {example.name!r}: has answers that no question takes"
            continue
        lawful, market = chosen(ready, dict(example.answers))
        got = ([f"{line.kind}:{line.ref}" for line in lawful], [line.key for line in market])
        if got != (example.lawful, example.market):
            yield f"example {example.name!r}: gives {got[0]} and {got[1]}"
