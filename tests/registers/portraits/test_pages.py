"""The story over HTTP: a company sees a wrong fact, corrects it with evidence, the bureau decides, the tag changes."""

from __future__ import annotations

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.registers.portraits.test_correcting import PROOF
from tongban.kernel import api as kernel
from tongban.registers.identity import api as identity
from tongban.registers.messages import api as messages
from tongban.registers.portraits import api


@pytest.fixture
def boss(town):
    client = town.signed_in(Client(), "boss")
    client.post("/identity/act-for", {"party": str(town.shop)})
    return client


def test_a_wrong_fact_is_corrected_and_what_follows_from_it_changes(town, boss):
    town.knows(staff__insured=30)
    page = boss.get("/my/portrait").content.decode()
    assert "参保人数" in page
    assert "小微企业" not in page
    form = boss.get("/my/portrait/correct/staff.insured").content.decode()
    assert "人力资源和社会保障局" in form
    paper = SimpleUploadedFile("参保缴费单.pdf", PROOF, "application/pdf")
    sent = boss.post(
        "/my/portrait/correct/staff.insured",
        {"right": "12", "why": "参保缴费单上是12人", "paper": paper, "key": "k1"},
    )
    assert sent.status_code == 302
    number = sent.url.rpartition("/")[2]
    assert "您说应该是" in boss.get(sent.url).content.decode()

    office = town.signed_in(Client(), "clerk")
    desk = office.get(f"/work/{number}").content.decode()
    (evidence,) = re.findall(rf'href="(/work/{number}/files/\d+)"', desk)
    assert b"".join(office.get(evidence).streaming_content).startswith(b"%PDF")
    docket = kernel.docket(number, actor=town.actor("clerk"))
    kernel.perform(
        docket.id, "correct", actor=town.actor("clerk"), at=town.at, data={"basis": "参保系统已核对"}
    )
    page = boss.get("/my/portrait").content.decode()
    assert "小微企业" in page
    assert re.search(r"<strong>12</strong>.*更正", page, re.DOTALL)
    assert "已更正" in boss.get(sent.url).content.decode()
    assert "已更正" in str(messages.inbox(recipients=[str(town.shop)]))

    story = [(one.act, one.actor) for one in kernel.history(number, at=town.at)]
    assert [act for act, _who in story] == ["ask", "correct"]
    written = kernel.history(f"portrait:{town.shop}", at=town.at)
    assert [(one.act, one.body.get("docket", "")) for one in written] == [("note", ""), ("note", number)]


def test_what_is_not_filled_in_is_said_at_its_field_and_nothing_is_opened(town, boss):
    empty = boss.post("/my/portrait/correct/staff.insured", {"right": "12", "why": ""})
    assert empty.status_code == 422
    assert "请说明为什么不对" in empty.content.decode()
    assert boss.get("/my/portrait/correct/no.such").status_code == 404


def test_consents_are_what_is_ticked_and_a_refusal_of_one_is_seen_at_the_fact(town, boss):
    town.knows(tax__sales=100_00)
    assert "还没有同意" in boss.get("/my/portrait").content.decode()
    boss.post("/my/portrait/consents", {"given": ["tax.sales"]})
    assert town.value("tax.sales") == 100_00
    boss.post("/my/portrait/consents", {})
    assert "同意已撤回" in boss.get("/my/portrait").content.decode()


def test_asking_the_departments_again_says_what_came_of_it(town, boss):
    town.shop.capital_fen = 5
    town.shop.save()
    assert "更新了1项" in boss.post("/my/portrait/refresh", follow=True).content.decode()


def test_an_officer_finds_says_what_for_and_reads_and_no_number_is_in_an_address(town):
    town.knows(tax__arrears=False)
    api.note([town.fact("boss.phone", "13871010007", source="scjg")], actor=kernel.SYSTEM, at=town.at)
    client = town.signed_in(Client(), "clerk")
    found = client.post("/work/portraits", {"text": town.shop.uscc}).content.decode()
    (address,) = re.findall(r'href="(/work/portraits/organisation-\d+)"', found)
    closed = client.get(address).content.decode()
    assert "欠税" not in closed
    assert client.post(address, {"purpose": "", "reason": ""}).status_code == 422
    opened = client.post(address, {"purpose": "policy", "reason": "核对稳岗返还条件"}).content.decode()
    assert "有欠税" in opened
    assert "13871010007" not in opened
    assert "您的部门不能看内容" in opened
    assert client.get("/work/portraits/person-0x").status_code == 404
    assert town.signed_in(Client(), "boss").get("/work/portraits").status_code == 403


def test_the_api_gives_one_s_own_portrait_and_no_other(town, boss):
    town.knows(tax__arrears=False)
    token = identity.issue_token(username="boss", label="t", at=timezone.now()).secret
    mine = {"Authorization": f"Bearer {token}"}
    own = Client().get("/api/v1/portrait", {"party": str(town.shop)}, headers=mine)
    (fact,) = json.loads(own.content)["facts"]
    assert (fact["element"], fact["value"], fact["standing"]) == ("tax.arrears", False, "free")
    assert Client().get("/api/v1/portrait", {"party": str(town.mill)}, headers=mine).status_code == 404
    assert json.loads(Client().get("/api/v1/portrait", headers=mine).content)["party"] == str(town.boss)
    assert boss.get("/api/v1/portrait").status_code == 401


def test_erasing_takes_the_facts_and_leaves_the_ledger(town):
    from tongban.registers.portraits import keeping

    api.note(
        [town.fact("person.birth", "1988-03-16", of=town.boss, source="gaj")], actor=kernel.SYSTEM, at=town.at
    )
    person = str(town.boss)
    assert len(list(keeping.portraits(person, town.at))) == 4
    assert town.census("person").parties == (person,)
    assert keeping.erase(person, town.at) == 1
    assert api.record(person, at=town.at) == {}
    assert town.census("person").parties == ()
    assert len(kernel.history(f"portrait:{person}", at=town.at)) == 1
