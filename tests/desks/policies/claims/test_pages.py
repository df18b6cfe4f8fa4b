"""The pages and the API: one tap on the phone, a code without signing in, an objection, an auditor; strangers see nothing."""

import pytest
from django.utils import timezone

from tests.desks.policies.claims.conftest import GOOD
from tests.registers.identity.factories import an_account
from tongban.actors.models import Organisation
from tongban.desks.policies.claims import confirming, sources, telling
from tongban.registers.identity import api as identity

pytestmark = pytest.mark.django_db
ACCOUNT = {
    "other": "1",
    "holder": "咸宁星河有限公司",
    "account": f"{GOOD[:4]} {GOOD[4:]}",
    "bank": "湖北银行",
}


@pytest.fixture
def now(town, monkeypatch):
    """The town today: pages ask the clock."""
    monkeypatch.setattr(sources, "standings", lambda *_a, **_k: ())
    town.at = timezone.now()
    return town


def waiting(town, **fen):
    """A list whose days were over yesterday."""
    town.companies(**fen)
    today = town.at
    town.later(days=-20)
    run = town.concluded()
    town.at = today
    telling.tell_due(at=today)
    return run


def test_one_tap_and_nothing_for_strangers(now, client):
    waiting(now, 星河=1234_56)
    number = now.due("星河").number
    now.signed_in(client, "星河")
    listed = client.get("/benefits").content.decode()
    assert "1,234.56元" in listed
    assert client.get(f"/benefits/{number}").status_code == 200
    wrong = client.post(f"/benefits/{number}/confirm", {**ACCOUNT, "account": "12a"})
    assert wrong.status_code == 422
    assert "6到32位数字" in wrong.content.decode()
    assert client.post(f"/benefits/{number}/confirm", ACCOUNT).status_code == 302
    page = client.get(f"/benefits/{number}").content.decode()
    assert "待发放" in page
    assert GOOD not in page
    client.logout()
    now.company("路人")
    now.signed_in(client, "路人")
    assert client.get(f"/benefits/{number}").status_code == 404
    assert client.post(f"/benefits/{number}/decline").status_code == 404


def test_a_code_takes_it_without_signing_in(now, client):
    waiting(now, 星河=500_00)
    code = confirming.code_of(now.due("星河"))
    assert client.post("/benefits/code", {"code": "AAAABBBBCCCC"}).status_code == 422
    shown = client.post("/benefits/code", {"code": code}).content.decode()
    assert "500元" in shown
    assert "星河" not in shown, "whose it is, only its holder knows"
    assert "已确认" in client.post("/benefits/code", {"code": code, "take": "1", **ACCOUNT}).content.decode()
    assert now.state("星河") == "confirmed"


def test_a_published_list_is_open_to_all_and_an_objection_is_signed(now, client):
    now.companies(甲=100, 乙=200)
    run = now.published()
    address = f"/benefits/publicity/{run.number}"
    assert "咸宁甲有限公司" in client.get(address).content.decode()
    assert run.number in client.get("/benefits/publicity").content.decode()
    said = {"place": now.due("甲").place, "text": "这家已经停产半年了"}
    assert client.post(f"{address}/object", said).status_code in (302, 403)
    assert now.state("甲") == "listed"
    now.signed_in(client, "乙")
    assert client.post(f"{address}/object", {"place": "", "text": ""}).status_code == 422
    assert client.post(f"{address}/object", said).status_code == 302
    assert now.state("甲") == "held"
    assert "这家已经停产半年了" in client.get(address).content.decode()


def test_an_auditor_traces_and_the_ledger_knows(now, client):
    waiting(now, 星河=100)
    now.confirms("星河")
    now.bundle()
    now.pays()
    number = now.due("星河").number
    address = f"/work/benefits/trace/{number}"
    now.signed_in(client, "head")
    page = client.get(address).content.decode()
    for words in ("第五条", "本人确认账户", "银行：已到账", "审计查看", "2026-10-31"):
        assert words in page
    assert GOOD not in page
    assert client.post(f"{address}/recover", {"reason": ""}).status_code == 422
    made = client.post(f"{address}/recover", {"reason": "登记的数据后来更正了"})
    assert made["Location"].startswith("/work/PT")
    assert "追回" in client.get(made["Location"]).content.decode()
    assert client.get(f"/work/{now.due('星河').run.number}").status_code == 200
    client.logout()
    now.signed_in(client, "星河")
    assert client.get(address).status_code in (302, 403)


def test_the_api_lists_confirms_and_claims(now, client):
    waiting(now, 星河=100)
    now.has(now.measures["kjj-rd"], key="kjj-quick", way="quick")
    now.company("星河", 900, measure="kjj-quick")
    party = now.parties["星河"]
    an_account("holder", acts_as=Organisation.objects.get(pk=party.partition(":")[2]), kind="organisation")
    token = identity.issue_token(username="holder", label="t", at=now.at).secret
    mine = {"headers": {"Authorization": f"Bearer {token}"}, "content_type": "application/json"}
    (one,) = client.get("/api/v1/benefits", headers=mine["headers"]).json()["items"]
    assert (one["state"], one["amount_fen"]) == ("waiting", 100)
    account = {"holder": "咸宁星河有限公司", "account": GOOD, "bank": "湖北银行"}
    address = f"/api/v1/benefits/{one['number']}/confirm?party={party}"
    assert client.post(address, {}, **mine).json()["type"].endswith("claims:account")
    taken = client.post(address, {"account": account}, **mine).json()
    assert (taken["state"], taken["account"]) == ("confirmed", "6222***********4567")
    claim = {"measure": "kjj-quick", "party": party}
    made = client.post("/api/v1/benefits/claims", claim, **mine).json()
    assert (made["state"], made["due"]["amount_fen"]) == ("claimed", 900)
    assert client.post("/api/v1/benefits/claims", claim, **mine).json()["number"] == made["number"]
    other = client.post("/api/v1/benefits/claims", {**claim, "party": "organisation:99999"}, **mine)
    assert other.status_code == 403
