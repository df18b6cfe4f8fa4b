"""A city's companies in columns: 252,367 of them unless asked for fewer, made of a seed.

Sizes follow what registers of a middling city look like: most are micro, money is lognormal, every source has gaps
(tax knows nearly all, R&D returns a third), and what ages was read on different days, part of it too long ago.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np

from tongban.kernel.rules.columns.column import KNOWN, MISSING, NO_DAY, Column, days, narrow
from tongban.kernel.rules.columns.population import Population
from tongban.kernel.rules.elements import Element, Type

CITY = 252_367
AS_OF = date(2026, 11, 22)
COUNTIES = ("421202", "421221", "421222", "421223", "421224", "421281")
TRADES = tuple(f"{number:02d}" for number in range(1, 98))
FORMS = ("个体工商户", "有限责任公司", "农民专业合作社", "个人独资企业", "合伙企业", "股份有限公司")
SIZES = ("微型", "小型", "中型", "大型")
CREDIT = ("B", "M", "A", "C", "D")
LICENCES = tuple(f"许可{number:02d}" for number in range(1, 25))
HONOURS = (
    "高新技术企业", "科技型中小企业", "专精特新", "小巨人", "绿色工厂", "数字车间", "老字号", "守合同重信用", "名牌产品",
    "地理标志", "创业孵化基地", "就业见习基地", "规上企业", "外贸备案", "电商示范", "龙头企业", "放心消费", "和谐劳动",
)  # fmt: skip
AGES = timedelta(days=100)
"""How old a monthly figure may be."""


@dataclass(frozen=True, slots=True)
class Sort:
    """How an element is spread: `middle` and `spread` of the lognormal (numbers, yuan), the share that is yes, or the
    words; `gaps` is the share of companies that the source does not know.
    """

    type: Type
    gaps: float = 0.02
    middle: float = 0
    spread: float = 1
    share: float = 0
    words: tuple[str, ...] = ()
    ages: bool = False
    scale: int = 0


def _money(yuan: float, gaps: float, *, ages: bool = False) -> Sort:
    return Sort(Type.MONEY, gaps, yuan, 1.6, ages=ages)


def _count(middle: float, gaps: float, *, ages: bool = False) -> Sort:
    return Sort(Type.NUMBER, gaps, middle, 1.2, ages=ages)


def _yes(share: float, gaps: float = 0.0) -> Sort:
    return Sort(Type.BOOLEAN, gaps, share=share)


SORTS: dict[str, Sort] = {
    "county": Sort(Type.TEXT, 0, words=COUNTIES),
    "trade": Sort(Type.TEXT, 0.01, words=TRADES),
    "form": Sort(Type.TEXT, 0, words=FORMS),
    "size": Sort(Type.TEXT, 0.05, words=SIZES),
    "tax_credit": Sort(Type.TEXT, 0.08, words=CREDIT),
    "founded": Sort(Type.DATE, 0, middle=1800),
    "licence_until": Sort(Type.DATE, 0.3, middle=-700),
    "park_since": Sort(Type.DATE, 0.9, middle=900),
    "capital": _money(500_000, 0.02),
    "sales": _money(900_000, 0.06, ages=True),
    "sales_last": _money(850_000, 0.1),
    "tax": _money(30_000, 0.05, ages=True),
    "tax_last": _money(28_000, 0.09),
    "profit": _money(60_000, 0.2),
    "research": _money(40_000, 0.67),
    "exports": _money(200_000, 0.85),
    "equipment": _money(150_000, 0.4),
    "payroll": _money(300_000, 0.12, ages=True),
    "insurance": _money(50_000, 0.12, ages=True),
    "interest": _money(20_000, 0.45),
    "rent": _money(36_000, 0.5),
    "staff": _count(5, 0.04, ages=True),
    "insured": _count(4, 0.06, ages=True),
    "graduates": _count(1, 0.2),
    "disabled": _count(0.3, 0.15),
    "veterans": _count(0.4, 0.25),
    "jobs_new": _count(0.8, 0.15, ages=True),
    "patents": _count(0.5, 0.0),
    "inventions": _count(0.2, 0.0),
    "brands": _count(0.7, 0.0),
    "standards": _count(0.05, 0.0),
    "area": Sort(Type.NUMBER, 0.35, 120, 1.1, scale=2),
    "energy": Sort(Type.NUMBER, 0.6, 20, 1.5, scale=3),
    "debt_ratio": Sort(Type.NUMBER, 0.3, 0.45, 0.5, scale=4),
    "abnormal": _yes(0.04),
    "breach": _yes(0.004),
    "arrears": _yes(0.03, 0.05),
    "in_park": _yes(0.08),
    "web_shop": _yes(0.12, 0.1),
    "veteran_owner": _yes(0.03, 0.02),
    "graduate_owner": _yes(0.05, 0.06),
    "returned_owner": _yes(0.06, 0.1),
    "accident": _yes(0.002),
    "licences": Sort(Type.TEXTS, 0.03, words=LICENCES),
    "honours": Sort(Type.TEXTS, 0.01, words=HONOURS),
}
ELEMENTS = {key: Element(key, sort.type, AGES if sort.ages else None) for key, sort in SORTS.items()}


def companies(*, size: int = CITY, seed: int = 7) -> Population:
    """The same companies for the same size and seed."""
    chance = np.random.default_rng(seed)
    large = chance.normal(0, 0.8, size)  # a large company is large in everything
    return Population(size, {key: _column(sort, size, chance, large) for key, sort in SORTS.items()})


def _column(sort: Sort, size: int, chance: np.random.Generator, large: Any) -> Column:
    state = np.where(chance.random(size) < sort.gaps, MISSING, KNOWN).astype(np.uint8)
    known_day = _read_on(size, chance) if sort.ages else None
    match sort.type:
        case Type.TEXT:
            weights = 1 / np.arange(1, len(sort.words) + 1) ** (0.9 if len(sort.words) < 10 else 0.6)
            data = chance.choice(len(sort.words), size, p=weights / weights.sum())
            return Column(sort.type, narrow(data), state, words=sort.words)
        case Type.TEXTS:
            return _lists(sort, state, chance)
        case Type.BOOLEAN:
            return Column(sort.type, chance.random(size) < sort.share, state)
        case Type.DATE:
            since = chance.gamma(1.6, abs(sort.middle) / 1.6, size) * np.sign(sort.middle)
            return Column(sort.type, narrow(days(AS_OF) - since.astype(np.int64)), state)
        case _:
            worth = sort.middle * np.exp(sort.spread * (0.6 * large + 0.8 * chance.normal(0, 1, size)))
            cents = 100 if sort.type is Type.MONEY else 10**sort.scale
            data = np.minimum(worth * cents, 5e14).astype(np.int64)
            return Column(sort.type, narrow(data), state, sort.scale, known_day=known_day)


def _read_on(size: int, chance: np.random.Generator) -> Any:
    """Most within the month, some months ago, a few on a day that nobody wrote down."""
    ago = np.minimum(chance.exponential(30, size), 400).astype(np.int32)
    return np.where(chance.random(size) < 0.003, NO_DAY, days(AS_OF) - ago).astype(np.int32)


def _lists(sort: Sort, state: Any, chance: np.random.Generator) -> Column:
    each = np.minimum(chance.poisson(1.2, state.size), len(sort.words))
    starts = np.concatenate([[0], np.cumsum(each)])
    words = narrow((chance.integers(0, len(sort.words), starts[-1])).astype(np.int64))
    return Column(sort.type, words, state, words=sort.words, starts=starts)
