"""Refunds: in full or in part, decided by another, sent once whenever the process is killed."""

import pytest

from tongban.kernel import api as kernel
from tongban.registers.payments import api, receipts, refunds
from tongban.registers.payments.contracts import Answer, Outcome, PaymentsError, ProviderDownError, Way
from tongban.registers.payments.models import Receipt, Refund
from tongban.registers.payments.providers import DemoBank, provider

pytestmark = pytest.mark.django_db


class Killed(BaseException):
    """The process is gone."""


def asked(town, fee, amount=None, by="payer", key=""):
    actor = kernel.SYSTEM if by == "system" else town.actor(by)
    return api.ask_refund(
        number=fee.number, amount_fen=amount, reason="办件未批准", actor=actor, at=town.at, key=key
    )


def test_a_part_then_the_rest_and_never_more(town):
    fee = town.paid_fee()
    first = asked(town, fee, 3000, key="r1")
    assert asked(town, fee, 3000, key="r1").number == first.number
    with pytest.raises(PaymentsError, match="已用于另一笔"):
        asked(town, fee, 3001, key="r1")
    with pytest.raises(PaymentsError, match=r"最多50\.00元"):
        asked(town, fee, 5001)
    town.does("treasurer", first.docket, "approve")
    assert refunds.send_due(at=town.at) == 1
    assert refunds.send_due(at=town.at) == 0
    assert api.fee(fee.number).refunded_fen == 3000
    rest = asked(town, fee)
    assert rest.amount_fen == 5000
    with pytest.raises(PaymentsError, match="没有可以退的钱"):
        asked(town, fee, 1)
    town.does("treasurer", rest.docket, "approve")
    refunds.send_due(at=town.at)
    assert api.fee(fee.number).refunded_fen == 8000
    assert [one.amount_fen for one in api.receipts_of(fee.number)] == [8000, -3000, -5000]
    blue, red, _rest = api.receipts_of(fee.number)
    assert red.cancels == f"{blue.code} {blue.number}"
    assert blue.returned_fen == 8000
    assert receipts.make_waiting(at=town.at) == 3


def test_nobody_decides_on_what_he_asked_for_and_a_refusal_is_told(town):
    fee = town.paid_fee()
    refund = asked(town, fee, by="second")
    with pytest.raises(kernel.MoveRefused, match="另一位复核"):
        town.does("second", refund.docket, "approve")
    with pytest.raises(kernel.NotPermitted):
        town.does("clerk", refund.docket, "approve")
    town.does("treasurer", refund.docket, "decline", reason="登记已经办结，不退")
    assert api.fee(fee.number).open_fen == 8000
    with pytest.raises(PaymentsError):
        api.ask_refund(number=fee.number, amount_fen=1, reason=" ", actor=town.actor("payer"), at=town.at)


def test_nothing_is_refunded_of_an_order_that_is_not_paid(town):
    with pytest.raises(PaymentsError, match="没有可以退的钱"):
        asked(town, town.fee())


@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_between_sending_and_noting_the_money_goes_back_once(town, monkeypatch, when):
    fee = town.paid_fee()
    refund = asked(town, fee)
    town.does("treasurer", refund.docket, "approve")
    whole = DemoBank.give_back

    def dies(self, send, *, at):
        if when == "after":
            whole(self, send, at=at)
        raise Killed

    monkeypatch.setattr(DemoBank, "give_back", dies)
    with pytest.raises(Killed):
        refunds.send_due(at=town.at)
    monkeypatch.setattr(DemoBank, "give_back", whole)
    assert refunds.send_due(at=town.at) == 0, "its outcome is not known yet"
    assert refunds.send_due(at=town.later(minutes=5)) == 1
    back = [one for one in town.paid_out() if one.way is Way.BACK]
    assert [one.amount_fen for one in back] == [8000]
    assert api.fee(fee.number).refunded_fen == 8000
    assert Receipt.objects.filter(amount_fen=-8000).count() == 1


def test_a_bank_that_is_away_keeps_it_waiting_and_one_that_refuses_makes_it_work(town, settings, monkeypatch):
    fee = town.paid_fee()
    refund = asked(town, fee)
    town.does("treasurer", refund.docket, "approve")
    settings.PAYMENT_PROVIDER = "failing"
    assert refunds.send_due(at=town.at) == 0
    settings.PAYMENT_PROVIDER = "demo"
    no = Answer(Outcome.RETURNED, reason="原账户已销户")
    with monkeypatch.context() as patch:
        patch.setattr(DemoBank, "give_back", lambda *_a, **_k: no)
        refunds.send_due(at=town.later(minutes=5))
    assert town.state(refund) == "stuck"
    first = Refund.objects.get().reference
    town.does("clerk", refund.docket, "retry", reason="缴费人换了账户")
    assert Refund.objects.get().reference != first
    refunds.send_due(at=town.at)
    assert town.state(refund) == "refunded"


def test_the_failing_demo_answers_nothing(settings, town):
    settings.PAYMENT_PROVIDER = "failing"
    with pytest.raises(ProviderDownError):
        provider().fate("V1", at=town.at)
    with pytest.raises(ProviderDownError):
        provider().asked("V1", at=town.at)
