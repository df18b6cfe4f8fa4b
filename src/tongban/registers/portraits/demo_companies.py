"""Three hundred invented companies around the demo city's own, made of a seed: so that an editor sees counts move.

Their names say 示例, their credit codes begin with TB; nobody stands behind them. Sizes follow what registers look like:
most are small, money is lognormal, some sources have gaps, a few values are too old to decide by.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from stdnum.cn import uscc

COUNT: Final = 300
SEED: Final = 20261122
Facts = dict[str, tuple[Any, int]]
"""By element, the value and how many days ago its source said so."""

_PLACES = (
    ("421202000000", "咸安区"), ("421202000000", "咸安区"), ("421221000000", "嘉鱼县"), ("421222000000", "通城县"),
    ("421223000000", "崇阳县"), ("421224000000", "通山县"), ("421281000000", "赤壁市"),
)  # fmt: skip
_WORDS = (
    "云杉", "银杏", "香樟", "青松", "翠竹", "金桂", "丹枫", "白桦", "红豆", "紫藤", "山茶", "杜鹃", "水仙", "幽兰", "秋菊",
    "春梅", "清荷", "玉竹", "石楠", "海棠", "白鹭", "画眉", "喜鹊", "飞燕", "鸿雁", "黄鹂", "翠鸟", "百灵", "云雀", "夜莺",
)  # fmt: skip
# Trade of the standard on sizes, a word for the name, how often, sales of the middle one (yuan), sales by head (yuan).
_TRADES = (
    ("工业", "机械", 5, 9_000_000, 500_000), ("工业", "食品", 4, 6_000_000, 450_000),
    ("工业", "电子", 3, 12_000_000, 550_000), ("建筑业", "建设", 2, 20_000_000, 600_000),
    ("批发业", "贸易", 3, 10_000_000, 1_500_000), ("零售业", "百货", 4, 1_800_000, 350_000),
    ("交通运输业", "运输", 2, 5_000_000, 400_000), ("仓储业", "仓储", 1, 4_000_000, 450_000),
    ("住宿业", "民宿", 2, 1_500_000, 200_000), ("餐饮业", "餐饮", 4, 1_200_000, 180_000),
    ("软件和信息技术服务业", "软件", 3, 4_000_000, 380_000), ("租赁和商务服务业", "会展", 1, 2_500_000, 320_000),
    ("农林牧渔业", "农业", 3, 1_600_000, 250_000), ("其他行业", "环保", 1, 3_000_000, 300_000),
)  # fmt: skip
# What departments say of a company that is on none of their lists.
_OTHERWISE: Final = {
    "farm.leader": "无", "farm.green_marks": 0, "farm.base_mu": 0, "farm.cold_store": 0, "transport.grade": "无",
    "transport.new_energy": 0, "tourism.homestay": "无", "tourism.nights": 0, "care.beds": 0, "care.frail": 0,
    "care.grade": "无", "nursery.places": 0, "nursery.children": 0, "kindergarten.children": 0, "build.prefab": 0,
    "build.out_of_city": 0, "trade.old_brand": "无", "quality.geo_mark": False, "food.open_kitchen": False,
    "energy.saved": 0, "energy.audit_fee": 0, "env.treatment": 0, "safety.grade": "无", "finance.guaranteed_loan": 0,
    "trade.credit_premium": 0, "trade.customs_grade": "常规管理企业",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Company:
    """One of them.

    :param agreed: whether it lets its figures be used
    """

    name: str
    uscc: str
    region: str
    form: str
    agreed: bool
    facts: Facts


def companies(*, today: date, count: int = COUNT, seed: int = SEED) -> Iterator[Company]:
    """The same companies for the same day, count and seed."""
    for number in range(count):
        chance = random.Random(f"{seed} {number}")  # noqa: S311 - invents companies, guards nothing
        yield _Maker(number, today, chance).company()


class _Maker:
    """Makes one company: first how large it is, then what follows."""

    def __init__(self, number: int, today: date, chance: random.Random) -> None:
        self.number, self.today, self.chance = number, today, chance
        self.trade, self.word, _often, middle, by_head = chance.choices(
            _TRADES, [one[2] for one in _TRADES]
        )[0]  # fmt: skip
        self.region, self.county = chance.choice(_PLACES)
        self.sales = int(middle * chance.lognormvariate(0, 1.1) / 1000) * 1000
        self.staff = max(1, round(self.sales / by_head * chance.uniform(0.7, 1.3)))
        self.founded = today - timedelta(days=chance.randint(200, 6500))
        self.facts: Facts = {}

    def company(self) -> Company:
        small = self.staff <= 4 and self.chance.random() < 0.6
        coop = self.trade == "农林牧渔业" and self.chance.random() < 0.6
        form = "农民专业合作社" if coop else "个体工商户" if small else "有限责任公司"
        name = f"{'咸宁' if not small else self.county}示例{_WORDS[self.number % len(_WORDS)]}{self.word}"
        name += f"{self.number // len(_WORDS) + 1}号" + {
            "个体工商户": "店",
            "农民专业合作社": "专业合作社",
        }.get(form, "有限公司")
        self._registration(form)
        self._tax()
        self._staff()
        self._science()
        self._sector()
        self._forget()
        code = f"{'93' if coop else '92' if small else '91'}{self.region[:6]}TB1{self.number:06d}"
        code += uscc.calc_check_digit(code)
        return Company(name, code, self.region, form, self.chance.random() < 0.8, self.facts)

    def put(self, days: int, **facts: Any) -> None:
        """Facts that lie `days` back; ``tax__sales`` is ``tax.sales``."""
        self.facts |= {key.replace("__", "."): (value, days) for key, value in facts.items()}

    def yes(self, share: float) -> bool:
        return self.chance.random() < share

    def fen(self, share: float, spread: float = 0.5) -> int:
        """A share of the sales, in whole yuan, as fen."""
        return int(self.sales * share * self.chance.lognormvariate(0, spread)) * 100

    def some(self, share: float, fen: int) -> int:
        return fen if self.yes(share) else 0

    def day(self, earliest: int) -> str:
        return (self.today - timedelta(days=self.chance.randint(10, earliest))).isoformat()

    def _registration(self, form: str) -> None:
        founder = self.chance.random()
        self.put(
            self.chance.randint(2, 12),
            firm__county=self.county, firm__form=form, firm__trade=self.trade, firm__state="存续",
            firm__founded=self.founded.isoformat(), firm__capital=self.fen(0.4), firm__abnormal=self.yes(0.05),
            firm__illegal=self.yes(0.01), firm__graduate_founder=founder < 0.06,
            firm__veteran_founder=0.06 <= founder < 0.1, firm__returned_founder=0.1 <= founder < 0.18,
            breach__listed=self.yes(0.015), breach__grade=self.chance.choices("优良中差", [30, 45, 20, 5])[0],
        )  # fmt: skip

    def _tax(self) -> None:
        before = int(self.sales / self.chance.lognormvariate(0.06, 0.2)) * 100
        research = self.fen(0.06) if self.trade in {"工业", "软件和信息技术服务业"} and self.yes(0.5) else 0
        self.put(
            self.chance.randint(5, 25),
            tax__sales=self.sales * 100, tax__sales_before=before, tax__sales_this_year=self.fen(0.9, 0.15),
            tax__assets=self.fen(0.8), tax__paid=self.fen(0.03), tax__paid_before=self.fen(0.028),
            tax__research=research, tax__research_before=int(research * self.chance.uniform(0.6, 1.1)),
            tax__equipment=self.some(0.3, self.fen(0.1)), tax__arrears=self.yes(0.04),
            tax__credit=self.chance.choices("ABMCD", [20, 45, 25, 6, 4])[0],
        )  # fmt: skip

    def _staff(self) -> None:
        count, chance = self.staff, self.chance
        graduates = sum(self.yes(0.12) for _ in range(min(count, 30)))
        hard = sum(self.yes(0.03) for _ in range(min(count, 30)))
        self.put(
            chance.randint(3, 30),
            social__insured=count, social__insured_before=max(1, round(count * chance.uniform(0.8, 1.15))),
            social__cut_rate=round(chance.expovariate(1 / 4)), social__arrears=self.yes(0.04),
            social__paid_months=min(180, (self.today - self.founded).days // 31),
            social__unemployment_paid=count * chance.randint(420, 640) * 100, social__graduates=graduates,
            social__graduates_premium=graduates * 960_000, social__hard_hired=hard,
            social__hard_premium=hard * 360_000, social__lifted_staff=chance.choice([0, 0, 0, 1, 2, 5]),
            social__apprentices=self.some(0.05, 8), social__trainees_kept=chance.choice([0, 0, 0, 1, 2]),
            social__wage_list=self.yes(0.01), social__talents=chance.choice([0, 0, 0, 0, 1, 3]),
            disability__staff=chance.choice([0, 0, 0, 1, 2]), veterans__hired=chance.choice([0, 0, 0, 1, 2]),
            fund__staff=round(count * chance.uniform(0.3, 1)),
        )  # fmt: skip

    def _science(self) -> None:
        high = "tax.research" in self.facts and self.facts["tax.research"][0] > 0 and self.yes(0.5)
        above = self.sales >= 20_000_000
        special = self.chance.choices(("无", "创新型", "省级专精特新"), [80, 14, 6])[0] if high else "无"
        self.put(
            self.chance.randint(10, 60),
            science__high_tech=high, science__small=high or self.yes(0.1), science__transferred=self.some(0.1, self.fen(0.05)),
            science__platform=self.chance.choice(["无", "无", "市级"]) if high else "无",
            patents__inventions=self.chance.choice([0, 1, 2, 5, 11]) if high else 0,
            patents__pledge_interest=self.some(0.1, self.fen(0.004)) if high else 0,
            output__above_scale=above, industry__special=special, industry__renewal=self.some(0.15, self.fen(0.15)),
            industry__green=self.chance.choice(["无", "无", "无", "市级"]), industry__smart="无",
            trade__exports=self.some(0.15, self.fen(0.4)), trade__online_sales=self.some(0.2, self.fen(0.5)),
            trade__booth_fee=self.some(0.05, 3_800_000), finance__listing="无", quality__standards=0,
            quality__award="无", safety__accident=self.yes(0.01), env__penalty=self.yes(0.02),
            env__grade=self.chance.choices(("绿牌", "蓝牌", "黄牌"), [30, 60, 10])[0],
        )  # fmt: skip
        self.put(
            30, trade__exports_before=int(self.facts["trade.exports"][0] * self.chance.uniform(0.7, 1.1))
        )
        if high:
            self.put(
                40,
                science__high_tech_on=self.day(900),
                science__high_tech_times=self.chance.choice([1, 1, 2]),
            )
        if above:
            self.put(40, output__above_scale_on=self.day(1500))
        if special != "无":
            self.put(40, industry__special_on=self.day(700))

    def _sector(self) -> None:
        chance, trade = self.chance, self.trade
        self.facts |= {key: (value, chance.randint(5, 25)) for key, value in _OTHERWISE.items()}
        if trade == "餐饮业":
            self.put(14, food__grade=chance.choice("AABBC"), food__open_kitchen=self.yes(0.4))
        elif trade == "住宿业":
            self.put(
                20,
                tourism__nights=int(self.sales / 160),
                tourism__homestay=chance.choice(["无", "无", "丙级"]),
            )
        elif trade in {"交通运输业", "仓储业"}:
            self.put(20, transport__vehicles=self.staff, transport__new_energy=chance.choice([0, 0, 1, 3]))
        elif trade == "建筑业":
            self.put(
                20,
                build__out_of_city=self.some(0.5, self.fen(0.5)),
                build__prefab=chance.choice([0, 0, 4000]),
            )
        elif trade == "农林牧渔业":
            mu = chance.choice([40, 120, 190, 260, 520])
            self.put(30, farm__base_mu=mu, farm__green_marks=chance.choice([0, 0, 1, 2]), farm__leader="无")
        elif trade == "工业":
            used = int(self.sales / 12)
            self.put(12, power__used=used, power__used_before=int(used * chance.uniform(0.75, 1.15)))
        self.put(25, rent__state_owned=self.some(0.1, chance.randint(60, 400) * 10_000))
        if self.yes(0.12):
            self._loan()

    def _loan(self) -> None:
        self.put(
            30, finance__first_loan=self.fen(0.1), finance__first_loan_on=self.day(500),
            finance__first_loan_interest=self.fen(0.003),
        )  # fmt: skip
        if any(self.facts[f"firm.{one}_founder"][0] for one in ("graduate", "veteran", "returned")):
            self.put(30, finance__guaranteed_loan=30_000_000, finance__guaranteed_interest=270_000)

    def _forget(self) -> None:
        """Sources have gaps, and some have not reported for most of a year."""
        for key in list(self.facts):
            if key.startswith("firm."):
                continue
            if self.yes(0.04):
                del self.facts[key]
            elif self.yes(0.03):
                self.facts[key] = (self.facts[key][0], self.facts[key][1] + 300)
