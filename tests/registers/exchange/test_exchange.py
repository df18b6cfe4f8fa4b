"""The shared registers: what they tell, what is written down of a look, and what happens when one is away."""

from __future__ import annotations

import threading
from datetime import date, timedelta

import pytest
from django.conf import settings as configured
from ruamel.yaml import YAML

from tests.faces.portal.city import MONDAY, citizen, loaded_city, town
from tongban.kernel import api as kernel
from tongban.kernel.models import Entry
from tongban.registers.exchange import api, asking, pack
from tongban.registers.exchange.contracts import Held, RegisterDownError, Told
from tongban.registers.exchange.models import Kept
from tongban.registers.exchange.services import forget_old

__all__ = ["loaded_city", "town"]
HERE = "tests.registers.exchange.test_exchange"
ZHANG, SECRET = "person:1", "咸安区一号路1号"


class Houses:
    """Knows one address, and counts how often it is asked."""

    calls = 0

    def ask(self, register, asked, *, at):
        type(self).calls += 1
        assert asked.about.number == "422301198803163153"
        return Told(
            {"premises.address": Held(SECRET, date(2026, 11, 1)), "house.price": Held(1, date(2026, 11, 1))},
            {"premises-proof": Held("租赁备案1208号", date(2026, 10, 1))},
        )


class Asleep:
    """Answers when the test is over."""

    wake = threading.Event()

    def ask(self, register, asked, *, at):
        self.wake.wait(20)
        return Told()


class Broken:
    def ask(self, register, asked, *, at):
        raise KeyError(asked.about.number)


class Away:
    def ask(self, register, asked, *, at):
        raise RegisterDownError(register)


@pytest.fixture
def providers(settings):
    def use(**named):
        Houses.calls = 0
        Asleep.wake.clear()
        settings.EXCHANGE_PROVIDERS = {
            key.replace("_", "-"): f"{HERE}.{one.__name__}" for key, one in named.items()
        }

    yield use
    Asleep.wake.set()
    asking.rested()


def look(**more):
    given = {"party": ZHANG, "elements": ["premises.address"], "papers": ["premises-proof"]}
    return api.facts(**{**given, "purpose": "我要开饭店", "at": MONDAY, "by": citizen(1), **more})


@pytest.mark.usefixtures("town")
def test_a_fact_comes_with_its_register_and_its_day_and_nothing_that_was_not_asked_for(providers):
    providers(houses=Houses)
    answer = look()
    fact = answer.facts["premises.address"]
    assert (fact.value, fact.register, fact.as_of) == (SECRET, "houses", date(2026, 11, 1))
    assert fact.source("zh-hans") == api.register("houses").name
    assert fact.source("en") == api.register("houses").name_en
    assert set(answer.facts) == {"premises.address"}
    assert answer.papers["premises-proof"].value == "租赁备案1208号"
    assert answer.unavailable == ()


@pytest.mark.usefixtures("town")
def test_each_look_is_written_down_without_values(providers):
    providers(houses=Houses)
    look(docket="A1")
    (use,) = api.uses(ZHANG, at=MONDAY)
    assert (use.by, use.purpose, use.docket) == (ZHANG, "我要开饭店", "A1")
    assert use.registers == ("houses",)
    assert (use.elements, use.papers) == (("premises.address",), ("premises-proof",))
    assert SECRET not in Entry.objects.get(stream=f"exchange:{ZHANG}").body


@pytest.mark.usefixtures("town")
def test_a_draft_asks_once_and_keeps_the_answer_encrypted_for_a_day(providers):
    providers(houses=Houses)
    first = look(draft="d1")
    assert look(draft="d1") == first
    assert Houses.calls == 1
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM exchange_kept")
        assert SECRET not in cursor.fetchone()[0]
    look(draft="d1", elements=["premises.address", "premises.floor"])
    assert Houses.calls == 2, "another element is another question"
    look(draft="d1", max_age=timedelta(0), at=MONDAY + timedelta(seconds=1))
    look(draft="d2")
    assert Houses.calls == 4
    look(draft="d1", at=MONDAY + timedelta(days=2))
    assert Houses.calls == 5
    api.forget(draft="d2")
    assert forget_old(at=MONDAY + timedelta(days=4)) == 1
    assert not Kept.objects.exists()


