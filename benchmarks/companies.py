"""A city's companies in columns over the portraits' own elements: 252,367 of them unless asked for fewer, made of a seed.

Sizes follow what registers of a middling city look like: most are micro, money is lognormal, every source has gaps (tax knows
nearly all who consented, R&D returns a third), and what ages was read on different days, part of it too long ago. As in the
census of the portraits every value has its day, whether it ages or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from tongban.kernel.rules.columns.column import KNOWN, MISSING, NO_DAY, Column, days, narrow
from tongban.kernel.rules.columns.population import Population
from tongban.kernel.rules.elements import Element, Type
from tongban.registers.licences import api as licences
from tongban.registers.portraits import api as portraits
from tongban.registers.portraits.contracts import ORGANISATION, ElementInfo

CITY = 252_367
AS_OF = date(2026, 11, 22)
CONSENTED = 0.65
"""How many let their data be used where that needs consent."""
TOWNSHIPS = tuple(f"第{number}街道" for number in range(1, 70))


@dataclass(frozen=True, slots=True)
class Sort:
    """How an element is spread: `middle` and `spread` of the lognormal (numbers, yuan) or the days ago, `share` that is yes;
    `gaps` is the share of companies of which the source knows nothing.
    """

    gaps: float
    middle: float = 0
    spread: float = 1.2
    share: float = 0
    scale: int = 0


BY_TYPE = {
    Type.BOOLEAN: Sort(0.1, share=0.06), Type.NUMBER: Sort(0.4, 3), Type.MONEY: Sort(0.5, 80_000, 1.6), Type.TEXT: Sort(0.2),
    Type.DATE: Sort(0.7, 900), Type.TEXTS: Sort(0.03),
}  # fmt: skip
"""Where nothing else is said."""
SORTS = {
    "firm.county": Sort(0), "firm.township": Sort(0.01), "firm.form": Sort(0), "firm.state": Sort(0.01), "firm.trade": Sort(0.01),
    "firm.founded": Sort(0, 1800), "firm.capital": Sort(0.02, 500_000, 1.6), "firm.abnormal": Sort(0, share=0.04),
    "firm.illegal": Sort(0, share=0.004), "breach.listed": Sort(0, share=0.006), "tax.sales": Sort(0.06, 900_000, 1.6),
    "tax.sales_before": Sort(0.1, 850_000, 1.6), "tax.sales_this_year": Sort(0.06, 700_000, 1.6), "tax.paid": Sort(0.05, 30_000, 1.6),
    "tax.paid_before": Sort(0.09, 28_000, 1.6), "tax.research": Sort(0.5, 40_000, 1.6), "tax.credit": Sort(0.08),
    "tax.arrears": Sort(0.05, share=0.03), "trade.exports": Sort(0.8, 200_000, 1.6), "trade.exports_before": Sort(0.8, 180_000, 1.6),
    "social.insured": Sort(0.06, 4), "social.insured_before": Sort(0.1, 4), "social.cut_rate": Sort(0.1, 2, scale=1),
    "social.paid_months": Sort(0.1, 30), "social.graduates": Sort(0.2, 1), "disability.staff": Sort(0.15, 0.3),
    "veterans.hired": Sort(0.25, 0.4), "patents.inventions": Sort(0, 0.2), "quality.standards": Sort(0, 0.05),
    "energy.used": Sort(0.6, 20, 1.5, scale=2), "energy.saved": Sort(0.8, 10, 1.5, scale=2), "power.used": Sort(0.1, 4_000, 1.5),
    "power.used_before": Sort(0.15, 3_900, 1.5), "farm.base_mu": Sort(0.9, 60, scale=1), "farm.green_marks": Sort(0, 0.05),
}  # fmt: skip


@cache
def elements() -> dict[str, Element]:
    """What rules about companies read, by key."""
    return dict(portraits.rule_elements(ORGANISATION))


def companies(*, size: int = CITY, seed: int = 7) -> Population:
    """The same companies for the same size and seed."""
    chance = np.random.default_rng(seed)
    large = chance.normal(0, 0.8, size)  # a large company is large in everything
    infos = portraits.elements(ORGANISATION).values()
    return Population(size, {info.key: _column(info, size, chance, large) for info in infos})


def _column(info: ElementInfo, size: int, chance: np.random.Generator, large: Any) -> Column:
    sort = SORTS.get(info.key, BY_TYPE[info.type])
    gaps = 1 - (1 - sort.gaps) * CONSENTED if info.consent else sort.gaps
    state = np.where(chance.random(size) < gaps, MISSING, KNOWN).astype(np.uint8)
    known_day = _read_on(info, size, chance)
    match info.type:
        case Type.TEXT:
            words = info.words or TOWNSHIPS
            weights = 1 / np.arange(1, len(words) + 1) ** 0.9
            data = chance.choice(len(words), size, p=weights / weights.sum())
            return Column(info.type, narrow(data), state, words=words, known_day=known_day)
        case Type.TEXTS:
            return _lists(_licences(), state, known_day, chance)
        case Type.BOOLEAN:
            return Column(info.type, chance.random(size) < sort.share, state, known_day=known_day)
        case Type.DATE:
            since = chance.gamma(1.6, sort.middle / 1.6, size)
            return Column(info.type, narrow(days(AS_OF) - since.astype(np.int64)), state, known_day=known_day)
        case _:
            worth = sort.middle * np.exp(sort.spread * (0.6 * large + 0.8 * chance.normal(0, 1, size)))
            parts = 100 if info.type is Type.MONEY else 10**sort.scale
            data = np.minimum(worth * parts, 5e14).astype(np.int64)
            return Column(info.type, narrow(data), state, sort.scale, known_day=known_day)


def _read_on(info: ElementInfo, size: int, chance: np.random.Generator) -> Any:
    """Most within a third of the time that they hold, some before, a few on a day that nobody wrote down."""
    hold = info.max_age.days if info.max_age else 900
    ago = np.minimum(chance.exponential(hold * 0.3, size), 2 * hold).astype(np.int32)
    return np.where(chance.random(size) < 0.003, NO_DAY, days(AS_OF) - ago).astype(np.int32)


def _licences() -> tuple[str, ...]:
    return tuple(sorted(one.name for one in licences.kinds().values() if one.holder == ORGANISATION))


def _lists(words: tuple[str, ...], state: Any, known_day: Any, chance: np.random.Generator) -> Column:
    each = np.minimum(chance.poisson(1.2, state.size), len(words))
    starts = np.concatenate([[0], np.cumsum(each)])
    data = narrow((chance.integers(0, len(words), starts[-1])).astype(np.int64))
    return Column(Type.TEXTS, data, state, words=words, starts=starts, known_day=known_day)
