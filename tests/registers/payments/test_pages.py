"""The pages and the API: a citizen pays on the phone, a clerk reads, strangers see nothing, forgers are refused."""

import json

import pytest
from django.utils import timezone

from tests.registers.payments.conftest import GOOD
from tongban.registers.payments import api
from tongban.registers.payments.models import Difference, Refund, Taking
from tongban.registers.payments.providers import provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(town):
    town.at = timezone.now()
    return town


def test_a_citizen_pays_on_the_phone_and_has_the_receipt(now, client):
    fee = now.fee()
    now.signed_in(client, "payer")
    listed = client.get("/my/payments").content.decode()
    assert "不动产登记费" in listed
    assert "80元" in listed
    to_bank = client.post(f"/my/payments/{fee.number}/pay")
    assert to_bank["Location"] == f"/payments/demo/{now.reference(fee)}"
    assert "演示" in client.get(to_bank["Location"]).content.decode()
    left = client.post(to_bank["Location"], {"act": "leave"})
    assert api.fee(fee.number).state == "due"
    assert left["Location"] == f"/my/payments/{fee.number}"
    client.post(to_bank["Location"], {"act": "pay"})
    page = client.get(f"/my/payments/{fee.number}").content.decode()
    assert "已缴费" in page
    (receipt,) = api.receipts_of(fee.number)
    paper = client.get(f"/my/payments/{fee.number}/receipts/{receipt.number}")
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    client.logout()
    good = client.get(
        "/payments/verify", {"code": receipt.code, "number": receipt.number, "check": receipt.check}
    )
    assert "真票，有效" in good.content.decode()
    assert "张*明" in good.content.decode()
    assert "张小明" not in good.content.decode()
    bad = client.get("/payments/verify", {"code": receipt.code, "number": receipt.number, "check": "AAAAAA"})
    assert "没有这样一张票据" in bad.content.decode()
    assert client.get("/payments/verify", {"code": "", "number": "", "check": ""}).status_code == 422


def test_a_refund_asked_twice_by_a_double_click_is_one(now, client):
    fee = now.paid_fee()
    now.signed_in(client, "payer")
    wrong = client.post(
        f"/my/payments/{fee.number}/refund", {"amount": "80.01", "reason": "重复申请了", "key": "a"}
    )
    assert wrong.status_code == 422
    assert "最多80.00元" in wrong.content.decode()
    assert "重复申请了" in wrong.content.decode(), "what was typed stays"
    for _click in range(2):
        client.post(f"/my/payments/{fee.number}/refund", {"amount": "30", "reason": "重复申请了", "key": "b"})
    assert Refund.objects.count() == 1
    assert "退费正在审核" in client.get(f"/my/payments/{fee.number}").content.decode()


def test_strangers_see_nothing_and_every_address_says_the_same(now, client):
    fee = now.paid_fee()
    (receipt,) = api.receipts_of(fee.number)
    now.signed_in(client, "other")
    assert "不动产登记费" not in client.get("/my/payments").content.decode()
    for address in (fee.number, f"{fee.number}/receipts/{receipt.number}", "N421202-261120-99999-0"):
        assert client.get(f"/my/payments/{address}").status_code == 404
    assert (
        client.post(f"/my/payments/{fee.number}/refund", {"amount": "1", "reason": "我要"}).status_code == 404
    )
    assert client.get("/work/payments").status_code == 403


def test_the_demonstration_s_bank_is_there_only_where_it_moves_the_money(now, client, settings):
    fee = now.fee()
    now.pays(fee)
    settings.PAYMENT_PROVIDER = "failing"
    assert client.get(f"/payments/demo/{now.reference(fee)}").status_code == 404
    now.signed_in(client, "payer")
    client.post(f"/my/payments/{fee.number}/pay")
    assert "没有扣您的钱" in client.get(f"/my/payments/{fee.number}").content.decode()


def test_a_clerk_reads_lists_and_dockets_with_masked_accounts(now, client):
    now.fee()
    batch = now.approved(accounts=(GOOD,))
    api.take_in(provider().read(*provider().pay("X1", at=now.at, amount_fen=5), at=now.at), at=now.at)
    now.signed_in(client, "clerk")
    assert "不动产登记费" in client.get("/work/payments").content.decode()
    page = client.get(f"/work/{batch.number}").content.decode()
    assert "6222***********4567" in page
    assert GOOD not in page
    assert "每天对账" in client.get("/work/payments?list=difference").content.decode()
    assert client.post("/work/payments/reconcile", {"day": "2026-99-99"}).status_code == 302
    assert client.get("/work/payments?list=no").status_code == 404
    client.logout()
    now.signed_in(client, "collector")
    assert "不动产登记费" in client.get("/work/payments").content.decode()
    assert batch.number not in client.get("/work/payments?list=payout").content.decode()
    assert client.get(f"/work/{batch.number}").status_code == 404


def test_the_door_for_the_provider_takes_what_is_signed_and_nothing_else(now, client):
    fee = now.fee()
    body, headers = now.pays(fee)
    post = {"content_type": "application/json"}
    forged = json.dumps({**json.loads(body), "amount_fen": 1})
    refused = client.post("/api/v1/payments/notices", forged, headers=headers, **post)
    assert refused.status_code == 403
    assert "签名" in refused.json()["detail"]
    assert Taking.objects.count() == 0
    for new in (True, False):
        answer = client.post("/api/v1/payments/notices", body.decode(), headers=headers, **post)
        assert answer.json() == {"new": new}
    assert api.fee(fee.number).state == "paid"
    assert Difference.objects.count() == 0


def test_the_api_tells_what_i_owe_and_where_it_is_paid(now, client):
    from tests.registers.identity.factories import an_account
    from tongban.registers.identity import api as identity

    fee = now.fee()
    an_account("payer", acts_as=now.people["payer"])
    an_account("other", acts_as=now.people["other"])
    token, strange = (
        identity.issue_token(username=name, label="t", at=now.at).secret for name in ("payer", "other")
    )
    mine = {"Authorization": f"Bearer {token}"}
    (one,) = client.get("/api/v1/payments", headers=mine).json()["items"]
    assert (one["number"], one["state"], one["amount_fen"]) == (fee.number, "due", 8000)
    address = f"/api/v1/payments/{fee.number}/checkout"
    assert client.post(address, headers=mine).json() == {"address": f"/payments/demo/{now.reference(fee)}"}
    assert client.post(address, headers={"Authorization": f"Bearer {strange}"}).status_code == 404
    assert client.post(address).status_code == 401
