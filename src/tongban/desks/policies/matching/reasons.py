"""Why, in words: every condition of a rule for one record, with what is known, what is wanted and how to mend what is not
known. Pure: no database, no clock; what it takes is given to it.

A rule's conditions are those that its outermost *and* joins, as the matching of whole populations counts them; an *or*
within one is told part by part, since any of its parts would do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tongban.desks.policies.contracts import Standing
from tongban.desks.policies.matching.contracts import (
    AmountInfo,
    ConditionInfo,
    Holds,
    Known,
    Lack,
    Remedy,
    Said,
)
from tongban.kernel.rules.amounts import Amount
from tongban.kernel.rules.columns.matching import Measure, conditions, liftable
from tongban.kernel.rules.columns.sharing import Shared
from tongban.kernel.rules.decision import Reason, decide_node
from tongban.kernel.rules.elements import Dated, Element
from tongban.kernel.rules.explain import explain
from tongban.kernel.rules.nodes import All, Node, Some, elements_of
from tongban.registers.portraits.contracts import Consent, ElementInfo, FactInfo

_HOLDS = {True: Holds.MET, False: Holds.UNMET, None: Holds.OPEN}
_NOWHERE = Said("没有", "not known")
_HIDDEN = Said("已知，这里不显示", "known, not shown here")


@dataclass(frozen=True, slots=True)
class Words:
    """What elements and departments are called. `value` says a value of an element, `department` a slug."""

    elements: Mapping[str, ElementInfo]
    value: Callable[[ElementInfo, Any], Said]
    department: Callable[[str], Said]

    def condition(self, node: Node) -> Said:
        """A condition as it is wanted."""
        return Said(self._explained(node, "zh"), self._explained(node, "en"))

    def _explained(self, node: Node, language: str) -> str:
        return explain(
            node, names={key: one.name_in(language) for key, one in self._read(node)}, language=language,
            values=lambda key, value: getattr(self.value(self.elements[key], value), language),
        )  # fmt: skip

    def _read(self, node: Node) -> Iterator[tuple[str, ElementInfo]]:
        return ((key, self.elements[key]) for key in elements_of(node))


def every_value(_fact: FactInfo) -> bool:
    """For a reader who may see all values: the holder."""
    return True


@dataclass(frozen=True, slots=True)
class File:
    """What is known of one party on a day. `facts` are all that its portrait holds, `record` what may be decided by.

    :param shows: whether the reader may see the value of a fact; whether a condition is met is told anyway
    """

    facts: Mapping[str, FactInfo]
    record: Mapping[str, Dated]
    day: date
    shows: Callable[[FactInfo], bool] = every_value


class Teller:
    """Tells the conditions and the amount of measures for one party."""

    def __init__(self, file: File, *, words: Words, elements: Mapping[str, Element]) -> None:
        self.file = file
        self.words = words
        self.elements = elements

    def conditions(self, measure: Measure) -> tuple[ConditionInfo, ...]:
        """Every condition of a measure's rule, in the order in which it is written; what is written twice is told once, as
        matching counts it once.
        """
        return tuple(map(self.condition, conditions(Shared().node(measure.rule.node))))

    def condition(self, node: Node) -> ConditionInfo:
        """One condition, with the parts of it where any of several would do."""
        decision = decide_node(node, elements=self.elements, record=self.file.record, as_of=self.file.day)
        holds, wanted = _HOLDS[decision.value], self.words.condition(node)
        fixed = not liftable(node, self.elements)
        if isinstance(node, All | Some):
            parts, joined = tuple(map(self.condition, node.items)), "all" if isinstance(node, All) else "any"
            return ConditionInfo(wanted, holds, joined=joined, parts=parts, fixed=fixed)
        known = tuple(map(self.known, elements_of(node)))
        return ConditionInfo(wanted, holds, known, tuple(self.remedies(decision.reasons)), fixed=fixed)

    def amount(self, amount: Amount, *, formula: Said) -> AmountInfo:
        """How much, and what it is reckoned from. `formula` says it as the notice does."""
        computed = amount.compute(record=self.file.record, as_of=self.file.day)
        known = tuple(map(self.known, amount.reads))
        return AmountInfo(formula, computed.fen, known, tuple(self.remedies(computed.reasons)))

    def known(self, key: str) -> Known:
        """What is known of an element, and why it cannot be used if so."""
        info, fact = self.words.elements[key], self.file.facts.get(key)
        name = Said(info.name, info.name_en)
        if fact is None:
            return Known(key, name, _NOWHERE, self.words.department(info.source), None, Lack.MISSING)
        lack = None
        if not fact.consent:
            lack = Lack.CONSENT
        elif fact.stale:
            lack = Lack.STALE
        value = self.words.value(info, fact.value) if self.file.shows(fact) else _HIDDEN
        return Known(key, name, value, self.words.department(fact.source), fact.as_of, lack)

    def remedies(self, reasons: tuple[Reason, ...]) -> Iterator[Remedy]:
        """What can be done about what is unknown, each once."""
        told = set()
        for reason in reasons:
            if (reason.key, reason.code) not in told:
                told.add((reason.key, reason.code))
                yield self._remedy(reason)

    def _remedy(self, reason: Reason) -> Remedy:
        if not reason.key:
            return Remedy("", _ARITHMETIC.get(reason.code, _ARITHMETIC["no_answer"]), at_portrait=True)
        info, fact = self.words.elements[reason.key], self.file.facts.get(reason.key)
        name, source = Said(info.name, info.name_en), self.words.department(info.source)
        if fact is not None and not fact.consent:
            return Remedy(
                reason.key, _consent(name, withdrawn=fact.standing is Consent.WITHDRAWN), at_portrait=True
            )
        if reason.code == "stale" and fact is not None and info.max_age is not None:
            return Remedy(reason.key, _stale(name, source, fact.as_of, info.max_age.days), at_portrait=True)
        if reason.code == "wrong_type":
            return Remedy(reason.key, _wrong(name, source), at_portrait=True)
        return Remedy(reason.key, _missing(name, source), at_portrait=True)


def standing_of(entitled: bool | None, *, nearest: bool) -> Standing:  # noqa: FBT001 - an outcome of the rules
    """The standing that an outcome of the rules means."""
    if entitled is None:
        return Standing.UNKNOWN
    if entitled:
        return Standing.ENTITLED
    return Standing.NOT_YET if nearest else Standing.NOT


def standing_by(told: tuple[ConditionInfo, ...]) -> Standing:
    """The same from conditions that were told one by one."""
    failed = [one.fixed for one in told if one.holds is Holds.UNMET]
    open_ones = sum(one.holds is Holds.OPEN for one in told)
    return standing_of(
        False if failed else None if open_ones else True, nearest=failed == [False] and not open_ones
    )


def short(condition: ConditionInfo) -> Said:
    """A condition that is not met, in a line: what is wanted, and what is known instead."""
    values = _values(condition)
    if not values:
        return condition.wanted
    zh = "，".join(f"{one.name.zh}现为{one.value.zh}" for one in values)
    en = ", ".join(f"{one.name.en} is {one.value.en}" for one in values)
    return Said(f"{condition.wanted.zh}（{zh}）", f"{condition.wanted.en} ({en})")


def _values(condition: ConditionInfo) -> list[Known]:
    """The values that a condition and its parts read, each once."""
    found = {one.element: one for one in condition.known if one.lack is None}
    for part in condition.parts:
        found |= {one.element: one for one in _values(part)}
    return list(found.values())


_ARITHMETIC = {
    "division_by_zero": Said(
        "算这一条时要除以0，所以没有结果。请核对上面的数据，不对的可以申请更正。",
        "This divides by zero, so there is no result. Check the data above; ask for a correction if it is wrong.",
    ),
    "overflow": Said(
        "算出的金额大得不合常理，不会照它发放。请核对上面的数据，不对的可以申请更正。",
        "The amount comes out beyond all reason and is not paid. Check the data above; ask for a correction if it is wrong.",
    ),
    "no_answer": Said(
        "用现有的数据算不出结果。请核对上面的数据，不对的可以申请更正。",
        "No result follows from the data. Check the data above; ask for a correction if it is wrong.",
    ),
}  # fmt: skip


def _consent(name: Said, *, withdrawn: bool) -> Said:
    before = ("您撤回了同意，", "You withdrew your consent. ") if withdrawn else ("", "")
    return Said(
        f"{before[0]}用“{name.zh}”来匹配政策要您同意。同意以后马上重新匹配。",
        f"{before[1]}Using “{name.en}” for matching needs your consent. Once you give it, you are matched again at once.",
    )


def _stale(name: Said, source: Said, as_of: date, days: int) -> Said:
    return Said(
        f"“{name.zh}”是{as_of.isoformat()}的，超过{days}天就不能用来决定。可以先更新画像；更新不到的，请{source.zh}重新报送。",
        f"“{name.en}” is of {as_of.isoformat()}; after {days} days it may not decide. Update your portrait first; if that does not help, ask {source.en} to report it anew.",
    )  # fmt: skip


def _missing(name: Said, source: Said) -> Said:
    return Said(
        f"还没有“{name.zh}”，这项数据由{source.zh}管。可以先更新画像；更新不到的，向{source.zh}申报，或者带材料申请补录。",
        f"“{name.en}” is not known; {source.en} keeps it. Update your portrait first; if that does not help, report it to {source.en} or ask for it to be added with evidence.",
    )  # fmt: skip


def _wrong(name: Said, source: Said) -> Said:
    return Said(
        f"“{name.zh}”的值读不出来。请申请更正，由{source.zh}核实。",
        f"The value of “{name.en}” cannot be read. Ask for a correction; {source.en} looks into it.",
    )
