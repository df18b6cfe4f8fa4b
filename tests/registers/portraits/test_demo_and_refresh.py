"""What is known elsewhere comes in: the demo city's portraits, own entries, shared registers, other rooms' news."""

from __future__ import annotations

from datetime import date

import pytest
from django.conf import settings as installed

from tests.actors.factories import NOON
from tongban.kernel import api as kernel
from tongban.kernel.outbox.relay import News
from tongban.registers.exchange.contracts import Held, Told
from tongban.registers.licences import events as licences
from tongban.registers.portraits import api, demo, handlers, packs, services, tags
from tongban.registers.portraits.contracts import KINDS, NewFact


def test_the_packs_of_the_installation_are_whole_and_their_tags_pass_their_examples():
    assert len(packs.elements("organisation")) > 100
    assert all(tags.tags(kind) for kind in KINDS)


def test_what_the_demo_pack_says_fits_the_elements(monkeypatch, db):
    told: list[NewFact] = []
    monkeypatch.setattr(demo.services, "note", lambda facts, **_more: told.extend(facts))
    monkeypatch.setattr(demo.agreeing, "consent", lambda **_more: 0)
    demo.load_portraits(installed.PACKS / "demo", NOON)
    monkeypatch.setattr(services, "_existing", frozenset)
    wrong, good = services._checked(told, at=NOON)
    assert wrong == {}
    assert len(good) > 300


class Staff:
    """The register of legal persons as these tests answer for it."""

    def ask(self, register, asked, *, at):
        return Told({key: Held(7, date(2026, 11, 1)) for key in asked.elements & {"business.employees"}})


@pytest.fixture
def _registers(settings):
    settings.EXCHANGE_PROVIDERS = {"legal-persons": f"{__name__}.Staff"}


@pytest.mark.usefixtures("_registers")
def test_refreshing_asks_the_registers_and_the_own_entry_and_twice_changes_nothing(town):
    town.shop.capital_fen = 500_000_00
    town.shop.save()
    assert api.refresh(str(town.shop), at=town.at).changed == 2
    found = {one.element: one for one in api.portrait(str(town.shop), at=town.at).facts}
    assert found["firm.capital"].value == 500_000_00
    assert (found["staff.insured"].value, found["staff.insured"].as_of) == (7, date(2026, 11, 1))
    assert found["staff.insured"].via == "register"
    assert api.refresh(str(town.shop), at=town.at).changed == 0


def test_a_register_that_is_away_is_named_and_the_others_are_noted(town, settings):
    settings.EXCHANGE_PROVIDERS = {"legal-persons": "tongban.registers.exchange.providers.FailingDemo"}
    town.shop.capital_fen = 1
    town.shop.save()
    done = api.refresh(str(town.shop), at=town.at)
    assert (done.changed, done.unavailable) == (1, ("legal-persons",))


def test_news_of_other_rooms_becomes_facts_once_and_of_their_own_day(town, small_pack, settings):
    path = small_pack / "portraits" / "elements.yaml"
    own = "- {key: licences.%s, name: %s, name_en: %s, party: either, type: %s, source: dsj, group: 办事, group_en: Dealings}\n"
    path.write_text(
        path.read_text("utf-8")
        + own % ("held", "证照", "Held", "texts")
        + own % ("revoked_on", "吊销", "Revoked", "date"),
        "utf-8",
    )
    settings.PACKS = small_pack
    body = {"holder": str(town.shop), "kind": "food-business", "unit": "421202-scjg"}
    for _twice in range(2):
        handlers.licence_changed(News(1, licences.REVOKED, None, body, town.at))
    assert town.value("licences.revoked_on") == town.today
    assert town.value("licences.held") == ()
    assert len(town.events("portrait.changed")) == 1
    handlers.licence_changed(News(2, licences.REVOKED, None, {**body, "holder": ""}, town.at))


def test_a_decided_case_and_a_company_s_call_are_told_by_their_dockets(town):
    opened = kernel.Opening(
        kind="fee", way="ask", title="费", unit="421202-scjg", applicant=str(town.shop), region="421202000000"
    )
    (row,), _again = kernel.open_dockets([opened], actor=kernel.SYSTEM, at=town.at)
    for handler in (handlers.granted, handlers.refused, handlers.fee_overdue, handlers.hotline_asked):
        handler(News(1, "any", row.id, {}, town.at))  # elements that this pack does not have are not kept
    assert api.record(str(town.shop), at=town.at) == {}
