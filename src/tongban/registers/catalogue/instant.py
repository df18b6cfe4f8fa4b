"""Instant approval 秒批: the rules beside a matter that may decide it without a human. Pure.

A block `instant` of a catalogue pack says what the rules read, what each demands and what would mend it, with
examples that are run when the pack is read. It is decided in three values (kernel rules, decision mode): all true
approves, one false is told, anything unknown goes to a human. The block is part of the matter's version.

What a rule may read: data elements of the form by their key; ``party.NAME`` of the identity register;
``licence.KIND.FIELD`` and ``holds.KIND`` of the applicant's licences; ``shared.REGISTER.ELEMENT`` of shared data.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any

from tongban.kernel.rules.elements import Dated, Element, Type
from tongban.kernel.rules.load import EXAMPLE_DAY, Rule

ELEMENT_TYPES = {"date": Type.DATE, "number": Type.NUMBER, "yesno": Type.BOOLEAN, "money": Type.MONEY}
"""Types as rules see them, by type of data element; every other one is text."""

GIVEN: dict[str, tuple[Type, str, str]] = {
    "party.kind": (Type.TEXT, "办事人类型", "kind of applicant"),
    "party.name": (Type.TEXT, "办事人姓名或名称", "applicant's name"),
    "party.number": (Type.TEXT, "办事人证件号码", "applicant's number"),
    "party.birth_date": (Type.DATE, "办事人出生日期", "applicant's date of birth"),
    "party.gender": (Type.TEXT, "办事人性别", "applicant's sex"),
    "party.region": (Type.TEXT, "办事人所在区划", "applicant's division"),
    "party.address": (Type.TEXT, "办事人登记地址", "applicant's registered address"),
    "party.established_date": (Type.DATE, "单位成立日期", "date of establishment"),
    "party.representative": (Type.TEXT, "法定代表人", "legal representative"),
    "party.representative_number": (Type.TEXT, "法定代表人证件号码", "legal representative's number"),
    "asked.situation": (Type.TEXT, "办理情形", "situation"),
}
"""What the identity register knows of the applicant (verified, never typed), and the situation asked for."""

LICENCE, HOLDS, SHARED = "licence.", "holds.", "shared."


class Verdict(StrEnum):
    """What the rules came to."""

    APPROVE = "approve"
    HUMAN = "human"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that rules read beside the form.

    :param type: name of a data element's type; empty where it follows from the key
    :param max_age: days; an older value, or one of unknown age, is unknown. None: it does not age
    :param complete: of ``holds.KIND``: the store knows every licence of the kind, so absence is a no. Otherwise
        absence is unknown, since the licence may lie elsewhere
    """

    key: str
    type: str = ""
    name: str = ""
    name_en: str = ""
    max_age: int | None = None
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Demand:
    """One rule: the condition, what it demands and what would mend it, in both languages."""

    key: str
    condition: Any
    says: str
    says_en: str
    mend: str
    mend_en: str

    def words(self, language: str) -> tuple[str, str]:
        """What it demands, and what would mend it."""
        return (self.says_en, self.mend_en) if language.startswith("en") else (self.says, self.mend)


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule came to: True, False or None. `unknown` are (key of what is not known, why).

    Why is ``missing``, ``null``, ``wrong_type``, ``stale``, ``division_by_zero`` or ``no_answer``.
    """

    rule: str
    value: bool | None
    unknown: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Review:
    """What all the rules came to together."""

    verdict: Verdict
    findings: tuple[Finding, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """Keys of everything that was not known, each once."""
        return tuple(dict.fromkeys(key for one in self.findings for key, _why in one.unknown))


@dataclass(frozen=True, slots=True)
class Example:
    """A record and what the rules must come to; `rules` are those that must be false, `unknown` the keys."""

    name: str
    given: Mapping[str, Any]
    as_of: date
    then: Verdict
    rules: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class InstantSpec:
    """The decision rules of one matter, compiled; equal when they decide alike and are sampled alike.

    :param version: digest of everything that decides; the ledger names it with each decision
    :param sampling: share of a day's instant approvals that a human checks afterwards, 0 to 1
    :param situations: those in which it applies; empty means all
    :param uploads: keys of papers that need no eye (a photograph for a card); any other upload goes to a human
    :param basis: law, article and what it says
    """

    version: str
    sampling: Decimal
    situations: tuple[str, ...]
    uploads: tuple[str, ...]
    basis: tuple[tuple[str, str, str], ...]
    facts: Mapping[str, Fact]
    demands: tuple[Demand, ...]
    examples: tuple[Example, ...]
    rules: tuple[Rule, ...] = field(repr=False)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, InstantSpec):
            return NotImplemented
        return (self.version, self.sampling) == (other.version, other.sampling)

    def __hash__(self) -> int:
        return hash((self.version, self.sampling))

    @property
    def reads(self) -> tuple[str, ...]:
        """Every key that a rule reads, each once."""
        return tuple(dict.fromkeys(key for rule in self.rules for key in rule.reads))

    def reading(self, prefix: str) -> tuple[str, ...]:
        """Those of one source, such as `SHARED`."""
        return tuple(key for key in self.reads if key.startswith(prefix))

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of licences that are looked up."""
        return frozenset(key.split(".")[1] for key in self.reads if key.startswith((LICENCE, HOLDS)))

    def demand(self, key: str) -> Demand:
        return next(one for one in self.demands if one.key == key)

    def applies(self, situation: str) -> bool:
        return not self.situations or situation in self.situations

    def review(self, record: Mapping[str, Any], *, as_of: date | datetime) -> Review:
        """Run every rule on one record; values that age are `Dated`."""
        findings = []
        for demand, rule in zip(self.demands, self.rules, strict=True):
            decision = rule.decide(record=record, as_of=as_of)
            unknown = tuple(dict.fromkeys((one.key, one.code) for one in decision.reasons))
            findings.append(Finding(demand.key, decision.value, unknown))
        return Review(_verdict(one.value for one in findings), tuple(findings))


