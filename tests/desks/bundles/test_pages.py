"""The story over HTTP: three questions, lawful services and offers, an order, its delivery and rating; strangers see nothing."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from tests.desks.bundles.conftest import PAPER, SCOPE, TERMS
from tongban.desks.bundles import api
from tongban.desks.bundles.models import Offer, Order
from tongban.registers.identity.api import issue_token

pytestmark = pytest.mark.django_db


@pytest.fixture
def now(town):
    town.at = timezone.now()
    return town


def page(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:2000]
    return answer.content.decode()


def test_a_company_answers_orders_confirms_and_rates(now, client):
    cheap = now.offers("law", price_fen=80_000, days=3)
    now.offers("rival", price_fen=95_000, days=2)
    company, law = now.signed_in(client, "company"), now.signed_in(Client(), "law")
    assert "项目一类事" in page(company.get("/bundles"))
    unasked = page(company.get("/bundles/legal"))
    assert "现在遇到的是什么" in unasked
    assert "湖北天平律师事务所" not in unasked
    plan = page(company.get("/bundles/legal?trouble=trade&paper=yes&listed=no&region=421202000000"))
    assert plan.count("湖北天平律师事务所") == plan.count("湖北衡信律师事务所") == 1
    assert "不买也行" in plan
    assert "优化营商环境条例第四十三条" in plan
    assert "交付后7天内不答复的，视为确认" in page(company.get(f"/my/orders/new/{cheap}"))
    wrong = company.post(
        f"/my/orders/new/{cheap}", {"wish": "请看合同十二页", "contact": "蓝沁", "phone": "1"}
    )
    assert "请看合同十二页" in page(wrong, 422)
    told = {"wish": "请看合同十二页", "contact": "蓝沁", "phone": "13871100070", "key": "a"}
    order = company.post(f"/my/orders/new/{cheap}", told)["Location"]
    assert company.post(f"/my/orders/new/{cheap}", told)["Location"] == order
    number = order.rpartition("/")[2]
    waiting = page(law.get(f"/provider/orders/{number}"))
    assert "接单后才看得到" in waiting
    assert "13871100070" not in waiting
    law.post(f"/provider/orders/{number}/accept")
    assert "13871100070" in page(law.get(f"/provider/orders/{number}"))
    assert "请填交付了什么" in page(law.post(f"/provider/orders/{number}/deliver", {"says": ""}), 422)
    law.post(f"/provider/orders/{number}/deliver", {"says": "修改稿已发"})
    assert "视为确认" in page(company.get(order))
    company.post(f"{order}/confirm")
    company.post(f"{order}/paid", {"amount": "800", "on": now.at.date().isoformat()})
    company.post(f"{order}/rate", {"level": "1", "said": "很细致"})
    done = page(company.get(order))
    assert "企业说已付" in done
    assert "非常满意" in done
    assert "满意 1/1" in page(Client().get("/bundles/providers"))


def test_each_side_makes_its_own_moves_and_strangers_see_nothing(now, client):
    order = now.orders(now.offers())
    company, rival = now.signed_in(client, "company"), now.signed_in(Client(), "rival")
    for path in (f"/my/orders/{order.number}", f"/provider/orders/{order.number}"):
        assert rival.get(path).status_code == 404
    assert company.get(f"/provider/orders/{order.number}").status_code == 404
    assert company.post(f"/my/orders/{order.number}/accept").status_code == 404
    assert Client().get(f"/my/orders/{order.number}").status_code == 302
    early = company.post(f"/my/orders/{order.number}/confirm")
    assert early["Location"] == f"/my/orders/{order.number}"
    assert now.state(order.docket) == "asked"


def test_a_person_is_told_to_choose_a_company(now, client):
    offer = now.offers()
    now.people["nobody"] = now.people["company"]
    now.signed_in(client, "nobody")
    client.post("/identity/act-for", {"party": str(now.people["nobody"])})
    assert "/identity/act-for" in page(client.get(f"/my/orders/new/{offer}"), 403)
    assert "个人身份" in page(client.get("/provider"))


def test_an_organisation_applies_and_offers_on_the_page(now, client):
    from django.core.files.uploadedfile import SimpleUploadedFile

    law = now.signed_in(client, "law")
    assert "申请" in page(law.get("/provider"))
    said = {
        "categories": "law", "intro": "执业二十年，专做企业合同。", "phone": "0715-8260001", "regions": "421202000000",
        "proof_number": "31421200MD0001",
    }  # fmt: skip
    assert "请附资质证照" in page(law.post("/provider/apply", said), 422)
    paper = SimpleUploadedFile("证.pdf", PAPER, content_type="application/pdf")
    assert law.post("/provider/apply", {**said, "paper": paper})["Location"] == "/provider"
    made = api.provider_of(now.party("law"))
    today = now.at.date()
    now.does(
        "specialist",
        made.docket,
        "admit",
        agreement="咸安1号",
        from_date=today,
        until_date=today.replace(year=today.year + 1),
    )
    offer = {
        "need": "contract-review", "title": "合同审查", "scope": SCOPE, "terms": "保证获批，不成退款。", "price": "fixed",
        "yuan": "800", "unit": "每份", "days": "3",
    }  # fmt: skip
    assert "保证获批" in page(law.post("/provider/offers/new", offer), 422)
    law.post("/provider/offers/new", {**offer, "terms": TERMS})
    assert Offer.objects.get().price_fen == 80_000


def test_the_specialist_sees_what_waits_and_one_company_at_a_time(now, client):
    order = now.orders(now.offers())
    now.applied("rival")
    now.does("law", order.docket, "accept")
    now.does("company", order.docket, "dispute", reason="没有按说明做")
    specialist = now.signed_in(client, "specialist")
    listed = page(specialist.get("/work/bundles"))
    assert order.number in listed
    assert "湖北衡信律师事务所" in listed
    assert order.number in page(specialist.get(f"/work/bundles/companies/{now.party('company')}"))
    assert specialist.get(f"/work/bundles/companies/{now.party('bank')}").status_code == 404
    docket = page(specialist.get(f"/work/{order.number}"))
    assert "没有按说明做" in docket
    assert "13871100070" not in docket
    law = now.signed_in(Client(), "law")
    assert law.get("/work/bundles").status_code == 403


def test_the_api_lists_what_everybody_may_read_and_one_s_own(now, client):
    order = now.orders(now.offers())
    assert {one["slug"] for one in client.get("/api/v1/bundles").json()["items"]} >= {"legal", "finance"}
    (offer,) = client.get("/api/v1/offers?need=contract-review").json()["items"]
    assert (offer["price_fen"], offer["provider"]) == (80_000, "湖北天平律师事务所")
    assert client.get("/api/v1/offers?need=magic").status_code == 404
    assert client.get("/api/v1/service-orders").status_code == 401
    now.signed_in(client, "company")
    token = issue_token(username="company", label="test", at=now.at).secret
    (mine,) = client.get("/api/v1/service-orders", HTTP_AUTHORIZATION=f"Bearer {token}").json()["items"]
    assert (mine["number"], mine["side"]) == (order.number, "company")


def test_lists_cost_the_same_however_many_orders(now, client, django_assert_max_num_queries):
    offer = now.offers()
    for n in range(3):
        now.orders(offer, wish=f"第{n}份合同请看")
    company = now.signed_in(client, "company")
    company.get("/my/orders")
    with django_assert_max_num_queries(30) as few:
        company.get("/my/orders")
    for n in range(6):
        now.orders(offer, wish=f"又一份合同请看{n}")
    with django_assert_max_num_queries(len(few.captured_queries)):
        company.get("/my/orders")
    assert Order.objects.count() == 9
    assert re.search(
        "又一份", page(company.get(f"/my/orders/{api.orders_of(now.party('company'))[0].number}"))
    )
