"""A holder says that a fact is wrong; the department that keeps it decides; everything is written down."""

from __future__ import annotations

import pytest

from tests.actors.factories import a_person, an_organisation
from tongban.kernel import api as kernel
from tongban.kernel.files.models import Attachment
from tongban.kernel.files.services import store
from tongban.registers.portraits import agreeing, api, corrections, looking
from tongban.registers.portraits.contracts import PortraitsError
from tongban.registers.portraits.corrections import Asking

PROOF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def asks(town, element="staff.insured", right="12", why="参保缴费单上是12人", by="boss", files=1, **more):
    papers = [
        (store(content=PROOF + b"\n" * n, name="参保.pdf", at=town.at), "参保.pdf") for n in range(files)
    ]
    asking = Asking(str(town.shop), element, right, why)
    return corrections.ask(asking, files=papers, actor=town.actor(by), at=town.at, **more)


def does(town, found, move, by="clerk", **data):
    return kernel.perform(found.docket, move, actor=town.actor(by), at=town.at, data=data)


def test_a_correction_goes_to_the_department_that_keeps_the_fact_with_its_evidence_and_changes_nothing_yet(
    town,
):
    town.knows(staff__insured=30)
    found = asks(town)
    row = kernel.docket(found.number, actor=town.actor("clerk"))
    assert (row.unit, row.state, found.said, found.right) == ("421202-rsj", "asked", 30, 12)
    assert row.number.startswith("PR")
    assert Attachment.objects.get(docket_id=row.id).name == "参保.pdf"
    assert town.value("staff.insured") == 30
    with pytest.raises(kernel.NotFound):
        kernel.docket(found.number, actor=town.actor("taxman"))


def test_when_it_is_right_the_fact_changes_by_correction_and_the_tag_with_it(town):
    town.knows(staff__insured=30)
    assert api.portrait(str(town.shop), at=town.at).tags == ()
    found = asks(town)
    town.later(days=1)
    does(town, found, "correct", basis="参保系统已核对")
    portrait = api.portrait(str(town.shop), at=town.at)
    (fact,) = [one for one in portrait.facts if one.element == "staff.insured"]
    assert (fact.value, fact.via, fact.as_of) == (12, "correction", town.today)
    (tag,) = portrait.tags
    assert (tag.name, tag.standing) == ("小微企业", "true")
    assert "参保人数 小于 20" in tag.reason["zh"]
    entry = kernel.history(f"portrait:{town.shop}", at=town.at)[-1]
    assert (entry.actor, entry.body["docket"]) == (town.actor("clerk").id, found.number)


def test_what_was_corrected_stands_against_the_same_day_and_yields_to_a_newer_word(town):
    town.knows(staff__insured=30)
    does(town, asks(town), "correct", basis="参保系统已核对")
    assert town.knows(staff__insured=30) == 0
    assert town.value("staff.insured") == 12
    town.later(days=30)
    town.knows(staff__insured=14)
    assert town.value("staff.insured") == 14


def test_the_officer_may_find_a_third_value_and_one_that_cannot_be_is_refused_with_nothing_done(town):
    town.knows(staff__insured=30)
    found = asks(town)
    with pytest.raises(kernel.MoveRefused, match="请写数字"):
        does(town, found, "correct", basis="核对过了", value="十三")
    assert town.state(found.docket) == "asked"
    does(town, found, "correct", basis="核对过了", value="13")
    assert town.value("staff.insured") == 13


def test_when_it_is_not_the_holder_is_told_why_and_it_stays(town):
    town.knows(staff__insured=30)
    found = asks(town)
    does(town, found, "extend", reason="要到企业核对")
    with pytest.raises(kernel.MoveRefused, match="延长过一次"):
        does(town, found, "extend", reason="还要核对")
    does(town, found, "maintain", reason="参保系统里确实是30人")
    assert (town.state(found.docket), town.value("staff.insured")) == ("maintained", 30)