@pytest.mark.usefixtures("town")
def test_a_draft_asks_for_nothing_twice_and_what_is_added_makes_nothing_younger(providers):
    """The form and the decision rules ask for different things in turn: neither drops what the other was told."""
    providers(houses=Houses)
    hour = timedelta(hours=1)
    look(draft="d1", papers=[])
    beside = look(draft="d1", elements=["premises.floor"], at=MONDAY + hour)
    assert beside.papers.keys() == {"premises-proof"}
    again = look(draft="d1", at=MONDAY + 2 * hour)
    assert (set(again.facts), set(again.papers)) == ({"premises.address"}, {"premises-proof"})
    assert Houses.calls == 2, "each was told already"
    second, first = api.uses(ZHANG, at=MONDAY + hour)
    assert (first.elements, first.papers) == (("premises.address",), ())
    assert (second.elements, second.papers) == (("premises.floor",), ("premises-proof",)), "what was missing"
    look(draft="d1", elements=["premises.floor"], at=MONDAY + 2 * hour, max_age=1.5 * hour)
    assert Houses.calls == 3, "all of it is as old as the oldest"


@pytest.mark.usefixtures("town")
@pytest.mark.parametrize("provider", [Away, Broken])
def test_a_register_that_is_away_is_named_and_the_others_answer(providers, provider, caplog):
    providers(houses=Houses, tax=provider)
    answer = look(elements=["premises.address", "tax.bank_name"], draft="d1")
    assert answer.unavailable == ("tax",)
    assert "premises.address" in answer.facts
    assert "422301198803163153" not in caplog.text
    (use,) = api.uses(ZHANG, at=MONDAY)
    assert use.unavailable == ("tax",)
    providers(houses=Houses)
    assert look(elements=["premises.address", "tax.bank_name"], draft="d1").unavailable == ()
    assert Houses.calls == 0, "what was told is kept, only the one that was away is asked again"


@pytest.mark.usefixtures("town")
def test_a_register_that_does_not_answer_in_time_is_left_alone_for_a_while(providers, monkeypatch):
    from dataclasses import replace

    slow = {**pack.registers(), "houses": replace(api.register("houses"), seconds=0.05)}
    monkeypatch.setattr(pack, "registers", lambda: slow)
    providers(houses=Asleep)
    assert look().unavailable == ("houses",)
    providers_before = asking._resting["houses"]
    assert providers_before == MONDAY + asking.REST
    assert look(at=MONDAY + timedelta(seconds=10)).unavailable == ("houses",)


@pytest.mark.usefixtures("town")
def test_only_registers_that_know_such_a_party_are_asked(providers):
    providers(seals=Away)
    assert look(elements=["seal.count"], papers=[]).unavailable == (), "persons have no official seals"
    assert not api.uses(ZHANG, at=MONDAY)


@pytest.mark.usefixtures("town")
def test_the_demo_and_the_failing_demo(settings, tmp_path):
    settings.DATA = tmp_path
    known = api.facts(
        party="person:1", elements=["premises.address"], purpose="开店", at=MONDAY, by=kernel.SYSTEM
    )
    assert known.facts["premises.address"].value.startswith("湖北省咸宁市")
    (tmp_path / "exchange").mkdir()
    (tmp_path / "exchange" / "down").write_text("houses\n")
    assert look().unavailable == ("houses",)
    (tmp_path / "exchange" / "down").unlink()
    settings.EXCHANGE_PROVIDERS = {"houses": "tongban.registers.exchange.providers.FailingDemo"}
    assert look().unavailable == ("houses",)


def _keys(folder):
    files = sorted((configured.PACKS / folder).glob("*.yaml"))
    return {one["key"]: one for path in files for one in YAML(typ="safe").load(path)}


def test_the_registers_give_only_elements_and_papers_that_exist():
    elements, papers = _keys("elements"), _keys("materials")
    for info in api.registers().values():
        assert info.gives <= elements.keys(), info.gives - elements.keys()
        assert info.replaces <= papers.keys(), info.replaces - papers.keys()
    wanted = {"population", "households", "marriages", "legal-persons", "houses", "social-insurance", "tax",
              "housing-fund", "education", "vehicles", "health"}  # fmt: skip
    assert wanted <= api.registers().keys()


def test_the_demo_facts_are_of_registers_that_give_them():
    from tongban.registers.exchange.providers import demo_facts

    elements = _keys("elements")
    for held in demo_facts().values():
        for register, block in held.items():
            info = api.register(register)
            assert block["facts"].keys() <= info.gives
            assert block["papers"].keys() <= info.replaces
            for key, value in block["facts"].items():
                choices = elements[key].get("choices")
                assert not choices or value in choices, (key, value)


def test_a_faulty_file_of_registers_is_told_with_every_fault(tmp_path):
    path = tmp_path / "registers.yaml"
    path.write_text(
        "- {key: a, name: 甲库, name_en: A, keeper: gaj, about: [person], gives: [x.y]}\n"
        "- {key: b, name: 乙库, keeper: gaj, about: [dog], gives: [x.y], colour: red}\n",
        "utf-8",
    )
    with pytest.raises(pack.PackError) as error:
        pack.read(path)
    told = str(error.value)
    assert "b: 缺 name_en" in told
    assert "colour" in told
    assert "about" in told
    assert "x.y 已由 a 提供" in told
