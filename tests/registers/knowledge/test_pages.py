"""The pages: everybody asks and says whether it helped; the unit answers; what the catalogue keeps is fresh."""

import pytest
from django.utils import timezone

from tests.registers.catalogue.conftest import draft, keys
from tongban.kernel.contracts import SYSTEM
from tongban.kernel.models import Docket
from tongban.registers.catalogue import services as catalogue_services
from tongban.registers.knowledge import selectors
from tongban.registers.knowledge.models import Version

__all__ = ["keys"]

pytestmark = pytest.mark.django_db
LOWER = {"key": "fund-lift", "unit": "421200-gjj", "audience": "public", "as_of": "2026-11-20"}


def test_from_a_question_without_answer_to_its_answer(client, town, django_user_model):
    page = client.get("/knowledge?q=加装电梯能提公积金吗").content.decode()
    assert "交给我们补上" in page
    assert client.post("/knowledge/ask", {"question": "？"}).status_code == 422
    receipt = client.post("/knowledge/ask", {"question": "加装电梯能提公积金吗？"}, follow=True)
    assert "问题已收到" in receipt.content.decode()
    address = receipt.redirect_chain[-1][0]
    number = address.rsplit("/", 1)[1]
    Docket.objects.update(unit="421200-gjj")
    town.signed_in(client, "writer")
    assert "写一个条目回答它" in client.get(f"/work/{number}").content.decode()
    form = client.get(f"/work/knowledge/new?question={number}").content.decode()
    assert "加装电梯能提公积金吗" in form
    said = LOWER | {
        "question": "加装电梯能提公积金吗？",
        "answer": "能，按分摊的费用提取，网上申请。",
        "answers": number,
    }
    assert client.post("/work/knowledge/new", said | {"act": "propose"}).status_code == 302
    assert "等本单位另一位" in client.get("/work/knowledge/fund-lift").content.decode()
    town.signed_in(client, "head")
    assert "fund-lift" in client.get("/work/knowledge").content.decode()
    client.post("/work/knowledge/fund-lift/act", {"act": "publish"})
    client.logout()
    assert "看答案" in client.get(address).content.decode()
    answer = client.get("/knowledge?q=加装电梯能提公积金吗").content.decode()
    assert "咸宁市住房公积金中心答" in answer
    assert "/knowledge/fund-lift" in answer


def test_readers_say_once_whether_it_helped_and_nobody_is_named(client, town):
    town.publish()
    for _ in range(2):
        client.post("/knowledge/fund-rent/opinion", {"helped": "yes"})
    assert selectors.feedback("fund-rent", 1).helped == 1
    assert "您已经评过" in client.get("/knowledge/fund-rent").content.decode()
    client.session.flush()
    assert client.get("/knowledge/none-such").status_code == 404


def test_drafts_are_the_unit_s_own_affair(client, town):
    town.publish()
    town.signed_in(client, "writer")
    client.post(
        "/work/knowledge/fund-rent/edit",
        LOWER | {"question": "租房提取怎么办？", "answer": "还没想好，先写到这里。", "act": "draft"},
    )
    assert Version.objects.filter(state="draft").count() == 1
    town.signed_in(client, "stranger")
    assert "还没想好" not in client.get("/work/knowledge/fund-rent").content.decode()
    assert client.get("/work/knowledge/fund-rent/diff?after=2").status_code == 404
    assert client.get("/knowledge?q=还没想好").content.decode().count("还没想好") < 4  # only what was typed


def test_what_the_catalogue_keeps_is_answered_with_and_is_as_fresh_as_it(client, town, keys):
    at = timezone.now()
    said = {
        "faq": [{"q": "夜市摊位卖烧烤要办证吗？", "a": "要办小餐饮登记。"}],
        "plain_name": "开饭馆的许可证",
    }
    for days in (5, 3):
        one = draft(promised_limit={"amount": days, "unit": "working_days"}, **said)
        catalogue_services.bring_in([one], region="421200000000", actor=SYSTEM, at=at)
        page = client.get("/knowledge/m-0103100200").content.decode()
        assert f"时限：{days}个工作日" in page
    assert "要办小餐饮登记" in client.get("/knowledge?q=夜市烧烤摊要证吗").content.decode()
