"""Licences of granted cases: made with the decision, or waiting for an entry; never holding a grant back."""

import json

import pytest

from tests.desks.cases.instantly import NUMBER, ZHANG, asked, entry, publish, submit
from tests.desks.cases.town import approver, at, cases_by_matter, grant, handler
from tongban.desks.cases import api as cases
from tongban.desks.cases import issuing
from tongban.desks.cases.models_after import CaseLicence
from tongban.kernel import api as kernel
from tongban.kernel.docket.models import Docket
from tongban.kernel.ledger.services import verify
from tongban.kernel.outbox.relay import relay
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.contracts import Result
from tongban.registers.licences import api as licences
from tongban.registers.messages import api as messages

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city", "_fresh_catalogue")]
EMPLOYMENT, PERMIT, DRAINAGE, SIGN = "2001401100", "2000900400", "0103100201", "0104100100"
TUESDAY = at("2026-11-10 10:00")


@pytest.fixture
def _fresh_catalogue():
    catalogue.forget()
    yield
    catalogue.forget()


def granted(matter, *, form=None, **more):
    """A case of the matter, granted on Tuesday by hand; gives (receipt, case)."""
    publish(matter, changed={matter: {"instant": None}})
    receipt = submit(asked((matter, more), form=form))
    grant(matter, receipt.docket, entry(matter).department, TUESDAY)
    return receipt, cases_by_matter(receipt.docket)[matter]


def held(kind, **more):
    return licences.held_by(ZHANG, on=TUESDAY.date(), kinds=[kind], **more)


EMPLOYED = {"person.education": "本科", "person.address": "万年路12号"}


def test_the_licence_is_made_with_the_decision_by_the_deciding_unit():
    receipt, row = granted(EMPLOYMENT, form=EMPLOYED)
    assert row.state == "granted"
    (made,) = held("employment-licence")
    assert (made.unit, made.docket, made.issued_on) == ("421202-rsj", row.number, TUESDAY.date())
    assert made.fields["name"] == "张明远"
    (line,) = cases.licences_of(receipt.docket)
    assert (line.identifier, line.act) == (made.identifier, "issue")
    assert verify(anchor=None, at=TUESDAY).faults == []


def test_making_twice_makes_one():
    receipt, row = granted(EMPLOYMENT, form=EMPLOYED)
    case = cases.case_of(row.id)
    parent = kernel.docket_by_id(receipt.docket, actor=kernel.SYSTEM)
    assert issuing.issue_for(issuing.Granted(row, parent, case, kernel.SYSTEM, TUESDAY)) == []
    assert len(held("employment-licence")) == 1


def wanting():
    """A sign permit whose entries the form does not say."""
    receipt, row = granted(SIGN, form={"business.name": "明远面馆"})
    return receipt, row, Docket.objects.get(kind="making")


def test_a_missing_entry_never_holds_back_the_grant_and_waits_at_the_unit():
    receipt, row, making = wanting()
    assert row.state == "granted"
    assert kernel.docket(receipt.number, actor=kernel.SYSTEM).state == "done"
    line = CaseLicence.objects.get()
    assert line.identifier == ""
    assert json.loads(line.missing)
    assert (making.state, making.unit, making.parent_id) == ("waiting", "421202-cgj", receipt.docket)
    assert making.due_at is not None, "delivered within ten working days (第四十四条)"


def test_the_unit_completes_it_and_the_holder_is_told():
    _receipt, _row, making = wanting()
    line = CaseLicence.objects.get()
    names = [one.name for one in issuing.wanted_of(line)]
    with pytest.raises(kernel.MoveRefused, match="名称：内容"):
        kernel.perform(making.id, "complete", actor=handler("cgj"), at=TUESDAY, data={"entries": ["铝板"]})
    with pytest.raises(kernel.MoveRefused, match="没有“颜色”"):
        kernel.perform(
            making.id, "complete", actor=handler("cgj"), at=TUESDAY, data={"entries": ["颜色：红"]}
        )
    lines = [f"{name}：{_value(line.kind, name)}" for name in names]
    with pytest.raises(kernel.NotFound):
        kernel.perform(making.id, "complete", actor=handler("scjg"), at=TUESDAY, data={"entries": lines})
    kernel.perform(making.id, "complete", actor=handler("cgj"), at=TUESDAY, data={"entries": lines})
    line.refresh_from_db()
    assert licences.licence(line.identifier).standing(TUESDAY.date()) == "valid"
    assert Docket.objects.get(pk=making.pk).state == "made"
    while relay(at=TUESDAY):
        pass
    subjects = [letter.subject for letter in messages.inbox(recipients=[ZHANG])]
    assert any("证照已制成" in subject for subject in subjects)


