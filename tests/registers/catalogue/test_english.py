"""English is complete: no sentence of the packs stands in Chinese on an English page."""

import re
from functools import cache

import pytest

from tests.desks.themes.city import packed
from tests.registers.catalogue.conftest import draft
from tongban.registers.catalogue import regulated
from tongban.registers.catalogue.english import article, missing, sentences, sentences_of_paper, vocabulary

HAN = re.compile(r"[\u3400-\u9fff]")
QUOTED = re.compile(r"“[^”]*”|《[^》]*》")
"""What has to be written in Chinese is quoted: a word to look for, the title of a law."""


@cache
def matters():
    found = [matter for file in packed("catalogue") for matter in file["matters"]]
    return [one for one in found if not regulated.is_regulated(one["kind"])]


@cache
def papers():
    return packed("materials")


def test_every_sentence_of_a_guide_has_its_english():
    assert missing(text for matter in matters() for text in sentences(matter)) == []


def test_every_sentence_about_a_paper_has_its_english():
    assert missing(text for paper in papers() for text in sentences_of_paper(paper)) == []


def test_every_handling_item_has_its_english():
    named = {one["name"] for matter in matters() for one in (matter, *matter["situations"])}
    items = [item["name"] for matter in matters() for item in matter["handling_items"]]
    assert missing(name for name in items if name not in named) == []


def test_the_english_of_the_packs_holds_no_chinese():
    assert {zh: en for zh, en in vocabulary().items() if not en or HAN.search(QUOTED.sub("", en))} == {}


def test_no_english_stands_there_for_a_sentence_that_nobody_says():
    said = {text for matter in matters() for text in sentences(matter)}
    said |= {text for paper in papers() for text in sentences_of_paper(paper)}
    said |= {item["name"] for matter in matters() for item in matter["handling_items"]}
    assert sorted(set(vocabulary()) - said - {"收件", "制证", "送达"}) == []


def test_a_sentence_without_english_is_found():
    assert missing(["原件", "没有人译过的一句话", ""]) == ["没有人译过的一句话"]


def test_articles_are_counted():
    assert [article(one) for one in ("第三十三条", "第一千零七十六条", "第二百零九条", "第十条", "相关规定")] == [
        "art. 33", "art. 1076", "art. 209", "art. 10", "相关规定",
    ]  # fmt: skip


@pytest.mark.django_db
def test_an_english_guide_shows_no_chinese(client, bring):
    said = next(one for one in matters() if one["code"] == "2000100100" or one["fees"])
    keep = ("conditions", "mistakes", "faq", "steps", "fees", "results", "legal_basis")
    bring(
        draft(
            name_en="Food business licence",
            situations=[],
            handling_items=[],
            **{key: said[key] for key in keep},
        )
    )
    client.cookies["django_language"] = "en"
    page = client.get("/matters/0103100200?region=421202").content.decode()
    body = page.split("<article", 1)[1].split("</article>", 1)[0]
    text = QUOTED.sub("", re.sub(r"<[^>]*>", " ", body))
    foreign = {"市场监督管理局", "平面图", "身份证"}  # names without English in this small catalogue
    assert sorted(set(re.findall(r"[\u3400-\u9fff]+", text)) - foreign) == []


@pytest.mark.django_db
def test_lists_and_search_name_matters_in_english(client, bring):
    bring(
        draft(
            name_en="Food business licence",
            topics=["餐饮"],
            promised_limit={"amount": 1, "unit": "working_days"},
        )
    )
    client.cookies["django_language"] = "en"
    for address in ("/matters?topic=餐饮", "/search?q=食品经营"):
        page = client.get(address).content.decode()
        assert ">Food business licence</a>" in page, address
        assert "1 working day<" in page or "1 working day " in page, address
        assert "食品经营许可<" not in page, address
