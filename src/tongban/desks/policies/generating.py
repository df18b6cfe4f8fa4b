"""A city's stock of invented policies, of a seed: files of the same format as `packs/policies`, every one of which loads.

What a measure asks and gives is made by `inventing`; here it becomes measures of policies with their examples, worked out with
the rule itself: all values good, one condition missed, one value unknown.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from ruamel.yaml import YAML

from tongban.desks.policies.inventing import DAY, Office, Wanted
from tongban.desks.policies.trying import ROUNDING
from tongban.kernel.rules.amounts import Amount
from tongban.kernel.rules.elements import Dated, Element
from tongban.kernel.rules.elements import read as read_value
from tongban.registers.catalogue import api as catalogue
from tongban.registers.portraits import api as portraits
from tongban.registers.portraits.contracts import ORGANISATION, ElementInfo

CITY: Final = 2_349
POLICIES: Final = 197
"""Policies that the measures of a city are parts of."""
ISSUED: Final = date(2026, 1, 5)
DEPARTMENTS: Final = (
    "fgw", "jyj", "kjj", "jxj", "mzw", "gaj", "mzj", "sfj", "czj", "rsj", "zrzy", "sthj", "zjj", "jtj", "slj", "nyj",
    "swu", "wlj", "wjw", "tyjr", "yjj", "swj", "scjg", "tyj", "tjj", "ylbz", "cgj", "dsj", "lyj", "gjj", "cl",
)  # fmt: skip


def written(
    *, count: int = CITY, departments: int = len(DEPARTMENTS), seed: int = 7, issued: date = ISSUED
) -> dict[str, dict[str, Any]]:
    """The files by department: the same for the same numbers.

    :param issued: the day of the policies, which hold from five days later
    """
    slugs = DEPARTMENTS[:departments]
    infos = portraits.elements(ORGANISATION)
    measures = _even(count, departments)
    policies = _even(max(round(count * POLICIES / CITY), departments), departments)
    return {
        slug: {
            "department": slug,
            "policies": list(_policies(slug, _even(*shares), Office(slug, infos, seed=seed), issued)),
        }
        for slug, *shares in zip(slugs, measures, policies, strict=True)
    }


def _even(count: int, parts: int) -> list[int]:
    """So many in parts of nearly the same size."""
    return [count // parts + (place < count % parts) for place in range(parts)]


def write(folder: Path, *, count: int, departments: int, seed: int, issued: date = ISSUED) -> int:
    """Write the files into a folder; gives how many measures."""
    folder.mkdir(parents=True, exist_ok=True)
    files = written(count=count, departments=departments, seed=seed, issued=issued)
    yaml = YAML()
    yaml.default_flow_style = None
    yaml.width = 4096
    for slug, content in files.items():
        with (folder / f"{slug}.yaml").open("w", encoding="utf-8") as file:
            yaml.dump(content, file)
    return sum(len(policy["measures"]) for content in files.values() for policy in content["policies"])


def _policies(slug: str, sizes: list[int], office: Office, issued: date) -> Iterator[dict[str, Any]]:
    """One policy for each number of measures."""
    name = catalogue.department_name(slug)
    for number, size in enumerate(sizes, 1):
        key = f"{slug}-gen-{number}"
        measures = [_measure(f"{key}-{one}", office) for one in range(1, size + 1)]
        yield {
            "key": key, "title": f"{name}惠企措施第{number}号", "title_en": f"Measures for companies, {slug} {number}",
            "document": f"咸{slug}发〔{issued.year}〕{number}号（示例）", "issued_on": issued.isoformat(),
            "valid_from": (issued + timedelta(days=5)).isoformat(),
            "valid_until": None, "summary": f"{name}给企业的{len(measures)}项支持。", "measures": measures,
        }  # fmt: skip


def _measure(key: str, office: Office) -> dict[str, Any]:
    chance, wanted = office.chance, office.conditions()
    record = {one: value for each in wanted for one, value in each.good.items()}
    amount, more = office.amount(record)
    record |= more
    way, subject = chance.choice(["none", "quick"]), office.infos[next(iter(wanted[-1].good))]
    return {
        "key": key, "title": f"“{subject.name}”支持（{key}）", "title_en": f"Support by “{subject.name_en}” ({key})",
        "party": ORGANISATION, "gives": chance.choice(["subsidy", "award"]), "says": "符合条件的企业，按标准给予支持。",
        "says_en": "Companies that meet the conditions get support.",
        "condition": {"and": [one.logic for one in wanted]}, "amount": amount,
        "way": way, "publicity_days": 5, "order": "amount" if way == "none" else "first",
        "period": chance.choice(["year", "once"]), "quota": chance.choice([None, 20, 100]),
        "examples": _examples(wanted, record, _paid(amount, record, office.infos), chance),
    }  # fmt: skip


def _examples(
    wanted: list[Wanted], record: Mapping[str, Any], paid: int, chance: random.Random
) -> list[dict[str, Any]]:
    """Everything met; the last condition missed; one value not known."""
    [gap] = chance.choice([one.good for one in wanted if len(one.good) == 1])
    less = {key: value for key, value in record.items() if key != gap}
    on = DAY.isoformat()
    return [
        {"name": "都符合", "on": on, "record": dict(record), "expect": "entitled", "amount_fen": paid},
        {"name": "差一条", "on": on, "record": {**record, **wanted[-1].bad}, "expect": "not"},
        {"name": "缺一项", "on": on, "record": less, "expect": "unknown", "missing": [gap]},
    ]


def _paid(amount: Any, record: Mapping[str, Any], infos: Mapping[str, ElementInfo]) -> int:
    """What the amount comes to for a record in which everything is known."""
    elements: dict[str, Element] = {key: infos[key].rule for key in record}
    known = {key: Dated(read_value(infos[key].type, value), DAY) for key, value in record.items()}
    computed = Amount.load(amount, elements=elements, rounding=ROUNDING).compute(record=known, as_of=DAY)
    assert computed.fen is not None  # every value is known
    return computed.fen
