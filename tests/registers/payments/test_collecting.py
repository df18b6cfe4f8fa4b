"""A fee: asked for once, paid once, whatever the provider says how often and how late."""

import json
from datetime import timedelta

import pytest

from tongban.kernel import api as kernel
from tongban.kernel.privacy import decrypt
from tongban.registers.payments import api, collecting, receipts, rules
from tongban.registers.payments.contracts import ForgedError, Gap, PaymentsError
from tongban.registers.payments.models import Difference, Order, Receipt, Taking
from tongban.registers.payments.providers import provider
from tongban.registers.seals import api as seals

pytestmark = pytest.mark.django_db


def test_the_same_key_is_the_same_order_and_other_content_is_refused(town):
    fee = town.fee()
    assert town.fee().number == fee.number
    assert Order.objects.count() == 1
    with pytest.raises(PaymentsError, match="另一张缴费单"):
        town.fee(amount_fen=9000)
    with pytest.raises(PaymentsError, match="大于0"):
        town.fee(key="other", amount_fen=0)
    with pytest.raises(PaymentsError, match="大于0"):
        town.fee(key="other", amount_fen=10**20)


def test_paid_at_the_bank_booked_once_with_a_receipt(town):
    fee = town.fee()
    notification = town.pays(fee)
    assert town.told(notification)
    assert not town.told(notification)
    assert not town.told(provider().pay(town.reference(fee), at=town.later(minutes=3)))
    now = api.fee(fee.number)
    assert (now.state, now.amount_fen, now.refunded_fen) == ("paid", 8000, 0)
    assert Taking.objects.count() == Receipt.objects.count() == 1
    assert Difference.objects.count() == 0
    with pytest.raises(PaymentsError, match="不能再缴"):
        api.checkout(number=fee.number, party=str(town.people["payer"]), at=town.at)


def test_a_notification_that_the_bank_did_not_sign_is_refused(town):
    fee = town.fee()
    body, headers = town.pays(fee)
    forged = json.dumps({**json.loads(body), "amount_fen": 1}).encode()
    for wrong, signed in ((forged, headers), (body, {**headers, "X-Tongban-Signature": "00"}), (body, {})):
        with pytest.raises(ForgedError):
            provider().read(wrong, signed, at=town.at)
    with pytest.raises(ForgedError):
        provider().read(body, headers, at=town.later(minutes=6))
    assert api.fee(fee.number).state == "due"


def test_only_the_payer_pays_and_a_bank_that_is_away_takes_nothing(town, settings):
    fee = town.fee()
    with pytest.raises(api.UnknownError):
        api.checkout(number=fee.number, party=str(town.people["other"]), at=town.at)
    settings.PAYMENT_PROVIDER = "failing"
    with pytest.raises(PaymentsError, match="连不上"):
        api.checkout(number=fee.number, party=str(town.people["payer"]), at=town.at)
    assert collecting.ask_open(at=town.later(minutes=5)) == 0
    assert api.fee(fee.number).state == "due"


def test_a_lost_notification_is_asked_after(town):
    fee = town.fee()
    town.pays(fee)  # and nothing is heard
    assert collecting.ask_open(at=town.at) == 0, "too early to worry"
    assert collecting.ask_open(at=town.later(minutes=5)) == 1
    assert api.fee(fee.number).state == "paid"
    assert collecting.ask_open(at=town.later(minutes=5)) == 0


def test_an_order_expires_and_money_that_comes_later_is_work(town):
    fee = town.fee(days=1)
    notification = town.pays(fee)
    town.later(days=5)
    town.fire()
    assert api.fee(fee.number).state == "expired"
    assert town.told(provider().notification(json.loads(notification[0]), at=town.at))
    gap = Difference.objects.get()
    assert gap.gap == Gap.LATE
    # What came in for nothing is given back, once, and another decides.
    town.does("clerk", gap.docket, "give_back", words="缴费单已过期，退给缴费人")
    from tongban.registers.payments.models import Refund

    refund = Refund.objects.get()
    assert refund.amount_fen == 8000
    with pytest.raises(kernel.NotPermitted):
        town.does("clerk", refund.docket, "approve")
    town.does("treasurer", refund.docket, "approve")
    from tongban.registers.payments import refunds

    assert refunds.send_due(at=town.at) == 1
    assert Taking.objects.get().back_fen == 8000
    assert Receipt.objects.count() == 0, "nothing was booked, so no receipt and no red one"


