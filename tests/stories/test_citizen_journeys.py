"""A citizen gets one thing done: questions, one notice, one form, one set of papers, one receipt, one timeline."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.faces.portal.city import ACCOUNTS, DISTRICT, example, loaded_city, town
from tests.faces.portal.walking import (
    begin,
    hand_in,
    key_on,
    photo,
    plan_of,
    read_whole,
    signed_in,
    type_form,
    walk,
)  # fmt: skip
from tongban.desks.cases import api as cases
from tongban.kernel import api as kernel

__all__ = ["loaded_city", "town"]
pytestmark = pytest.mark.usefixtures("town")

WHO = {
    "open-restaurant": ("person:1", "person:1"),
    "newborn": ("person:2", "person:2"),
    "second-hand-house": ("person:5", "person:5"),
    "school-enrolment": ("person:7", "person:7"),
    "company-closing": ("organisation:1", "person:9"),
    "utilities": ("organisation:2", "person:10"),
}


def applications() -> int:
    return kernel.count(kernel.SYSTEM, kernel.Filters(kind="application", open_only=False))


@pytest.mark.parametrize("slug", sorted(ACCOUNTS))
def test_every_theme_from_the_first_question_to_my_things(slug):
    applicant, acting = WHO[slug]
    client = signed_in(ACCOUNTS[slug])
    receipt, plan, key = walk(client, slug, applicant=applicant, acting=acting)
    shown = client.get(receipt)
    assert shown.status_code == 200
    number = receipt.rsplit("/", 1)[1]
    assert number in shown.content.decode()
    assert 'style="' not in shown.content.decode()
    again = client.post(f"/themes/{slug}/check", {"key": key})  # the second click
    assert again["Location"] == receipt
    assert applications() == 1
    mine = client.get("/my").content.decode()
    assert number in mine
    assert f"0/{len(plan.matters)}" in mine
    page = client.get(f"/my/{number}").content.decode()
    assert "您" in page
    for matter in plan.matters:
        assert matter.name.zh in page


def test_questions_come_before_signing_in_and_nothing_is_lost_by_it(settings):
    settings.DEMO = True
    client = Client()
    step = begin(client, "open-restaurant", example("open-restaurant")["answers"])
    notice = client.get(step["Location"]).content.decode()
    assert "登录后填写" in notice
    to_sign_in = client.get("/themes/open-restaurant/tasks")
    assert to_sign_in["Location"].startswith("/signin?next=")
    client.post("/signin", {"demo": "zhang"})
    assert client.get("/themes/open-restaurant/tasks").status_code == 200
    assert [row.subject for row in cases.drafts_of("person:1")] == ["open-restaurant"]
    # Another device, another day: the draft is there and the home page says so.
    elsewhere = signed_in("zhang")
    assert "接着填" in elsewhere.get("/").content.decode()
    assert elsewhere.get("/themes/open-restaurant/notice").status_code == 200


def test_a_wrong_answer_is_told_and_an_uncertain_one_is_taken():
    client = Client()
    client.post("/themes/open-restaurant", {"region": DISTRICT, "party": "person"})
    url = "/themes/open-restaurant/questions/owner"
    assert client.post(url, {"answer": ""}).status_code == 422
    refused = client.post(url, {"answer": "martian"})
    assert refused.status_code == 422
    assert "没有这个选项" in refused.content.decode()
    assert client.post(url, {"answer": "unsure"})["Location"].endswith("/food")
    client.post("/themes/open-restaurant/questions/food", {"answer": "drinks"})
    area = client.post("/themes/open-restaurant/questions/area", {"answer": "2"})
    assert "4到20000" in area.content.decode()


def test_who_cannot_be_helped_is_told_on_a_page_with_what_is_possible():
    client = Client()
    client.post("/themes/open-restaurant", {"region": DISTRICT, "party": "person"})
    client.post("/themes/open-restaurant/questions/owner", {"answer": "individual"})
    client.post("/themes/open-restaurant/questions/food", {"answer": "packed"})
    page = client.get("/themes/open-restaurant/notice")
    assert page.status_code == 422
    assert "仅销售预包装食品备案" in page.content.decode()


def test_a_theme_for_companies_asks_a_person_to_change_names():
    page = signed_in("zhang").get("/themes/company-closing").content.decode()
    assert "只办给企业" in page


def test_a_form_page_says_what_is_missing_and_keeps_what_was_typed():
    client = signed_in("zhang")
    begin(client, "open-restaurant", example("open-restaurant")["answers"])
    page = client.post(
        "/themes/open-restaurant/form/1", {"business.name": "明远面馆", "business.employees": "三个"}
    )
    text = page.content.decode()
    assert page.status_code == 422
    assert "明远面馆" in text
    assert "三个" in text
    assert "要填数字" in text
    assert text.index("错误：") < text.index("<h1>")
    assert "明远面馆" in client.get("/themes/open-restaurant/form/1").content.decode()
    kept = client.post("/themes/open-restaurant/form/1/keep", {"business.name": "明远牛肉面馆"})
    assert kept.status_code == 204
    assert "明远牛肉面馆" in client.get("/themes/open-restaurant/form/1").content.decode()


def test_wrong_kinds_and_too_large_files_are_refused_at_their_slot_and_good_ones_stay(settings):
    settings.UPLOAD_MAX_BYTES = 50_000
    client = signed_in("zhang")
    answers = example("open-restaurant")["answers"]
    begin(client, "open-restaurant", answers)
    plan = plan_of("open-restaurant", answers, "person")
    first, second, third = [m.key for m in plan.materials if m.brought][:3]
    page = client.post(
        "/themes/open-restaurant/materials",
        {
            first: photo("good.jpg"),
            second: SimpleUploadedFile("virus.exe", b"MZ" + bytes(range(256)) * 4, "image/jpeg"),
            third: SimpleUploadedFile("big.txt", b"a" * 60_000, "text/plain"),
        },
    )
    text = page.content.decode()
    assert page.status_code == 422
    assert "不支持这种文件" in text
    assert "超过" in text
    assert "good.jpg" in text
    again = client.get("/themes/open-restaurant/materials").content.decode()
    assert "good.jpg" in again
    assert "virus.exe" not in again
    link = again[again.index("/themes/open-restaurant/materials/") :].split('"', 1)[0]
    with read_whole(client.get(link)) as preview:
        assert preview["Content-Type"] == "image/jpeg"
    assert signed_in("li").get(link).status_code != 200


def test_nothing_is_submitted_while_something_is_missing():
    client = signed_in("zhang")
    begin(client, "open-restaurant", example("open-restaurant")["answers"])
    page = client.get("/themes/open-restaurant/check")
    assert "还没填完" in page.content.decode()
    assert 'name="key"' not in page.content.decode()
    forced = client.post("/themes/open-restaurant/check", {"key": "0" * 32})
    assert forced.status_code == 302
    assert applications() == 0


def test_a_stale_check_page_is_shown_again_and_sends_nothing():
    client = signed_in("zhang")
    answers = example("open-restaurant")["answers"]
    begin(client, "open-restaurant", answers)
    plan = plan_of("open-restaurant", answers, "person")
    type_form(client, "open-restaurant", plan, applicant="person:1", acting="person:1")
    hand_in(client, "open-restaurant", plan)
    assert (
        client.post("/themes/open-restaurant/delivery", {"way": "courier", "phone": "1"}).status_code == 422
    )
    client.post("/themes/open-restaurant/delivery", {"way": "electronic"})
    stale = client.post("/themes/open-restaurant/check", {"key": "f" * 32})
    assert stale["Location"] == "/themes/open-restaurant/check"
    assert applications() == 0
    key = key_on(client.get("/themes/open-restaurant/check"))
    assert client.post("/themes/open-restaurant/check", {"key": key})["Location"].startswith("/receipts/")
    assert cases.drafts_of("person:1") == []


def test_somebody_elses_number_is_as_unknown_as_one_that_does_not_exist():
    receipt, _plan, _key = walk(
        signed_in("zhang"), "open-restaurant", applicant="person:1", acting="person:1"
    )
    number = receipt.rsplit("/", 1)[1]
    stranger = signed_in("li")
    for url in (
        receipt,
        f"/my/{number}",
        f"/my/{number}/download",
        f"/my/{number}/withdraw",
        f"/files/{number}/1",
    ):
        assert stranger.get(url).status_code == 404, url
    assert number not in stranger.get("/my").content.decode()
    assert Client().get(receipt)["Location"].startswith("/signin")


def test_withdrawing_is_asked_once_more_and_stops_every_department():
    client = signed_in("zhang")
    receipt, plan, _key = walk(client, "open-restaurant", applicant="person:1", acting="person:1")
    number = receipt.rsplit("/", 1)[1]
    asked = client.get(f"/my/{number}/withdraw").content.decode()
    assert plan.matters[0].name.zh in asked
    client.post(f"/my/{number}/withdraw", {"reason": "不开了", "key": "w1"}, follow=True)
    row = kernel.docket(number, actor=kernel.SYSTEM)
    assert row.state == "withdrawn"
    assert all(kid.closed_at for kid in kernel.children_of([row.id], actor=kernel.SYSTEM)[row.id])
    again = client.post(f"/my/{number}/withdraw", {"key": "w2"}, follow=True).content.decode()
    assert "不能" in again


def test_everything_can_be_downloaded():
    client = signed_in("zhang")
    receipt, _plan, _key = walk(client, "open-restaurant", applicant="person:1", acting="person:1")
    with read_whole(client.get(receipt.replace("/receipts/", "/my/") + "/download")) as response:
        archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    text = archive.read("申请内容.txt").decode()
    assert "张明远" in text
    assert any(name.endswith(".jpg") for name in archive.namelist())


def test_progress_by_number_shows_state_and_units_only_to_who_knows_the_last_four():
    receipt, plan, _key = walk(signed_in("zhang"), "open-restaurant", applicant="person:1", acting="person:1")
    number = receipt.rsplit("/", 1)[1]
    visitor = Client()
    wrong = visitor.post("/progress", {"number": number, "last": "0000"})
    missing = visitor.post(
        "/progress", {"number": number[:-1] + ("A" if number[-1] != "A" else "B"), "last": "0007"}
    )
    assert wrong.status_code == missing.status_code == 422
    assert "对不上" in wrong.content.decode()
    right = visitor.post(
        "/progress", {"number": number.lower().replace("-", ""), "last": "0007"}
    ).content.decode()
    assert plan.matters[0].name.zh in right
    for personal in ("张明远", "13871010007", "422301198803163153", "万年路"):
        assert personal not in right
    assert "看全部内容" in signed_in("zhang").post("/progress", {"number": number}).content.decode()
    for _ in range(6):
        last = visitor.post("/progress", {"number": number, "last": "9999"}).content.decode()
    assert "15分钟后" in last


def test_a_single_matter_goes_the_same_way():
    client = signed_in("zhang")
    to = client.get("/apply/0103100200?region=421202000000")
    assert to["Location"].startswith("/themes/matter-0103100200")
    slug = "matter-0103100200"
    begin(client, slug, {"situation": "s_1"})
    plan = plan_of(slug, {"situation": "s_1"}, "person")
    type_form(client, slug, plan, applicant="person:1", acting="person:1")
    hand_in(client, slug, plan)
    client.post(f"/themes/{slug}/delivery", {"way": "electronic"})
    sent = client.post(f"/themes/{slug}/check", {"key": key_on(client.get(f"/themes/{slug}/check"))})
    number = sent["Location"].rsplit("/", 1)[1]
    assert kernel.docket(number, actor=kernel.SYSTEM).subject == "0103100200"


def test_what_nobody_offers_is_a_page_that_says_so():
    client = Client()
    assert client.get("/themes/fly-to-the-moon").status_code == 404
    assert client.get("/themes/matter-0000000000").status_code == 404
    assert client.get("/themes/open-restaurant/check")["Location"].startswith("/signin")
    assert client.get("/themes/open-restaurant/notice")["Location"] == "/themes/open-restaurant"
