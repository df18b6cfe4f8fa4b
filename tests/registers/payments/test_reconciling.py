"""A statement against our notes: every difference is listed once and becomes work."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.registers.payments.conftest import GOOD
from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.registers.payments import api, paying_out, rules
from tongban.registers.payments.contracts import Gap, Line, PaymentsError, Way
from tongban.registers.payments.models import Difference, Item, Reconciliation, Taking
from tongban.registers.payments.providers import DemoBank

pytestmark = pytest.mark.django_db


def reconciled(town):
    return api.reconcile(day=actors.day_of(town.at), at=town.at)


def test_a_day_on_which_all_agree(town):
    town.paid_fee()
    town.approved(accounts=(GOOD,))
    paying_out.send_due(at=town.at)
    found = reconciled(town)
    assert (found.lines, found.gaps, found.amount_fen) == (2, 0, 8000 - 100_00)
    assert Difference.objects.count() == 0


def test_what_is_only_unheard_is_asked_after_first(town):
    fee = town.fee()
    town.pays(fee)
    town.approved(accounts=(GOOD,))
    paying_out._claim(at=town.at, limit=10)
    DemoBank().send([paying_out._send_of(one) for one in Item.objects.all()], at=town.at)
    town.later(minutes=10)
    assert reconciled(town).gaps == 0
    assert api.fee(fee.number).state == "paid"
    assert Item.objects.get().state == "paid"


def test_there_and_not_here_here_and_not_there_another_amount(town, monkeypatch):
    fee, due = town.paid_fee(), town.fee(key="case-2", amount_fen=500)
    own = town.reference(fee)
    lines = [
        Line(Way.IN, f"D{own}", own, 7000),
        Line(Way.IN, "T9", "NOBODY", 100),
        Line(Way.IN, "T10", town.reference(due), 500),
    ]
    town.approved(accounts=(GOOD,))
    paying_out.send_due(at=town.at)
    monkeypatch.setattr(DemoBank, "statement", lambda *_a, **_k: lines)
    assert reconciled(town).gaps == 4
    assert reconciled(town).gaps == 4
    found = {(one.way, one.gap): one for one in Difference.objects.all()}
    assert set(found) == {("in", Gap.AMOUNT), ("in", Gap.STRAY), ("out", Gap.ABSENT)}
    assert Difference.objects.count() == 4, "found again, opened once"
    booked = Difference.objects.get(transaction="T10")
    town.does("clerk", booked.docket, "book", words="银行回单已核对，金额相符")
    assert api.fee(due.number).state == "paid"
    stray = Difference.objects.get(transaction="T9")
    town.does("city", stray.docket, "give_back", words="查无此单，退回付款人")
    assert Taking.objects.get(transaction="T9").refunds.count() == 1
    absent = found["out", Gap.ABSENT]
    with pytest.raises(kernel.MoveRefused, match="说明并销差"):
        town.does("clerk", absent.docket, "book", words="银行说明天入账")
    with pytest.raises(kernel.NotPermitted):
        town.does("clerk", absent.docket, "explain", words="银行次日入账，已见回单")
    town.does("treasurer", absent.docket, "explain", words="银行次日入账，已见回单")
    assert town.state(absent) == "settled"


def test_a_provider_that_is_away_is_tried_again_with_the_oldest_day(town, settings):
    from tongban.registers.payments import jobs

    settings.PAYMENT_PROVIDER = "failing"
    with pytest.raises(PaymentsError, match="对账单"):
        reconciled(town)
    jobs.reconcile(town.at)
    assert Reconciliation.objects.count() == 0
    settings.PAYMENT_PROVIDER = "demo"
    jobs.reconcile(town.at)
    assert Reconciliation.objects.count() == 7


LINES = st.lists(
    st.builds(Line, st.sampled_from(list(Way)), st.sampled_from("abcdef"), st.just("r"), st.integers(1, 3)),
    max_size=8,
    unique_by=lambda one: (one.way, one.transaction),
)


@given(ours=LINES, theirs=LINES)
def test_differences_explain_the_whole_of_what_the_sums_have_apart(ours, theirs):
    found = list(rules.compared(ours, theirs))
    apart = sum((one.theirs_fen or 0) - (one.ours_fen or 0) for one in found)
    assert apart == sum(one.amount_fen for one in theirs) - sum(one.amount_fen for one in ours)
    assert list(rules.compared(ours, ours)) == []
    assert len({(one.way, one.transaction) for one in found}) == len(found)