def _verdict(values: Iterable[bool | None]) -> Verdict:
    found = list(values)
    if any(value is False for value in found):
        return Verdict.TOLD
    return Verdict.APPROVE if found and all(found) else Verdict.HUMAN


def type_of(name: str) -> Type:
    """The rules' type for a data element's type."""
    return ELEMENT_TYPES.get(name, Type.TEXT)


def vocabulary(block: Mapping[str, Any], elements: Mapping[str, Mapping[str, Any]]) -> dict[str, Element]:
    """Everything that the rules of a block may read, with its type and how old it may be.

    :param elements: pack entries of data elements by key
    """
    found = {key: Element(key, type_of(str(data["type"]))) for key, data in elements.items()}
    found |= {key: Element(key, kind) for key, (kind, _zh, _en) in GIVEN.items()}
    for item in block.get("facts") or []:
        key = str(item["key"])
        age = item.get("max_age")
        found[key] = Element(key, fact_type(item, elements), timedelta(days=age) if age is not None else None)
    return found


def fact_type(item: Mapping[str, Any], elements: Mapping[str, Mapping[str, Any]]) -> Type:
    """Licences held are yes or no, shared data have their element's type, licence fields say theirs."""
    key = str(item["key"])
    if key.startswith(HOLDS):
        return Type.BOOLEAN
    if key.startswith(SHARED):
        return type_of(str(elements[key.split(".", 2)[2]]["type"]))
    return type_of(str(item["type"]))


def version_of(block: Mapping[str, Any]) -> str:
    """The digest of what decides; examples and the share that is sampled do not."""
    deciding = {name: block.get(name) for name in ("basis", "situations", "uploads", "facts", "rules")}
    text = json.dumps(deciding, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def spec_of(block: Mapping[str, Any], elements: Mapping[str, Mapping[str, Any]]) -> InstantSpec:
    """The rules of a canonical block, compiled; it was checked when it was read.

    :raises RuleError: a rule does not fit the elements
    """
    known = vocabulary(block, elements)
    demands = tuple(
        Demand(one["key"], one["if"], one["says"], one["says_en"], one["mend"], one["mend_en"])
        for one in block["rules"]
    )
    facts = {item["key"]: Fact(**item) for item in block["facts"]}
    return InstantSpec(
        version=version_of(block),
        sampling=Decimal(block["sampling"]),
        situations=tuple(block["situations"]),
        uploads=tuple(block["uploads"]),
        basis=tuple((one["law"], one["article"], one["says"]) for one in block["basis"]),
        facts=facts,
        demands=demands,
        examples=tuple(_examples(block)),
        rules=tuple(Rule.load(one.condition, elements=known) for one in demands),
    )


def _examples(block: Mapping[str, Any]) -> Iterable[Example]:
    """Each example's record: its own, or the first one's with some values changed or (null) taken out."""
    aged = {item["key"] for item in block["facts"] if item.get("max_age") is not None}
    base: dict[str, Any] = {}
    for one in block["examples"]:
        changed = dict(one.get("but") or {})
        given = dict(one["given"]) if "given" in one else {**base, **changed}
        base = base or given
        day = date.fromisoformat(str(one["as_of"])) if one.get("as_of") else EXAMPLE_DAY
        record = {key: _value(key, value, aged, day) for key, value in given.items() if value is not None}
        yield Example(
            one["name"], record, day, Verdict(one["then"]), tuple(one.get("rules") or ()),
            tuple(one.get("unknown") or ()),
        )  # fmt: skip


def _value(key: str, value: Any, aged: set[str], day: date) -> Any:
    """A value as a record holds it; one that ages is from the example's day unless it says `as_of`."""
    if isinstance(value, Mapping):
        return Dated(_plain(value["value"]), date.fromisoformat(str(value["as_of"])))
    return Dated(_plain(value), day) if key in aged else _plain(value)


def _plain(value: Any) -> Any:
    return Decimal(repr(value)) if isinstance(value, float) else value


def example_faults(spec: InstantSpec) -> list[str]:
    """Examples that come to something else than they say, and what no example shows."""
    faults = []
    shown: set[Verdict] = set()
    refused: set[str] = set()
    for example in spec.examples:
        review = spec.review(example.given, as_of=example.as_of)
        wrong = {one.rule for one in review.findings if one.value is False}
        shown.add(review.verdict)
        refused |= wrong
        if review.verdict is not example.then:
            faults.append(f"例子“{example.name}”应得 {example.then}，实得 {review.verdict}。")
        elif example.then is Verdict.TOLD and wrong != set(example.rules):
            faults.append(
                f"例子“{example.name}”不符合的规则应是 {_said(example.rules)}，实是 {_said(wrong)}。"
            )
        elif example.then is Verdict.HUMAN and set(review.unknown) != set(example.unknown):
            faults.append(
                f"例子“{example.name}”不知道的应是 {_said(example.unknown)}，实是 {_said(review.unknown)}。"
            )
    faults += [f"没有一个例子得出 {verdict}。" for verdict in Verdict if verdict not in shown]
    faults += [f"没有一个例子不符合规则“{one.key}”。" for one in spec.demands if one.key not in refused]
    return faults


def _said(values: Iterable[str]) -> str:
    return "、".join(sorted(values)) or "无"
