"""A city's stock of invented policies, of a seed: files of the same format as `packs/policies`, every one of which loads.

Each measure reads as the notices do: who is excluded, which trades and places, one to three thresholds of the figures that the
portraits have, and an amount: fixed, a share with a ceiling, or so much each. Its examples are worked out with the rule
itself: all values good, one that misses, one unknown.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from tongban.desks.policies.trying import ROUNDING
from tongban.kernel.rules.amounts import Amount
from tongban.kernel.rules.elements import Dated, Element, Type
from tongban.registers.catalogue import api as catalogue
from tongban.registers.portraits import api as portraits
from tongban.registers.portraits.contracts import ORGANISATION, ElementInfo

Logic = Any
DEPARTMENTS: Final = (
    "fgw", "jyj", "kjj", "jxj", "mzw", "gaj", "mzj", "sfj", "czj", "rsj", "zrzy", "sthj", "zjj", "jtj", "slj", "nyj",
    "swu", "wlj", "wjw", "tyjr", "yjj", "swj", "scjg", "tyj", "tjj", "ylbz", "cgj", "dsj", "lyj", "gjj", "cl",
)  # fmt: skip
DAY: Final = date(2026, 6, 1)
BY_POLICY: Final = 12


@dataclass(frozen=True, slots=True)
class Wanted:
    """One condition on one element, with a value that meets it and one that does not."""

    logic: Logic
    key: str
    good: Any
    bad: Any


def written(*, count: int, departments: int, seed: int) -> dict[str, dict[str, Any]]:
    """The files by department: the same for the same numbers."""
    chance = random.Random(seed)  # noqa: S311 - invented policies, no secret
    slugs = DEPARTMENTS[:departments]
    infos = portraits.elements(ORGANISATION)
    shares = {slug: count // len(slugs) + (place < count % len(slugs)) for place, slug in enumerate(slugs)}
    return {
        slug: {"department": slug, "policies": list(_policies(slug, share, infos, chance))}
        for slug, share in shares.items()
        if share
    }


def write(folder: Path, *, count: int, departments: int, seed: int) -> int:
    """Write the files into a folder; gives how many measures."""
    folder.mkdir(parents=True, exist_ok=True)
    files = written(count=count, departments=departments, seed=seed)
    yaml = YAML()
    yaml.default_flow_style = None
    yaml.width = 4096
    for slug, content in files.items():
        with (folder / f"{slug}.yaml").open("w", encoding="utf-8") as file:
            yaml.dump(content, file)
    return sum(len(policy["measures"]) for content in files.values() for policy in content["policies"])


def _policies(
    slug: str, count: int, infos: Mapping[str, ElementInfo], chance: random.Random
) -> Iterator[dict[str, Any]]:
    name = catalogue.department_name(slug)
    for place in range(0, count, BY_POLICY):
        number = place // BY_POLICY + 1
        key = f"{slug}-gen-{number}"
        measures = [
            _measure(f"{key}-{one + 1}", infos, chance) for one in range(min(BY_POLICY, count - place))
        ]
        yield {
            "key": key, "title": f"{name}惠企措施第{number}号", "title_en": f"Measures for companies, {slug} {number}",
            "document": f"咸{slug}发〔2026〕{number}号（示例）", "issued_on": "2026-01-05", "valid_from": "2026-01-10",
            "valid_until": None, "summary": f"{name}给企业的{len(measures)}项支持。", "measures": measures,
        }  # fmt: skip


def _measure(key: str, infos: Mapping[str, ElementInfo], chance: random.Random) -> dict[str, Any]:
    wanted = _conditions(infos, chance)
    record = {one.key: one.good for one in wanted}
    amount, paid = _amount(infos, record, chance)
    missing = wanted[-1]
    first = {"on": DAY.isoformat(), "record": dict(record), "expect": "entitled", "amount_fen": paid}
    return {
        "key": key, "title": f"企业支持 {key}", "title_en": f"Support {key}", "party": ORGANISATION,
        "gives": chance.choice(["subsidy", "award"]), "says": "符合条件的企业，按标准给予支持。",
        "says_en": "Companies that meet the conditions get support.",
        "condition": {"and": [one.logic for one in wanted]}, "amount": amount,
        "way": chance.choice(["none", "quick"]), "publicity_days": 5, "order": "amount",
        "period": chance.choice(["year", "once"]), "quota": chance.choice([None, 20, 100]),
        "examples": [
            {"name": "都符合", **first},
            {"name": "差一条", **first, "record": {**record, missing.key: missing.bad}, "expect": "not", "amount_fen": None},
            {
                "name": "缺一项", **first, "record": {key: value for key, value in record.items() if key != missing.key},
                "expect": "unknown", "missing": [missing.key], "amount_fen": None,
            },
        ],
    }  # fmt: skip


def _conditions(infos: Mapping[str, ElementInfo], chance: random.Random) -> list[Wanted]:
    """Two exclusions, a choice of words, one to three thresholds; each element once."""
    kinds = {kind: sorted(key for key, info in infos.items() if info.type is kind) for kind in Type}
    closed = [key for key in kinds[Type.TEXT] if len(infos[key].words) > 2]
    found = [
        Wanted({"!": [{"var": key}]}, key, good=False, bad=True)
        for key in chance.sample(kinds[Type.BOOLEAN], 2)
    ]
    word = chance.choice(closed)
    some = chance.sample(infos[word].words, 2)
    other = next(one for one in infos[word].words if one not in some)
    found.append(Wanted({"in": [{"var": word}, some]}, word, some[0], other))
    numeric = [*kinds[Type.MONEY], *kinds[Type.NUMBER]]
    for key in chance.sample(numeric, chance.randint(1, 3)):
        if infos[key].type is Type.MONEY:
            least = chance.choice([1, 2, 5]) * 10 ** chance.randint(4, 7)
            found.append(
                Wanted({">=": [{"var": key}, {"yuan": str(least)}]}, key, least * 100, least * 100 - 1)
            )
        else:
            least = chance.choice([1, 2, 3, 5, 10, 20, 50])
            found.append(Wanted({">=": [{"var": key}, least]}, key, least, least - 1))
    return found


def _amount(
    infos: Mapping[str, ElementInfo], record: Mapping[str, Any], chance: random.Random
) -> tuple[Logic, int]:
    """A formula, and what it comes to for the record."""
    money = [key for key in record if infos[key].type is Type.MONEY]
    heads = [key for key in record if infos[key].type is Type.NUMBER]
    cap = {"yuan": str(chance.choice([1, 2, 5]) * 10 ** chance.randint(4, 6))}
    amount: Logic = {"yuan": str(chance.choice([1, 2, 3, 5]) * 1000)}
    if money and chance.random() < 0.6:
        share = {
            "divide": [{"*": [{"var": chance.choice(money)}, chance.choice([3, 5, 10, 20])]}, 100, "down"]
        }
        amount = {"min": [share, cap]}
    elif heads and chance.random() < 0.8:
        amount = {"min": [{"*": [{"var": chance.choice(heads)}, amount]}, cap]}
    elements: dict[str, Element] = {key: infos[key].rule for key in record}
    known = {key: Dated(value, DAY) for key, value in record.items()}
    computed = Amount.load(amount, elements=elements, rounding=ROUNDING).compute(record=known, as_of=DAY)
    assert computed.fen is not None  # every value is known
    return amount, computed.fen