def test_asked_twice_it_is_one_docket_and_another_value_waits(town):
    found = asks(town)
    assert asks(town).number == found.number
    with pytest.raises(PortraitsError, match=found.number):
        asks(town, right="15")
    kernel.perform(found.docket, "withdraw", actor=town.actor("boss"), at=town.at)
    assert asks(town, right="15").number != found.number


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"right": "很多"}, "请写数字"), ({"why": "错"}, "说明为什么"), ({"files": 0}, "证明材料"),
        ({"element": "person.birth"}, "没有这项数据"), ({"by": "clerk"}, "只有本人"),
    ],
)  # fmt: skip
def test_what_is_not_whole_is_refused_with_what_is_possible(town, more, says):
    with pytest.raises(PortraitsError, match=says):
        asks(town, **more)


def test_what_says_the_same_is_no_correction(town):
    town.knows(staff__insured=12)
    with pytest.raises(PortraitsError, match="一样"):
        asks(town)


# Consent -------------------------------------------------------------------------------------------


def test_without_consent_rules_do_not_see_it_and_the_file_says_why(town):
    town.knows(tax__sales=100_00)
    assert town.value("tax.sales") is None
    (fact,) = api.portrait(str(town.shop), at=town.at).facts
    assert (fact.value, fact.consent, fact.standing) == (100_00, False, "never")
    before = town.census().stamp
    assert (
        agreeing.consent(party=str(town.shop), given=["tax.sales"], actor=town.actor("boss"), at=town.at) == 1
    )
    assert town.value("tax.sales") == 100_00
    assert town.census().stamp != before
    agreeing.consent(party=str(town.shop), withdrawn=["tax.sales"], actor=town.actor("boss"), at=town.at)
    assert town.value("tax.sales") is None
    (fact,) = api.portrait(str(town.shop), at=town.at).facts
    assert fact.standing == "withdrawn"
    acts = [one.act for one in kernel.history(f"portrait:{town.shop}", at=town.at)]
    assert acts == ["note", "consent", "consent"]
    assert len(town.events("portrait.changed")) == 3


def test_only_the_holder_consents_and_only_to_what_asks_for_it(town):
    with pytest.raises(PortraitsError, match="只有本人"):
        agreeing.consent(party=str(town.shop), given=["tax.sales"], actor=town.actor("taxman"), at=town.at)
    with pytest.raises(PortraitsError, match=r"tax\.arrears"):
        agreeing.consent(party=str(town.shop), given=["tax.arrears"], actor=town.actor("boss"), at=town.at)


# Looking -------------------------------------------------------------------------------------------


def test_an_officer_says_what_for_before_reading_and_the_holder_reads_who(town):
    town.knows(tax__arrears=False)
    look = {"purpose": "policy", "reason": "核对稳岗返还条件", "actor": town.actor("clerk"), "at": town.at}
    assert len(looking.look(str(town.shop), **look).facts) == 1
    (seen,) = looking.looks(str(town.shop), at=town.at)
    assert (seen.unit, seen.reason) == ("咸安区人力资源和社会保障局", "核对稳岗返还条件")
    for wrong in ({"purpose": "curious"}, {"reason": "看"}):
        with pytest.raises(PortraitsError):
            looking.look(str(town.shop), **{**look, **wrong})
    assert len(looking.looks(str(town.shop), at=town.at)) == 1


def test_personal_facts_and_those_not_consented_to_are_read_by_their_keeper_only(town):
    told = [town.fact("boss.phone", "13871010007", source="scjg"), town.fact("tax.sales", 5)]
    api.note([*told, town.fact("tax.arrears", False)], actor=kernel.SYSTEM, at=town.at)
    facts = api.portrait(str(town.shop), at=town.at).facts
    read = {
        by: [one.element for one in facts if looking.sees(town.actor(by), one, kind="organisation")]
        for by in ("clerk", "taxman")
    }
    assert read == {"clerk": ["tax.arrears"], "taxman": ["tax.sales", "tax.arrears"]}


def test_another_division_does_not_look(town):
    elsewhere = an_organisation("赤壁茶厂")
    elsewhere.region = "421281000000"
    elsewhere.save()
    assert not looking.may_look(town.actor("clerk"), elsewhere.region)
    assert not looking.may_look(town.actor("boss"), town.shop.region)
    assert looking.found("赤壁茶厂", actor=town.actor("clerk")) == []
    assert [one.id for one in looking.found(town.shop.uscc, actor=town.actor("clerk"))] == [str(town.shop)]
    assert looking.found(a_person("李四").name, actor=town.actor("clerk")) == []
