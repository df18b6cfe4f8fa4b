"""Two versions of a measure side by side: who gains, who loses, how much money; and measures that meet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.policies import selectors
from tongban.desks.policies.checking import HINT, WARN, Finding
from tongban.desks.policies.contracts import Gives, MeasureInfo, Period
from tongban.desks.policies.editing.saying import amount_words
from tongban.desks.policies.format import Terms
from tongban.desks.policies.trying import Loaded, kept_to, load
from tongban.desks.policies.wording import Wording, money_words
from tongban.kernel.rules.columns.matching import Match, Measure, Plan
from tongban.kernel.rules.columns.sharing import Shared
from tongban.registers.portraits import api as portraits

MOST_SHOWN = 8
OVERLAPPING = 0.8
"""From this share of the smaller set on, two measures reach the same parties."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one version comes to."""

    words: str
    amount: str
    entitled: int
    unknown: int
    total_fen: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Before and after. `more` and `less`: entitled by both, with another amount."""

    before: Side
    after: Side
    gain: int
    lose: int
    stay: int
    more: int
    less: int
    more_fen: int
    less_fen: int
    fields: tuple[tuple[str, str, str], ...] = ()

    @property
    def difference_fen(self) -> int | None:
        if self.before.total_fen is None and self.after.total_fen is None:
            return None
        return (self.after.total_fen or 0) - (self.before.total_fen or 0)


def compare(before: Terms, after: Terms, *, region: str, at: datetime) -> Comparison:
    """Both versions over everybody of today.

    :param region: the division of their policy

    :raises RuleError: one of them cannot be compiled
    """
    elements = portraits.rule_elements(after.party)
    wording = Wording(portraits.elements(after.party))
    both = [
        kept_to(load(one.condition, one.amount, elements=elements), region=region, party=one.party)
        for one in (before, after)
    ]
    population = portraits.census(after.party, at=at).population
    plan = Plan(
        (Measure(str(place), one.rule, one.amount) for place, one in enumerate(both)), elements=elements
    )
    old, new = plan.matches(population, as_of=actors.day_of(at))
    was, now = _sums(old, population.size), _sums(new, population.size)
    stay = np.intersect1d(old.entitled.indices(), new.entitled.indices())
    change = now[stay] - was[stay]
    return Comparison(
        _side(both[0], old, wording), _side(both[1], new, wording), gain=len(new.entitled - old.entitled),
        lose=len(old.entitled - new.entitled), stay=len(stay), more=int((change > 0).sum()),
        less=int((change < 0).sum()), more_fen=int(change[change > 0].sum()), less_fen=int(-change[change < 0].sum()),
        fields=tuple(_fields(before, after)),
    )  # fmt: skip


def _sums(match: Match, size: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Fen by row; 0 where nothing is paid or it cannot be told."""
    found = np.zeros(size, dtype=np.int64)
    if match.sums is not None:
        found[match.sums.rows.indices()] = match.sums.fen
    return found


def _side(one: Loaded, match: Match, wording: Wording) -> Side:
    amount = "" if one.amount is None else amount_words(one.amount.source, wording.elements)
    total = None if match.sums is None else match.sums.total if len(match.sums.rows) else 0
    return Side(wording.say(one.rule), amount, len(match.entitled), len(match.unknown), total)


def _fields(before: Terms, after: Terms) -> Iterator[tuple[str, str, str]]:
    """What else changed, in words."""
    names = {
        "title": _("名称"), "says": _("给谁什么"), "says_en": _("英文一句话"), "gives": _("给什么"), "way": _("怎么享受"),
        "period": _("多久一次"), "opens_on": _("开始日期"), "closes_on": _("截止日期"), "quota": _("名额"),
        "budget_fen": _("资金总额"), "order": _("先后"), "publicity_days": _("公示工作日"), "evidence": _("材料"),
        "excludes": _("互斥"), "matter": _("事项"), "article": _("条款"),
    }  # fmt: skip
    for name, label in names.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield label, _said(name, old), _said(name, new)


def _said(name: str, value: object) -> str:
    if value in (None, "", ()):
        return _("（无）")
    if name == "budget_fen" and isinstance(value, int):
        return money_words(value, language=get_language() or "zh")
    if name == "gives":
        return str(Gives(str(value)).label)
    if name == "period":
        return str(Period(str(value)).label)
    return _("、").join(map(str, value)) if isinstance(value, tuple) else str(value)


def _title(one: MeasureInfo, name: str = "title") -> str:
    english = (get_language() or "").startswith("en") and getattr(one, f"{name}_en")
    return str(english or getattr(one, name))


def meeting(terms: Terms, ready: Loaded, *, at: datetime) -> list[Finding]:
    """Measures in force that meet this one (`ready`: kept to its division): the same condition, mostly the same parties, excluding each other one-sidedly."""
    held = [
        one
        for one in selectors.measures(on=actors.day_of(at), party_kind=terms.party)
        if one.key != terms.key
    ]
    if not held:
        return []
    loaded = [(one, selectors.compiled(one)) for one in held]
    found = [*_same_condition(ready, loaded), *_one_sided(terms, held)]
    return found + _reaching(terms, ready, loaded, at)


def _same_condition(ready: Loaded, loaded: list[tuple[MeasureInfo, Measure]]) -> list[Finding]:
    shared = Shared()
    ours = shared.node(ready.rule.node)
    return [
        Finding(
            WARN, "same", ("condition",),
            _("条件和“%(title)s”（%(policy)s）完全相同，是不是同一件事？") % {"title": _title(one), "policy": _title(one, "policy_title")},
        )
        for one, each in loaded
        if shared.node(each.rule.node) is ours
    ]  # fmt: skip


def _one_sided(terms: Terms, held: list[MeasureInfo]) -> list[Finding]:
    ours, found = set(terms.excludes), []
    for one in held:
        if terms.key in one.excludes and one.key not in ours:
            words = _("“%s”写了和这一项不能同时享受，这一项没有写。")
        elif one.key in ours and terms.key not in one.excludes:
            words = _("这一项写了和“%s”不能同时享受，那一项没有写。")
        else:
            continue
        found.append(Finding(WARN, "one_sided", ("excludes",), words % _title(one)))
    return found


def _reaching(
    terms: Terms, ready: Loaded, loaded: list[tuple[MeasureInfo, Measure]], at: datetime
) -> list[Finding]:
    """Measures that give the same to mostly the same parties and may be enjoyed together."""
    alike = [
        (one, each) for one, each in loaded if one.gives == terms.gives and one.key not in terms.excludes
    ]
    elements = portraits.rule_elements(terms.party)
    plan = Plan(
        [Measure("", ready.rule), *(Measure(one.key, each.rule) for one, each in alike)], elements=elements
    )
    population = portraits.census(terms.party, at=at).population
    ours, *others = (match.entitled for match in plan.matches(population, as_of=actors.day_of(at)))
    found = []
    for (one, _each), theirs in zip(alike, others, strict=True):
        both = int(len(ours) - len(ours - theirs))
        least = min(len(ours), len(theirs))
        if least and both / least >= OVERLAPPING:
            found.append((both, one))
    found.sort(key=lambda pair: (-pair[0], pair[1].key))
    return [
        Finding(
            HINT, "overlap", ("excludes",),
            _("和“%(title)s”重叠：%(both)d户两项都能享受。不该同时享受的，请写明互斥。")
            % {"title": _title(one), "both": both},
        )
        for both, one in found[:MOST_SHOWN]
    ]  # fmt: skip