@pytest.mark.parametrize(("amount", "expected"), [(7999, Gap.AMOUNT), (8001, Gap.AMOUNT)])
def test_a_wrong_amount_settles_nothing(town, amount, expected):
    fee = town.fee()
    assert town.told(town.pays(fee, amount_fen=amount))
    assert api.fee(fee.number).state == "due"
    assert Difference.objects.get().gap == expected
    with pytest.raises(kernel.MoveRefused, match="金额相同"):
        town.does("clerk", Difference.objects.get().docket, "book", words="和银行核对过了")


def test_paid_twice_and_money_for_no_order_become_work(town):
    from tongban.registers.payments.contracts import Notice

    fee = town.paid_fee()
    api.take_in(Notice("T2", town.reference(fee), 8000, town.at), at=town.at)
    api.take_in(Notice("T3", "NOBODY", 5, town.at), at=town.at)
    assert set(Difference.objects.values_list("gap", flat=True)) == {Gap.TWICE, Gap.STRAY}
    with pytest.raises(PaymentsError, match="已经记过"):
        api.take_in(Notice("T3", "NOBODY", 6, town.at), at=town.at)
    assert api.fee(fee.number).refunded_fen == 0


def test_a_cancelled_order_is_not_owed(town):
    fee = town.fee()
    assert api.cancel(number=fee.number, actor=kernel.SYSTEM, reason="不予受理", at=town.at)
    assert not api.cancel(number=fee.number, actor=kernel.SYSTEM, reason="不予受理", at=town.at)
    assert api.fee(fee.number).state == "cancelled"


def test_the_receipt_is_numbered_sealed_and_verified(town):
    fee = town.paid_fee()
    (receipt,) = api.receipts_of(fee.number)
    assert (receipt.code, receipt.number, receipt.amount_fen) == ("42010126", "0000000001", 8000)
    assert receipts.make_waiting(at=town.at) == 1
    paper = receipts.paper(fee=fee.number, number=receipt.number, at=town.at)
    verdict = seals.verify_pdf(paper, at=town.at + timedelta(minutes=1))
    assert verdict.ok
    assert verdict.unit == "421202-zrzy"
    found = api.verify_receipt(code=receipt.code, number="1", check=receipt.check.lower())
    assert found is not None
    assert found.fee == fee.number
    for code, number, check in (
        (receipt.code, "2", receipt.check),
        (receipt.code, "1", "AAAAAA"),
        ("x", "1", "y"),
    ):
        assert api.verify_receipt(code=code, number=number, check=check) is None
    stored = Receipt.objects.extra(select={"raw": "payer_name"}).values_list("raw", flat=True)[0]
    assert "张小明" not in stored
    assert decrypt(stored, purpose="payments.receipt.payer_name") == "张小明"


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (8000, "捌拾元整"), (305, "叁元零伍分"), (1_000_10, "壹仟元壹角整"), (100_080_00, "壹拾万零捌拾元整"), (-1, "负壹分"),
        (100_000_000_00, "壹亿元整"), (1_0001_0000_00, "壹亿零壹万元整"), (10_10_01_00, "壹拾万壹仟零壹元整"), (0, "零元整"),
    ],
)  # fmt: skip
def test_amounts_in_capital_figures(fen, words):
    assert rules.capitals(fen) == words


def test_the_ledger_tells_who_asked_for_what_and_which_money_settled_it(town):
    fee = town.paid_fee()
    acts = kernel.history(fee.number, at=town.at)
    assert [one.act for one in acts] == ["ask", "pay"]
    assert acts[1].body["note"]["transaction"] == f"D{town.reference(fee)}"
    town.relay()
    from tongban.registers.messages.models import Message

    assert set(Message.objects.values_list("template", flat=True)) == {"payment.asked", "payment.paid"}
