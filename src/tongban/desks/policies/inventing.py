"""What invented measures ask and give, made of the elements that portraits really have. Pure but for the packs.

A department asks first about what it keeps itself, then about what all notices ask: who is excluded (the abnormal list, breach
of trust), where, which trades, one to three thresholds. Thresholds are round numbers, as they are in life, and departments
word many conditions alike. Each condition comes with values that meet it and values that do not, so that examples can be worked
out; two conditions of one measure never read the same element.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, Final

from tongban.kernel.rules.elements import Type
from tongban.registers.licences import api as licences
from tongban.registers.portraits.contracts import ORGANISATION, ElementInfo

Logic = Any
DAY: Final = date(2026, 6, 1)
"""The day on which every example is worked out."""
EXCLUDED: Final = ("firm.abnormal", "breach.listed")
"""What every notice excludes."""
AGAINST: Final = frozenset({
    *EXCLUDED, "firm.illegal", "tax.arrears", "social.arrears", "social.wage_list", "env.penalty", "safety.accident",
})  # fmt: skip
"""Yes to these speaks against a company."""
SMALL: Final = frozenset({"tax.sales", "tax.assets", "social.cut_rate", "energy.used"})
"""Where a measure may ask for no more than so much."""
MANY: Final = frozenset({
    "energy.used", "energy.saved", "power.used", "power.used_before", "farm.base_mu", "farm.cold_store", "tourism.nights",
    "build.prefab",
})  # fmt: skip
"""Numbers that go into the thousands."""
HEADS: Final = (
    "social.graduates", "social.hard_hired", "social.insured", "social.apprentices", "social.trainees_kept", "social.talents",
    "disability.staff", "veterans.hired", "care.beds", "nursery.places", "kindergarten.children",
)  # fmt: skip
"""By which money is given by head."""
_SUMS = (1, 2, 3, 5, 8)


@dataclass(frozen=True, slots=True)
class Wanted:
    """One condition with values that meet it and values that do not, both as an example writes them."""

    logic: Logic
    good: Mapping[str, Any]
    bad: Mapping[str, Any]


Maker = Callable[[random.Random], Wanted]


def var(key: str) -> Logic:
    return {"var": key}


def yuan(amount: int) -> Logic:
    return {"yuan": str(amount)}


class Office:
    """One department and what it cares about."""

    def __init__(self, slug: str, infos: Mapping[str, ElementInfo], *, seed: int) -> None:
        self.chance = random.Random(f"{seed} {slug}")  # noqa: S311 - invented policies, no secret
        self.infos = infos
        self.makers = tuple(_makers(infos))
        mine = [one for one in self.makers if any(infos[key].source == slug for key in one[0])]
        others = [one for one in self.makers if one not in mine]
        own = self.chance.sample(mine, min(len(mine), 4))
        self.own = [*own, *self.chance.sample(others, max(6 - len(own), 2))]
        self.trades = self._some_trades()

    def conditions(self) -> list[Wanted]:
        """Exclusions, place, kind of company, thresholds; each element once."""
        pick = self.chance
        found = [_flag(key) for key in EXCLUDED]
        if pick.random() < 0.45:
            found.append(_word(self.infos["firm.county"], pick))
        if pick.random() < 0.6:
            found.append(
                _among("firm.trade", self.trades if pick.random() < 0.6 else self._some_trades(), self.infos)
            )
        used = {key for one in found for key in one.good}
        found += self._picked(self.own, pick.randint(1, 3), used)
        if pick.random() < 0.2:
            either = self._picked(self.makers, 2, used)
            found.append(_either(either) if len(either) == 2 else either[0])
        return found

    def amount(self, record: Mapping[str, Any]) -> tuple[Logic, dict[str, Any]]:
        """A formula, and values for what it reads beside the record."""
        logic, reads = self.chance.choice(_AMOUNTS)(self.chance, self.infos, record)
        return logic, {key: _usual(self.infos[key]) for key in reads if key not in record}

    def _some_trades(self) -> list[str]:
        words = self.infos["firm.trade"].words
        return [
            words[place] for place in sorted(self.chance.sample(range(len(words)), self.chance.randint(2, 6)))
        ]

    def _picked(self, makers: Any, count: int, used: set[str]) -> list[Wanted]:
        """So many conditions, none on an element that is `used`; theirs are used from now on."""
        found: list[Wanted] = []
        for keys, make in self.chance.sample(makers, len(makers)):
            if len(found) < count and not used & set(keys):
                found.append(make(self.chance))
                used |= set(keys)
        return found


def _makers(infos: Mapping[str, ElementInfo]) -> Iterator[tuple[tuple[str, ...], Maker]]:
    """Every kind of condition that these elements allow, with the keys that it reads."""
    for info in infos.values():
        make = _BY_TYPE.get(info.type)
        asked = info.division or info.key in {
            "firm.trade",
            *EXCLUDED,
        }  # by every measure, in a way of its own
        if make is None or asked or (info.type is Type.TEXT and not info.words):
            continue
        yield (info.key,), partial(make, info)
    for keys, combined in _COMBINED:
        if all(key in infos for key in keys):
            yield keys, partial(combined, keys)


# —— one element ——


def _flag(key: str) -> Wanted:
    against = key in AGAINST
    return Wanted({"!": [var(key)]} if against else var(key), {key: not against}, {key: against})


def _yes(info: ElementInfo, _chance: random.Random) -> Wanted:
    return _flag(info.key)


def _word(info: ElementInfo, chance: random.Random) -> Wanted:
    word, other = chance.sample(info.words, 2)
    return Wanted({"==": [var(info.key), word]}, {info.key: word}, {info.key: other})


def _among(key: str, some: list[str], infos: Mapping[str, ElementInfo]) -> Wanted:
    other = next(one for one in infos[key].words if one not in some)
    return Wanted({"in": [var(key), some]}, {key: some[0]}, {key: other})


def _grade(info: ElementInfo, chance: random.Random) -> Wanted:
    """A level and all above it, where the first word says that there is none; the better ones of a list otherwise."""
    place = chance.randint(1, len(info.words) - 1)
    some = info.words[place:] if info.words[0] == "无" else info.words[:place]
    return _among(info.key, list(some), {info.key: info})


def _sum(info: ElementInfo, chance: random.Random) -> Wanted:
    least = chance.choice(_SUMS) * 10 ** chance.randint(4, 7)
    fen = least * 100
    if info.key in SMALL and chance.random() < 0.4:
        return Wanted({"<=": [var(info.key), yuan(least)]}, {info.key: fen}, {info.key: fen + 1})
    return Wanted({">=": [var(info.key), yuan(least)]}, {info.key: fen}, {info.key: fen - 1})


def _count(info: ElementInfo, chance: random.Random) -> Wanted:
    if info.key in SMALL:
        most, whole = chance.choice([("5.5", 5), ("20", 20), ("30.5", 30)])
        return Wanted({"<=": [var(info.key), {"decimal": most}]}, {info.key: whole}, {info.key: whole + 1})
    least = chance.choice([100, 200, 500, 1000, 5000] if info.key in MANY else [1, 2, 3, 5, 10, 20, 50])
    return Wanted({">=": [var(info.key), least]}, {info.key: least}, {info.key: least - 1})


def _day(info: ElementInfo, chance: random.Random) -> Wanted:
    """Within so many days, so many years ago or more, or since a day."""
    key, way = info.key, chance.randrange(3)
    if way == 0:
        most = chance.choice([365, 730, 1095])
        logic = {"<=": [{"days_between": [var(key), {"today": []}]}, most]}
        return Wanted(logic, _on(key, DAY - timedelta(days=most)), _on(key, DAY - timedelta(days=most + 1)))
    if way == 1:
        years = chance.choice([1, 2, 3, 5, 10])
        logic = {">=": [{"years_between": [var(key), {"today": []}]}, years]}
        then = DAY.replace(year=DAY.year - years)
        return Wanted(logic, _on(key, then), _on(key, then + timedelta(days=1)))
    since = date(chance.randint(2018, 2025), chance.choice([1, 3, 7]), 1)
    logic = {">=": [var(key), {"date": since.isoformat()}]}
    return Wanted(logic, _on(key, since), _on(key, since - timedelta(days=1)))


def _on(key: str, day: date) -> dict[str, str]:
    return {key: day.isoformat()}


def _held(info: ElementInfo, chance: random.Random) -> Wanted:
    """One of the licences of companies."""
    names = sorted(kind.name for kind in licences.kinds().values() if kind.holder == ORGANISATION)
    name = chance.choice(names)
    return Wanted({"in": [name, var(info.key)]}, {info.key: [name]}, {info.key: []})


_BY_TYPE: Mapping[Type, Callable[[ElementInfo, random.Random], Wanted]] = {
    Type.BOOLEAN: _yes, Type.MONEY: _sum, Type.NUMBER: _count, Type.TEXT: _grade, Type.DATE: _day, Type.TEXTS: _held,
}  # fmt: skip


# —— several elements ——


def _more_than_before(keys: tuple[str, ...], chance: random.Random) -> Wanted:
    now, before = keys
    percent = chance.choice([80, 100, 105, 110, 115, 120, 130])
    logic = {">=": [{"*": [var(now), 100]}, {"*": [var(before), percent]}]}
    return Wanted(logic, {now: 1_000 * percent, before: 100_000}, {now: 1_000 * percent - 1, before: 100_000})


def _part_of(keys: tuple[str, ...], chance: random.Random) -> Wanted:
    part, whole = keys
    percent = chance.choice([2, 3, 4, 5])
    logic = {">=": [{"*": [var(part), 100]}, {"*": [var(whole), percent]}]}
    return Wanted(
        logic, {part: 1_000_000 * percent, whole: 10**8}, {part: 1_000_000 * percent - 1, whole: 10**8}
    )


def _by_each(keys: tuple[str, ...], chance: random.Random) -> Wanted:
    total, each = keys
    least = chance.choice([500, 1_000, 3_000, 5_000, 10_000])
    logic = {">": [{"divide": [var(total), var(each), "down"]}, yuan(least)]}
    return Wanted(logic, {total: least * 1_000 + 10, each: 10}, {total: least * 1_000, each: 10})


def _together(keys: tuple[str, ...], chance: random.Random) -> Wanted:
    least = chance.choice([1, 2, 3, 5])
    nothing = dict.fromkeys(keys, 0)
    logic = {">=": [{"+": [var(key) for key in keys]}, least]}
    return Wanted(logic, {**nothing, keys[0]: least}, nothing)


def _any_of(keys: tuple[str, ...], _chance: random.Random) -> Wanted:
    none = dict.fromkeys(keys, False)
    return Wanted({"or": [var(key) for key in keys]}, {**none, keys[-1]: True}, none)


def _either(two: list[Wanted]) -> Wanted:
    first, second = two
    bad = {**first.bad, **second.bad}
    return Wanted({"or": [first.logic, second.logic]}, {**bad, **second.good}, bad)


_COMBINED: tuple[tuple[tuple[str, ...], Callable[[tuple[str, ...], random.Random], Wanted]], ...] = (
    (("tax.sales", "tax.sales_before"), _more_than_before),
    (("tax.paid", "tax.paid_before"), _more_than_before),
    (("trade.exports", "trade.exports_before"), _more_than_before),
    (("social.insured", "social.insured_before"), _more_than_before),
    (("power.used", "power.used_before"), _more_than_before),
    (("tax.research", "tax.sales"), _part_of),
    (("tax.equipment", "tax.sales"), _part_of),
    (("tax.paid", "social.insured"), _by_each),
    (("tax.sales", "social.insured"), _by_each),
    (("patents.inventions", "quality.standards", "farm.green_marks"), _together),
    (("social.graduates", "veterans.hired", "social.hard_hired"), _together),
    (("firm.graduate_founder", "firm.veteran_founder", "firm.returned_founder"), _any_of),
    (("science.high_tech", "science.small", "output.above_scale"), _any_of),
)


# —— how much ——

Given = tuple[Logic, tuple[str, ...]]
"""A formula, and what it reads."""
Giver = Callable[[random.Random, Mapping[str, ElementInfo], Collection[str]], Given]


def _fixed(chance: random.Random, _infos: Mapping[str, ElementInfo], _asked: Collection[str]) -> Given:
    return yuan(chance.choice(_SUMS) * 10 ** chance.randint(2, 4)), ()


def _share(chance: random.Random, infos: Mapping[str, ElementInfo], asked: Collection[str]) -> Given:
    """Of what the conditions ask for, if that is money."""
    money = [key for key, info in infos.items() if info.type is Type.MONEY and info.max_age]
    key = chance.choice([one for one in asked if one in money] or money)
    part = {"divide": [{"*": [var(key), chance.choice([3, 5, 10, 20, 30, 50])]}, 100, "down"]}
    return {"min": [part, yuan(chance.choice(_SUMS) * 10 ** chance.randint(4, 5))]}, (key,)


def _by_head(chance: random.Random, infos: Mapping[str, ElementInfo], asked: Collection[str]) -> Given:
    heads = [key for key in HEADS if key in infos]
    key = chance.choice([one for one in asked if one in heads] or heads)
    each = {"*": [yuan(chance.choice([500, 1000, 2000, 3000, 5000])), var(key)]}
    return {"min": [each, yuan(chance.choice(_SUMS) * 10 ** chance.randint(4, 5))]}, (key,)


def _steps(chance: random.Random, _infos: Mapping[str, ElementInfo], _asked: Collection[str]) -> Given:
    base = chance.choice(_SUMS) * 10 ** chance.randint(2, 3)
    high, middle = ({">=": [var("tax.sales"), yuan(least)]} for least in (50_000_000, 5_000_000))
    return {"if": [high, yuan(base * 5), middle, yuan(base * 2), yuan(base)]}, ("tax.sales",)


def _of_growth(chance: random.Random, _infos: Mapping[str, ElementInfo], _asked: Collection[str]) -> Given:
    more = {"max": [{"-": [var("tax.paid"), var("tax.paid_before")]}, yuan(0)]}
    return {"*": [more, {"decimal": chance.choice(["0.3", "0.5", "0.125"])}]}, ("tax.paid", "tax.paid_before")


_AMOUNTS: tuple[Giver, ...] = (_fixed, _fixed, _share, _share, _by_head, _steps, _of_growth)


def _usual(info: ElementInfo) -> int:
    """What an example has of something that only the amount reads."""
    return 20_000_000 if info.type is Type.MONEY else 10
