"""A city's measures for companies: 2,349 of 31 departments unless asked for fewer, made of a seed.

Each reads as the notices do: who is excluded (the abnormal list, breach of trust), where, which trades and sizes, then
two or three thresholds of the department's own, and an amount: fixed, a share with a ceiling, by head, or in steps.
Departments word many conditions alike; thresholds are round numbers, as they are in life.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from benchmarks.companies import COUNTIES, CREDIT, ELEMENTS, FORMS, HONOURS, LICENCES, SIZES, TRADES
from tongban.kernel.rules.amounts import Amount
from tongban.kernel.rules.columns.matching import Measure
from tongban.kernel.rules.load import Rule

CITY = 2_349
DEPARTMENTS = (
    "fgw", "jyj", "kjj", "jxj", "mzw", "gaj", "mzj", "sfj", "czj", "rsj", "zrzy", "sthj", "zjj", "jtj", "slj", "nyj",
    "swu", "wlj", "wjw", "tyjr", "yjj", "swj", "scjg", "tyj", "tjj", "ylbz", "cgj", "dsj", "lyj", "gjj", "cl",
)  # fmt: skip
Logic = Any


def var(key: str) -> Logic:
    return {"var": key}


def yuan(amount: int) -> Logic:
    return {"yuan": str(amount)}


class Office:
    """One department and what it cares about."""

    def __init__(self, name: str, chance: random.Random) -> None:
        self.name = name
        self.chance = chance
        self.trades = sorted(chance.sample(TRADES, chance.randint(4, 14)))
        self.own = chance.sample(_OWN, 5)

    def rule(self) -> Logic:
        """Exclusions, place, kind of company, thresholds."""
        pick = self.chance
        parts: list[Logic] = [{"!": [var("abnormal")]}, {"!": [var("breach")]}]
        if pick.random() < 0.45:
            parts.append({"==": [var("county"), pick.choice(COUNTIES)]})
        if pick.random() < 0.6:
            parts.append({"in": [var("trade"), self.trades if pick.random() < 0.6 else self._some_trades()]})
        if pick.random() < 0.5:
            parts.append({"in": [var("size"), list(SIZES[: pick.randint(1, 3)])]})
        if pick.random() < 0.25:
            parts.append({"!=": [var("form"), pick.choice(FORMS)]})
        parts += [make(pick) for make in pick.sample(self.own, pick.randint(1, 3))]
        if pick.random() < 0.2:
            parts.append({"or": [make(pick) for make in pick.sample(_OWN, 2)]})
        return {"and": parts}

    def _some_trades(self) -> list[str]:
        return sorted(self.chance.sample(TRADES, self.chance.randint(2, 9)))

    def amount(self) -> Logic:
        return self.chance.choice(_AMOUNTS)(self.chance)


def _round(chance: random.Random, low: int, high: int) -> int:
    """A number as notices name them: 20, 50, 300, 5000."""
    least = chance.choice([1, 2, 3, 5, 8]) * 10 ** chance.randint(0, 9)
    return min(max(least, low), high)


_OWN: list[Callable[[random.Random], Logic]] = [
    lambda c: {">=": [var("sales"), yuan(_round(c, 100_000, 400_000_000))]},
    lambda c: {"<=": [var("sales"), yuan(_round(c, 200_000, 500_000_000))]},
    lambda c: {">=": [var("tax"), yuan(_round(c, 1_000, 10_000_000))]},
    lambda c: {">=": [{"*": [var("sales"), 100]}, {"*": [var("sales_last"), c.choice([105, 110, 115, 120, 130])]}]},
    lambda c: {">=": [{"*": [var("research"), 100]}, {"*": [var("sales"), c.choice([2, 3, 4, 5])]}]},
    lambda c: {"<=": [{"years_between": [var("founded"), {"today": []}]}, c.choice([1, 2, 3, 5, 7])]},
    lambda c: {">=": [{"years_between": [var("founded"), {"today": []}]}, c.choice([1, 2, 3, 5, 10])]},
    lambda c: {">": [{"days_between": [{"today": []}, var("licence_until")]}, c.choice([0, 30, 90, 180])]},
    lambda c: {">=": [var("founded"), {"date": f"20{c.randint(18, 26)}-0{c.choice([1, 3, 7])}-01"}]},
    lambda c: {"in": [c.choice(HONOURS), var("honours")]},
    lambda c: {"in": [c.choice(LICENCES), var("licences")]},
    lambda c: {"in": [var("tax_credit"), c.choice([["A"], ["A", "B"], ["A", "B", "M"]])]},
    lambda c: {"!=": [var("tax_credit"), c.choice(CREDIT[-2:])]},
    lambda c: {">=": [var("staff"), c.choice([1, 3, 5, 10, 20, 50, 100])]},
    lambda c: {">=": [var("insured"), c.choice([1, 2, 3, 5, 10, 20, 50])]},
    lambda c: {">=": [{"*": [var("insured"), 10]}, {"*": [var("staff"), c.choice([6, 7, 8, 9])]}]},
    lambda c: {">=": [var("jobs_new"), c.choice([1, 2, 3, 5, 10])]},
    lambda c: {">=": [var("graduates"), c.choice([1, 2, 3, 5])]},
    lambda c: {">=": [var("disabled"), c.choice([1, 2, 3])]},
    lambda c: {">=": [var("veterans"), c.choice([1, 2, 3])]},
    lambda c: {">=": [var("inventions"), c.choice([1, 2, 3, 5])]},
    lambda c: {">=": [{"+": [var("patents"), var("inventions"), var("standards")]}, c.choice([1, 2, 3, 5])]},
    lambda c: {">=": [var("equipment"), yuan(_round(c, 50_000, 50_000_000))]},
    lambda c: {">=": [var("exports"), yuan(_round(c, 50_000, 50_000_000))]},
    lambda c: {">=": [var("area"), c.choice([50, 80, 100, 120.5, 200, 500, 1000])]},
    lambda c: {"<": [var("debt_ratio"), {"decimal": c.choice(["0.5", "0.55", "0.6", "0.7", "0.85"])}]},
    lambda c: {"<=": [{"divide": [var("energy"), var("area"), "half_up", 3]}, c.choice([0.1, 0.2, 0.25, 0.5])]},
    lambda c: {">": [{"divide": [var("payroll"), var("staff"), "down"]}, yuan(c.choice([40, 60, 80, 100]) * 1000)]},
    lambda _: {"!": [var("arrears")]},
    lambda _: {"!": [var("accident")]},
    lambda c: var(c.choice(["in_park", "web_shop"])),
    lambda _: {"or": [var("veteran_owner"), var("graduate_owner"), var("returned_owner")]},
    lambda c: {"<=": [{"days_between": [var("park_since"), {"today": []}]}, c.choice([365, 730, 1095])]},
]  # fmt: skip


def _share(chance: random.Random) -> Logic:
    of = chance.choice(["tax", "research", "equipment", "interest", "rent", "insurance", "exports"])
    part = {"divide": [{"*": [var(of), chance.choice([3, 5, 10, 20, 30, 50])]}, 100, "down"]}
    return {"min": [part, yuan(_round(chance, 5_000, 500_000))]}


def _by_head(chance: random.Random) -> Logic:
    heads = var(chance.choice(["graduates", "disabled", "veterans", "jobs_new", "insured"]))
    return {
        "min": [
            {"*": [yuan(chance.choice([500, 1000, 2000, 3000, 5000])), heads]},
            yuan(_round(chance, 10_000, 500_000)),
        ]
    }


def _steps(chance: random.Random) -> Logic:
    base = _round(chance, 500, 10_000)
    high = {">=": [var("sales"), yuan(50_000_000)]}
    middle = {">=": [var("sales"), yuan(5_000_000)]}
    return {"if": [high, yuan(base * 5), middle, yuan(base * 2), yuan(base)]}


def _growth(chance: random.Random) -> Logic:
    more = {"max": [{"-": [var("tax"), var("tax_last")]}, yuan(0)]}
    return {"*": [more, {"decimal": chance.choice(["0.3", "0.5", "0.125"])}]}


_AMOUNTS: list[Callable[[random.Random], Logic]] = [
    lambda c: yuan(_round(c, 500, 20_000)), lambda c: yuan(_round(c, 500, 2_000)), _share, _share, _by_head,
    _steps, _growth,
]  # fmt: skip


def written(*, count: int = CITY, seed: int = 11) -> list[tuple[str, Logic, Logic]]:
    """Key, condition and amount of each measure, in JSONLogic."""
    chance = random.Random(seed)
    offices = [Office(name, random.Random(f"{seed} {name}")) for name in DEPARTMENTS]
    found = []
    for number in range(count):
        office = offices[number % len(offices)] if number < len(offices) else chance.choice(offices)
        found.append((f"{office.name}-{number:04d}", office.rule(), office.amount()))
    return sorted(found)


def measures(*, count: int = CITY, seed: int = 11) -> list[Measure]:
    """The same measures for the same count and seed."""
    return [measure(*one) for one in written(count=count, seed=seed)]


def measure(key: str, rule: Logic, amount: Logic) -> Measure:
    return Measure(
        key, Rule.load(rule, elements=ELEMENTS), Amount.load(amount, elements=ELEMENTS, rounding="down")
    )
