"""The fee of a case: asked for once when it is accepted; cancelled, or given back, when nothing comes of it."""

from types import SimpleNamespace

import pytest

from tests.actors.factories import DISTRICT
from tests.registers.payments.conftest import Town
from tongban.desks.cases import charging
from tongban.kernel.models import Docket
from tongban.kernel.outbox.relay import News
from tongban.registers.catalogue import api as catalogue
from tongban.registers.catalogue.checks import _part_faults
from tongban.registers.catalogue.contracts import Fee
from tongban.registers.payments import api as payments
from tongban.registers.payments.models import Refund

pytestmark = pytest.mark.django_db
FEES = (
    Fee("不动产登记费", 8000, "财税〔2016〕79号", due="accept", back=True),
    Fee("抄录费", 500, due="accept"),
    Fee("窗口收的", 100),
    Fee("免收", 0, due="accept"),
)


@pytest.fixture
def town(db, settings, tmp_path, monkeypatch):
    settings.DATA, settings.PAYMENT_PROVIDER = tmp_path, "demo"
    spec = SimpleNamespace(fees=FEES)
    monkeypatch.setattr(catalogue, "matters", lambda codes, _region: dict.fromkeys(codes, spec))
    return Town()


def a_case(town, **more):
    return Docket.objects.create(
        number="C421202-261120-00001-9", kind="case", state="review", title="转移登记", unit="421202-zrzy", region=DISTRICT,
        applicant=str(town.people["payer"]), subject="0701500100", opened_at=town.at, flow_version=2, **more,
    )  # fmt: skip


def news(town, row, topic):
    return News(7, topic, row.pk, {}, town.at)


def test_accepted_then_refused_after_one_fee_was_paid(town):
    row = a_case(town)
    for _again in range(2):
        charging.charge(news(town, row, "case.accept"))
    first, second = payments.fees_about(row.number)
    assert [(one.what, one.amount_fen, one.state) for one in (first, second)] == [
        ("不动产登记费", 8000, "due"), ("抄录费", 500, "due"),
    ]  # fmt: skip
    town.told(town.pays(first))
    for _again in range(2):
        charging.give_back(news(town, row, "case.reject"))
    first, second = payments.fees_about(row.number)
    assert (first.state, second.state) == ("paid", "cancelled")
    (refund,) = first.refunds
    assert (refund.amount_fen, refund.state, refund.asked_by) == (8000, "asked", "system")


def test_a_fee_that_is_not_given_back_stays_and_a_decided_case_is_asked_for_nothing(town):
    row = a_case(town, closed_at=town.at)
    charging.charge(news(town, row, "case.accept"))
    assert payments.fees_about(row.number) == []
    Docket.objects.update(closed_at=None)
    charging.charge(news(town, row, "case.accept"))
    town.told(town.pays(payments.fees_about(row.number)[1]))
    charging.give_back(news(town, row, "case.withdraw"))
    assert Refund.objects.count() == 0


def test_a_pack_that_says_something_else_is_told_what_is_possible():
    said = list(_part_faults({"fees": [{"name": "工本费", "amount_fen": 5, "due": "later", "back": "yes"}]}))
    assert said == ["收费“工本费”的 due 可填：accept（受理时网上收）；back 可填：true、false。"]
