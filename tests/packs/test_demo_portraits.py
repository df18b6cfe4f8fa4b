"""What the demo city's registers say of companies and residents makes it alive: money waits, some just miss."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from django.conf import settings
from ruamel.yaml import YAML
from stdnum.cn import uscc

from tests.actors.factories import NOON
from tongban.kernel.outbox.models import Event
from tongban.kernel.rules.amounts import Amount
from tongban.kernel.rules.columns.matching import Measure, Plan
from tongban.kernel.rules.columns.population import Population
from tongban.kernel.rules.columns.single import outcomes
from tongban.kernel.rules.elements import Dated
from tongban.kernel.rules.load import Rule
from tongban.kernel.rules.operators import yuan
from tongban.registers.portraits import api as portraits
from tongban.registers.portraits import demo_around, demo_companies, rules

DEMO = Path(settings.PACKS) / "demo"
TODAY = date(2026, 11, 22)


def read(name):
    return YAML(typ="safe").load(DEMO / f"{name}.yaml")


@pytest.fixture(scope="module")
def said():
    return read("portraits")


@pytest.fixture(scope="module")
def plans(measures):
    def plan(kind):
        elements = portraits.rule_elements(kind)
        return Plan(
            [
                Measure(
                    one.key,
                    Rule.load(one.condition, elements=elements),
                    one.amount and Amount.load(one.amount, elements=elements, rounding="down"),
                )
                for one in measures.values()
                if one.party == kind
            ],
            elements=elements,
        )

    return {kind: plan(kind) for kind in ("organisation", "person")}


def record(said, key):
    """As decision mode reads it: what is not agreed to is absent."""
    found, agrees = {}, said[key]["agrees"]
    for part in said[key]["known"]:
        for name, given in part["facts"].items():
            info = portraits.elements(key.partition(":")[0])[name]
            value = yuan(given["yuan"]) if isinstance(given, dict) else given
            value = Decimal(str(value)) if isinstance(value, float) else value
            if agrees == "all" or not info.consent or name in agrees:
                found[name] = Dated(rules.checked(info, value), TODAY - timedelta(days=part["days"]))
    return found


def of(plans, said, key):
    told = outcomes(plans[key.partition(":")[0]], record=record(said, key), as_of=TODAY)
    return {one.measure.key: one for one in told}


def test_everybody_is_somebody_of_the_city(said):
    city = read("people")
    known = {f"person:{one['key']}" for one in city["people"]}
    known |= {f"organisation:{one['key']}" for one in city["organisations"]}
    assert set(said) <= known
    for key in said:
        record(said, key)


def test_what_is_known_agrees_with_the_registers_of_persons_and_companies(said):
    city = read("people")
    born = {f"person:{one['key']}": one["birth_date"] for one in city["people"]}
    founded = {f"organisation:{one['key']}": one["established"] for one in city["organisations"]}
    for key in said:
        facts = record(said, key)
        name = "person.birth" if key in born else "firm.founded"
        assert facts[name].value == {**born, **founded}[key], key


def test_one_company_finds_much_money_waiting_for_it(plans, said, measures):
    found = of(plans, said, "organisation:yuncheng")
    waiting = [key for key, one in found.items() if one.fen and measures[key].way == "none"]
    assert len(waiting) >= 5
    assert found["kjj-hightech-first"].fen == 200_000_00


@pytest.mark.parametrize(
    ("party", "key"),
    [("organisation:lantian", "jxj-renewal"), ("organisation:guixiang", "jtj-new-energy"),
     ("organisation:hongguo", "nyj-base"), ("person:elder", "mzj-old-age")],
)  # fmt: skip
def test_some_just_miss_by_one_condition(plans, said, party, key):
    assert of(plans, said, party)[key].nearest


@pytest.mark.parametrize(
    ("party", "key", "missing"),
    [("organisation:xinghe", "rsj-stable-jobs", "social.insured"), ("organisation:zhengxin", "swj-six-taxes", "tax.sales"),
     ("person:lin", "rsj-startup", "startup.jobs"), ("person:zhou", "zjj-graduate-rent", "home.owned")],
)  # fmt: skip
def test_of_some_it_cannot_be_told(plans, said, party, key, missing):
    one = of(plans, said, party)[key]
    assert one.entitled is None
    assert missing in one.unknown


@pytest.mark.parametrize(
    ("party", "key", "fen"),
    [("person:zheng", "mzj-disabled-care", 100_00), ("person:li", "wjw-childcare", 3600_00),
     ("person:zhou", "rsj-first-job", 5000_00), ("organisation:xiangquan", "czj-rent-relief", 5400_00)],
)  # fmt: skip
def test_persons_and_small_firms_have_their_due(plans, said, party, key, fen):
    assert of(plans, said, party)[key].fen == fen


def test_invented_companies_say_so_and_fit_the_elements():
    found = list(demo_companies.companies(today=TODAY))
    assert len(found) == demo_companies.COUNT
    assert len({one.name for one in found}) == len({one.uscc for one in found}) == len(found)
    assert all("示例" in one.name for one in found)
    assert found == list(demo_companies.companies(today=TODAY))
    for one in found:
        uscc.validate(one.uscc)
        for key, (value, days) in one.facts.items():
            rules.checked(portraits.elements("organisation")[key], value)
            assert days > 0


def test_counts_move_among_the_invented_companies(plans):
    elements = portraits.elements("organisation")
    records = [
        {
            key: Dated(rules.checked(elements[key], value), TODAY - timedelta(days=days))
            for key, (value, days) in one.facts.items()
            if one.agreed or not elements[key].consent
        }
        for one in demo_companies.companies(today=TODAY)
    ]
    population = Population.of(records, elements=portraits.rule_elements("organisation").values())
    found = {one.key: one for one in plans["organisation"].matches(population, as_of=TODAY)}
    assert sum(len(one.entitled) > 0 for one in found.values()) >= 25
    assert sum(len(one.nearest) > 0 for one in found.values()) >= 25
    assert sum(len(one.unknown) > 0 for one in found.values()) >= 40


def test_invented_companies_are_loaded_once_with_one_event_for_all(db, settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path
    few = partial(demo_companies.companies, count=4)
    monkeypatch.setattr(demo_companies, "companies", few)
    assert demo_around.load_companies(at=NOON) == 4
    assert demo_around.load_companies(at=NOON) == 0
    census = portraits.census("organisation", at=NOON)
    assert len(census.parties) == 4
    assert list(Event.objects.values_list("topic", flat=True)).count("portraits.imported") == 1
    told = list(few(today=TODAY))
    assert {portraits.portrait(one, at=NOON).name for one in census.parties} == {one.name for one in told}
