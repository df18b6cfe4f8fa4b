"""How one party stands with every measure, and why with one: reckoned from its portrait at the moment of asking."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from weakref import WeakKeyDictionary

from django.utils.translation import gettext as _
from django.utils.translation import override

from tongban.actors import api as actors
from tongban.desks.policies import api as policies
from tongban.desks.policies.contracts import MeasureInfo, Standing
from tongban.desks.policies.matching.contracts import MatchingError, PairInfo, Said, Why
from tongban.desks.policies.matching.reasons import File, Teller, Words, every_value, standing_by, standing_of
from tongban.desks.policies.matching.telling import pack
from tongban.desks.policies.matching.telling.easing import eased
from tongban.kernel.rules.columns.matching import Plan, Planned
from tongban.kernel.rules.columns.single import Outcome, outcomes
from tongban.kernel.rules.decision import decide_node
from tongban.kernel.rules.elements import Dated
from tongban.kernel.rules.nodes import Node
from tongban.registers.catalogue import api as catalogue
from tongban.registers.portraits import api as portraits


def standing(party: str, *, at: datetime) -> tuple[PairInfo, ...]:
    """Every measure in force for a party's kind, in the order of their keys; empty for a party that has ended.

    Of *not yet* the one condition that is not met is named; of *unknown* the elements that leave it open.

    :raises actors.NotKnownError: nobody has this id
    """
    known, day = actors.party(party), actors.day_of(at)
    if known.ended_on is not None and known.ended_on <= day:
        return ()
    infos = {one.key: one for one in policies.measures(on=day, party_kind=known.kind)}
    plan, record = policies.plan(known.kind, on=day), portraits.record(party, at=at)
    return tuple(_pairs(plan, infos, record, day, words_for(known.kind)))


def _pairs(
    plan: Plan, infos: Mapping[str, MeasureInfo], record: Mapping[str, Dated], day: date, words: Words
) -> Iterator[PairInfo]:
    failing = _Failing(plan, record, day, words)
    for planned, outcome in zip(plan.measures, outcomes(plan, record=record, as_of=day), strict=True):
        found = standing_of(outcome.entitled, nearest=outcome.nearest)
        info = infos[outcome.measure.key]
        if found is not Standing.NOT_YET:
            yield PairInfo(info, found, outcome.fen, outcome.unknown)
            continue
        node = failing.of(planned)
        threshold, little = failing.missed(node)
        said = (failing.said(node),)
        yield PairInfo(info, found, outcome.fen, outcome.unknown, said, threshold, little)


_SAID: WeakKeyDictionary[Plan, dict[int, Said]] = WeakKeyDictionary()
"""What the conditions of a plan say, by identity: measures share them, and a plan keeps them alive."""


class _Failing:
    """Which condition a party fails, for measures of which it fails one. What they share is decided and said once."""

    def __init__(self, plan: Plan, record: Mapping[str, Dated], day: date, words: Words) -> None:
        self.plan, self.record, self.day, self.words = plan, record, day, words
        self._values: dict[int, bool | None] = {}
        self._missed: dict[int, tuple[bool, bool]] = {}
        self._said = _SAID.setdefault(plan, {})

    def of(self, planned: Planned) -> Node:
        """The one condition that is not met."""
        return next(one for one in planned.conditions if self._value(one) is False)

    def said(self, node: Node) -> Said:
        """What it wants, in words."""
        if id(node) not in self._said:
            self._said[id(node)] = self.words.condition(node)
        return self._said[id(node)]

    def missed(self, node: Node) -> tuple[bool, bool]:
        """Whether it asks for a number or a day to be reached, and whether that is missed by little."""
        if id(node) not in self._missed:
            limits = pack.limits()
            moved = eased(node, percent=limits.percent, days=limits.near_days)
            self._missed[id(node)] = (moved is not None, moved is not None and self._decided(moved) is True)
        return self._missed[id(node)]

    def _value(self, node: Node) -> bool | None:
        if id(node) not in self._values:
            self._values[id(node)] = self._decided(node)
        return self._values[id(node)]

    def _decided(self, node: Node) -> bool | None:
        return decide_node(node, elements=self.plan.elements, record=self.record, as_of=self.day).value


def outcomes_of(party: str, *, at: datetime) -> tuple[str, list[Outcome]]:
    """Kind of a party and its outcome for every measure in force; none where it has ended or is not there."""
    kind, day = party.partition(":")[0], actors.day_of(at)
    try:
        known = actors.party(party)
    except actors.NotKnownError:
        return kind, []
    if known.ended_on is not None and known.ended_on <= day:
        return kind, []
    plan = policies.plan(known.kind, on=day)
    return kind, list(outcomes(plan, record=portraits.record(party, at=at), as_of=day))


def why(
    party: str, key: str, *, at: datetime, shows: Callable[[portraits.FactInfo], bool] = every_value
) -> Why:
    """Every condition of one measure for one party, in words, with the value known, its source and day, and what is
    wanted; of what is unknown, who keeps it and how to mend it.

    For the holder; an officer's look is written down first (`looking`).

    :param shows: which values the reader may see; default: all
    :raises MatchingError: no such measure is in force, or it is for the other kind of party; the party has ended
    :raises actors.NotKnownError: nobody has this id
    """
    day = actors.day_of(at)
    info, known = _measure(key, day), actors.party(party)
    if info.party != known.kind:
        other = _("这项措施只给个人。") if info.party == "person" else _("这项措施只给企业和组织。")
        raise MatchingError(other, possible=_("请换一个主体，或看别的政策。"), code="party")
    if known.ended_on is not None and known.ended_on <= day:
        raise MatchingError(
            _("这个主体%(day)s已经终止，不再匹配政策。") % {"day": known.ended_on.isoformat()}, code="ended"
        )
    measure = policies.compiled(info)
    reads = {*measure.rule.reads, *(measure.amount.reads if measure.amount else ())}
    told = portraits.known(party, elements=reads, at=at)
    file = File(told.facts, told.record, day, shows)
    teller = Teller(file, words=words_for(known.kind), elements=portraits.rule_elements(known.kind))
    parts = teller.conditions(measure)
    amount = None
    if measure.amount is not None:
        amount = teller.amount(measure.amount, formula=both(lambda: policies.amount_words(info)))
    return Why(party, info, standing_by(parts), day, parts, amount)


def _measure(key: str, day: date) -> MeasureInfo:
    for one in policies.measures(on=day, keys=[key]):
        return one
    raise MatchingError(
        _("没有这项措施，或者它现在不在执行期内。"), possible=_("请从政策清单里选。"), code="unknown"
    )


def words_for(kind: str) -> Words:
    """What the elements of a kind of party are called."""
    return Words(portraits.elements(kind), said_value, department)


def said_value(info: portraits.ElementInfo, value: object) -> Said:
    """A value of an element in both languages."""
    return Said(portraits.value_text(info, value, "zh"), portraits.value_text(info, value, "en"))


@lru_cache(maxsize=256)
def department(slug: str) -> Said:
    """A department by its slug, in both languages."""
    return both(lambda: catalogue.department_name(slug))


def both(say: Callable[[], str]) -> Said:
    """What something says, once in each language."""
    with override("zh-hans"):
        chinese = say()
    with override("en"):
        return Said(chinese, say())
