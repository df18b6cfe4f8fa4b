"""Search, guide and lists as a visitor sees them."""

import pytest

from tests.registers.catalogue.conftest import CITY, COUNTY, draft
from tongban.registers.catalogue import api, finding

pytestmark = pytest.mark.django_db


class Theme:
    title, summary, url, badge, action = (
        "我要开饭店",
        "4部门一次办",
        "/themes/open-restaurant",
        "一件事",
        "开始",
    )


@pytest.fixture
def published(bring):
    bring(
        draft(plain_name="开饭馆的许可证", topics=["餐饮"], lists={"commitment": True}),
        draft("0103100300", name="食品生产许可"),
    )


def text(client, url):
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_search_shows_themes_first_and_plain_names(client, published, monkeypatch):
    monkeypatch.setattr(finding, "_providers", {})
    api.register_search_provider("themes", lambda **_: [Theme()])
    page = text(client, "/search?q=开饭馆&region=421202")
    assert page.index("我要开饭店") < page.index("开饭馆的许可证")
    assert "/matters/0103100200?region=421202000000" in page


def test_zero_hits_offer_a_human(client, published):
    page = text(client, "/search?q=量子纠缠")
    assert "tel:12345" in page
    assert "没找到" in page


def test_search_with_filters_and_nonsense(client, published):
    assert "食品生产许可" not in text(client, "/search?q=许可&topic=餐饮")
    assert "&lt;script&gt;" in text(client, "/search?q=<script>")
    assert client.get("/search?q=x&region=9x").status_code == 404
    assert client.post("/search").status_code == 405


def test_suggestions_are_options(client, published):
    assert "开饭馆的许可证" in text(client, "/search/suggest?q=开饭&region=421202")
    assert text(client, "/search/suggest?q=").strip() == ""


def test_guide_gives_the_answers_first(client, published):
    page = text(client, "/matters/0103100200?region=421202")
    assert page.index("5个工作日") < page.index("您符合吗") < page.index("平面图") < page.index("第三十五条")
    assert "带1份材料（另1份政府已有）" in page
    assert "平面图" not in text(client, "/matters/0103100200?region=421202&situation=renew")


def test_guide_of_a_county_matter_asked_in_the_city(client, published):
    assert client.get("/matters/0103100200").headers["Location"].endswith(f"region={COUNTY}")
    assert client.get("/matters/9999999999").status_code == 404


def test_lists_and_topics(client, published):
    assert "告知承诺" in text(client, "/matters")
    page = text(client, "/matters?list=commitment")
    assert "开饭馆的许可证" in page
    assert "食品生产许可" not in page
    assert "开饭馆的许可证" in text(client, "/matters?topic=餐饮&party=organisation")
    assert "没有符合条件的" in text(client, "/matters?topic=出生")
    assert client.get("/matters?list=nonsense").status_code == 404


def test_guide_costs_few_queries(client, published, settings, django_assert_max_num_queries):
    settings.CATALOGUE_POLL_SECONDS = 60
    url = f"/matters/0103100200?region={COUNTY}"
    client.get(url)
    with django_assert_max_num_queries(4):
        client.get(url)


def test_a_list_page_costs_the_same_however_long(client, bring, django_assert_max_num_queries):
    bring(*(draft(f"01031{n:05d}", region=CITY, name=f"许可{n}") for n in range(120)))
    with django_assert_max_num_queries(10):
        page = text(client, "/matters?party=person")
    assert page.count("<h3") == 50
    assert "after=0103100049" in page


def test_guide_says_which_counties_receive_for_each_other(client, bring, settings):
    from tests.registers.catalogue.conftest import data
    from tongban.actors.api import load_city

    load_city(folder=settings.PACKS / "demo")
    bring(
        draft(lists={**data()["lists"], "cross_region": ["跨市"]}), draft("0103100300", name="食品生产许可")
    )
    said = "嘉鱼县、通城县、崇阳县、通山县、赤壁市的政务服务窗口"
    assert said in text(client, "/matters/0103100200?region=421202")
    assert said not in text(client, "/matters/0103100300?region=421202")
