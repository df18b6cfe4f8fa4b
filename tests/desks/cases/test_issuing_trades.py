"""The licence per trade is issued with the last of its parts that one application grants."""

import pytest

from tests.desks.cases.instantly import ZHANG, asked, publish, submit
from tests.desks.cases.town import approver, at, cases_by_matter, grant, handler
from tongban.desks.cases import api as cases
from tongban.desks.cases import issuing
from tongban.desks.cases.models_after import CaseLicence
from tongban.kernel import api as kernel
from tongban.kernel.docket.models import Docket
from tongban.registers.catalogue import api as catalogue
from tongban.registers.licences import api as licences

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("city", "_fresh_catalogue")]
FOOD, SIGN = "0103100200", "0104100100"
TUESDAY = at("2026-11-10 10:00")
SHOP = {
    "business.name": "明远面馆", "premises.address": "温泉街道淦河大道88号", "legal_rep.name": "张明远",
    "food.business_kind": "餐饮服务经营者", "food.items": "热食类制售", "sign.size": "3米乘1米",
    "sign.position": "门头", "sign.material": "铝板", "sign.lighting": "内透光", "sign.period": "3",
}  # fmt: skip


@pytest.fixture
def _fresh_catalogue():
    catalogue.forget()
    yield
    catalogue.forget()


def applied(*, form=SHOP, theme="open-restaurant"):
    publish(FOOD, SIGN, changed={FOOD: {"instant": None}, SIGN: {"instant": None}})
    wanted = asked(
        (FOOD, {}),
        (SIGN, {}),
        form=form,
        theme=theme,
        theme_version=1,
        subject=theme or FOOD,
        title="我要开饭店",
    )
    return submit(wanted)


def combined():
    return licences.held_by(ZHANG, on=TUESDAY.date(), kinds=["trade-restaurant"])


def test_it_comes_with_the_last_part_in_the_same_transaction_by_the_licensing_unit():
    receipt = applied()
    grant(FOOD, receipt.docket, "scjg", TUESDAY)
    assert combined() == (), "the sign may still be granted"
    grant(SIGN, receipt.docket, "cgj", TUESDAY)
    (one,) = combined()
    assert (one.unit, one.docket, one.issued_on) == ("421202-dsj", receipt.number, TUESDAY.date())
    parts = [licences.licence(name) for name in one.fields["parts"]]
    assert [part.kind for part in parts] == ["food-business", "sign-permit"]
    assert [part.unit for part in parts] == ["421202-scjg", "421202-cgj"]
    names = {line.kind: line.identifier for line in cases.licences_of(receipt.docket)}
    assert names["trade-restaurant"] == one.identifier
    sign = cases_by_matter(receipt.docket)[SIGN]
    assert [line.kind for line in cases.licences_of_case(sign.id)] == ["sign-permit"]


def test_a_part_that_waits_for_an_entry_is_waited_for():
    receipt = applied(form={key: value for key, value in SHOP.items() if key != "sign.size"})
    grant(SIGN, receipt.docket, "cgj", TUESDAY)
    grant(FOOD, receipt.docket, "scjg", TUESDAY)
    assert combined() == ()
    making = Docket.objects.get(kind="making")
    (wanted,) = issuing.wanted_of(CaseLicence.objects.get(making=making))
    entries = {"entries": [f"{wanted.name}：3米乘1米"]}
    kernel.perform(making.id, "complete", actor=handler("cgj"), at=TUESDAY, data=entries)
    (one,) = combined()
    assert len(one.fields["parts"]) == 2


def test_what_a_rejection_leaves_of_it_is_no_combined_licence():
    receipt = applied()
    row = cases_by_matter(receipt.docket)[FOOD]
    kernel.perform(row.id, "accept", actor=handler("scjg"), at=TUESDAY)
    kernel.perform(
        row.id, "propose", actor=handler("scjg"), at=TUESDAY, data={"opinion": "reject", "text": "不符合条件"}
    )
    kernel.perform(
        row.id, "reject", actor=approver("scjg"), at=TUESDAY,
        data={"reason": "场所不符合卫生条件", "law": "食品安全法第三十三条", "remedies": "六十日内可以申请行政复议"},
    )  # fmt: skip
    grant(SIGN, receipt.docket, "cgj", TUESDAY)
    assert combined() == ()


def test_permits_without_a_theme_stay_by_themselves():
    receipt = applied(theme="")
    grant(FOOD, receipt.docket, "scjg", TUESDAY)
    grant(SIGN, receipt.docket, "cgj", TUESDAY)
    assert combined() == ()


def test_a_licensing_unit_that_cannot_issue_holds_no_grant_back(monkeypatch):
    def away(**_said):
        raise licences.LicencesError("no unit")

    monkeypatch.setattr(licences, "combine", away)
    receipt = applied()
    grant(FOOD, receipt.docket, "scjg", TUESDAY)
    grant(SIGN, receipt.docket, "cgj", TUESDAY)
    assert cases_by_matter(receipt.docket)[SIGN].state == "granted"
    assert combined() == ()
