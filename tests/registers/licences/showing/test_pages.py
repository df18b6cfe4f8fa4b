"""My licences, showing one, the city code, the officer's scan page: over HTTP, without JavaScript."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.actors.factories import a_person, a_unit, an_officer
from tests.registers.identity.factories import an_account
from tests.registers.licences.holding import a_licence, bureau, root_folder, storage
from tongban.kernel import api as kernel
from tongban.registers.licences import api
from tongban.registers.licences.showing.models import Scan

__all__ = ["bureau", "root_folder", "storage"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("bureau")]


@pytest.fixture
def zhang():
    return a_person(name="张小明")


@pytest.fixture
def made(zhang):
    return a_licence(zhang, at=timezone.now() - timedelta(minutes=1))


@pytest.fixture
def phone(zhang):
    client = Client()
    client.force_login(an_account("zhang", acts_as=zhang))
    return client


@pytest.fixture
def desk():
    client = Client()
    client.force_login(
        an_account(
            "window",
            acts_as=an_officer("window", of=a_unit("421202-dsj", name="咸安区政务服务中心")),
            kind="officer",
        )
    )
    return client


def text(response):
    return response.content.decode()


def digits_on(page):
    return re.search(r'class="lc-digits"[^>]*>([\d ]+)<', text(page))[1]


def test_my_licences_and_one_of_them(phone, made, zhang):
    gone = a_licence(zhang, fields={"name": "旧店", "legal_rep": "张小明"}, at=timezone.now())
    api.revoke(identifier=gone.identifier, actor=kernel.SYSTEM, at=timezone.now(), reason="试")
    page = text(phone.get("/licences"))
    assert page.index(made.number) < page.index("不能用的") < page.index(gone.number)
    assert "已撤销或吊销" in page
    one = text(phone.get(f"/licences/{made.id}"))
    for words in ("温泉张记小馆", "张小明", made.identifier, "还没有人看过", "下载PDF"):
        assert words in one


def test_files_of_ones_own_only(phone, made):
    pdf = phone.get(f"/licences/{made.id}.pdf")
    assert pdf.content.startswith(b"%PDF-")
    assert "attachment" in pdf["Content-Disposition"]
    assert phone.get(f"/licences/{made.id}.json").json()["payload"]["identifier"] == made.identifier
    assert api.uses_of_licence(made.identifier) == ()  # one's own look is no use
    stranger = Client()
    stranger.force_login(an_account("li", acts_as=a_person(name="李思雨")))
    for tail in ("", ".pdf", ".json"):
        assert stranger.get(f"/licences/{made.id}{tail}").status_code == 404
    assert stranger.post(f"/licences/{made.id}/show").status_code == 404


def test_a_licence_is_shown_scanned_and_the_holder_sees_who_looked(phone, desk, made):
    answer = phone.post(f"/licences/{made.id}/show")
    page = phone.get(answer["Location"])
    assert "<svg" in text(page)
    code = digits_on(page)
    assert digits_on(phone.get(answer["Location"] + "/code")) == code  # what is polled
    scanned = desk.post("/work/scan", {"code": code, "purpose": "identity"})
    assert scanned.status_code == 302
    seen = text(desk.get(scanned["Location"]))
    for words in ("张小明", "温泉张记小馆", made.number, "核对身份", "有效"):
        assert words in seen
    again = desk.post("/work/scan", {"code": code, "purpose": "identity"})
    assert again.status_code == 422
    assert 'data-refusal="used"' in text(again)
    assert "已被看过1次" in text(phone.get(answer["Location"]))
    history = text(phone.get("/licences/uses"))
    assert "咸安区政务服务中心" in history
    assert "核对身份" in history


def test_the_city_code_from_choosing_to_taking_back(phone, desk, made, zhang):
    other = a_licence(
        zhang, fields={"name": "二店", "legal_rep": "张小明"}, at=timezone.now() - timedelta(minutes=1)
    )
    form = text(phone.get("/licences/city-code"))
    assert made.number in form
    assert other.number in form
    empty = phone.post("/licences/city-code", {"unit": "421202-dsj", "minutes": "15"})
    assert empty.status_code == 422
    answer = phone.post("/licences/city-code", {"licence": [made.id], "unit": "421202-dsj", "minutes": "15"})
    page = phone.get(answer["Location"])
    assert "只有咸安区政务服务中心能看" in text(page)
    scanned = desk.post("/work/scan", {"code": digits_on(page), "purpose": "other", "other": "变更地址"})
    seen = text(desk.get(scanned["Location"]))
    assert made.number in seen
    assert other.number not in seen
    assert "变更地址" in seen
    assert "正在授权咸安区政务服务中心" in text(phone.get("/licences"))
    ended = phone.post(answer["Location"] + "/end", follow=True)
    assert "已经收回" in text(ended)
    assert desk.get(scanned["Location"]).status_code == 410


def test_the_scan_page_asks_for_a_purpose_and_a_docket_that_one_handles(desk):
    wrong = desk.post(
        "/work/scan", {"code": "", "purpose": "other", "other": "", "docket": "A421202-261122-00001-9"}
    )
    assert wrong.status_code == 422
    page = text(wrong)
    for field in ("other", "code", "docket"):
        assert f'href="#{field}"' in page
    assert not Scan.objects.exists()


def test_a_camera_that_reads_the_code_of_the_phone(phone, desk, made):
    answer = phone.post(f"/licences/{made.id}/show")
    page = text(phone.get(answer["Location"]))
    assert "<svg" in page
    visitor = Client().get("/s/ABCDEFGHJKMNPQRSTVWX")
    assert "给登录的工作人员" in text(visitor)
    assert "张" not in text(visitor).split("<main")[1].split("</main")[0]
    assert 'value="ABCDEFGHJKMNPQRSTVWX"' in text(desk.get("/s/ABCDEFGHJKMNPQRSTVWX"))


def test_an_expired_licence_offers_no_showing(phone, zhang):
    day = timezone.localdate()
    old = a_licence(zhang, at=timezone.now() - timedelta(days=40), valid_until=day - timedelta(days=1))
    assert "亮证</button>" not in text(phone.get(f"/licences/{old.id}"))
    refused = phone.post(f"/licences/{old.id}/show")
    assert refused.status_code == 422
    assert "不能出示" in text(refused)