def _value(kind, name):
    field = next(one for one in licences.kind(kind).fields if one.name == name)
    samples = {"date": "2026-12-01", "number": "3", "uscc": "91421202MA4DEMO017", "id": NUMBER}
    return samples.get(field.type, "铝板")


def test_a_licence_that_is_not_needed_is_dropped_with_a_reason():
    _receipt, _row, making = wanting()
    kernel.perform(making.id, "drop", actor=handler("cgj"), at=TUESDAY, data={"reason": "申请人不再需要"})
    assert CaseLicence.objects.get().reason == "申请人不再需要"


def permit(until=None):
    return licences.issue(
        kind="residence-permit", holder=ZHANG, unit="421202-gaj", actor=kernel.SYSTEM, at=at("2025-11-20 10:00"),
        fields={"address": "湖北省咸宁市咸安区温泉街道万年路12号"}, valid_until=until,
    )  # fmt: skip


def test_an_endorsement_renews_the_permit_that_is_held():
    before = permit()
    _receipt, _row = granted(
        PERMIT, form={"permit.number": before.number, "person.address": before.fields["address"]}
    )
    (now,) = held("residence-permit")
    assert (now.id, now.version) == (before.id, 2)
    assert now.valid_until > before.valid_until


def test_the_situation_says_what_becomes_of_the_licence():
    acts = {
        "renew": "renew", "change": "change", "lost": "reissue", "cancel": "cancel", "new": "issue", "": "issue",
        "info-phone": "change",
    }  # fmt: skip
    for situation, act in acts.items():
        assert issuing.act_of(Result("证", "证照", "card"), situation) == act
        assert issuing.act_of(Result("证", "证照", "card", "renew"), situation) == "renew"


def test_giving_up_a_licence_that_the_store_does_not_have_needs_nobody():
    publish(DRAINAGE, changed={DRAINAGE: {"instant": None}})
    receipt = submit(asked(DRAINAGE))
    grant(DRAINAGE, receipt.docket, "scjg", TUESDAY)
    line = CaseLicence.objects.get()
    assert (line.act, line.identifier, line.making) == ("cancel", "", None)
    assert not Docket.objects.filter(kind="making").exists()


def test_a_card_for_the_child_never_bears_the_parents_name():
    matter = "2001400100"
    publish(matter, changed={matter: {"instant": None}})
    receipt = submit(
        asked((matter, {"situation": "baby"}), form={"baby.name": "张小禾", "card.bank": "农业银行"})
    )
    grant(matter, receipt.docket, "rsj", TUESDAY)
    line = CaseLicence.objects.get()
    assert "id_number" in json.loads(line.missing)
    assert not held("social-card")


def test_a_refused_case_gives_no_licence():
    publish(EMPLOYMENT, changed={EMPLOYMENT: {"instant": None}})
    receipt = submit(asked(EMPLOYMENT, form=EMPLOYED))
    key = cases_by_matter(receipt.docket)[EMPLOYMENT].id
    kernel.perform(key, "accept", actor=handler("rsj"), at=TUESDAY)
    kernel.perform(
        key, "propose", actor=handler("rsj"), at=TUESDAY, data={"opinion": "reject", "text": "不符"}
    )
    kernel.perform(
        key, "reject", actor=approver("rsj"), at=TUESDAY, data={"reason": "超龄", "law": "就业促进法"}
    )
    assert not CaseLicence.objects.exists()
