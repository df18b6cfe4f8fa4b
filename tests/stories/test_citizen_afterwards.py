"""What a citizen does after submitting: papers asked for, papers promised, surveys, delivery, files."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.faces.portal.city import handed_in, held_by, left_to_fill, loaded_city, picture, town
from tests.faces.portal.walking import begin, key_on, photo, plan_of, read_whole, signed_in, type_form
from tongban.actors.api import Role
from tongban.desks.cases import api as cases
from tongban.desks.themes.papers import Paper
from tongban.desks.themes.submission import Asked, submit
from tongban.kernel import api as kernel
from tongban.kernel.files.services import store
from tongban.kernel.outbox.relay import relay
from tongban.registers.identity.api import issue_token
from tongban.registers.messages.api import inbox

__all__ = ["loaded_city", "town"]
pytestmark = pytest.mark.usefixtures("town")

ZHANG = kernel.Actor("person:1", parties=frozenset({"person:1"}))
SHOP = {"owner": "licensed", "food": "drinks", "area": 25, "premises": "rented", "sign": "none", "drain": "shared", "fitout": False}  # fmt: skip


def officer(unit: str, *roles: Role, number: int = 900) -> kernel.Actor:
    grants = frozenset(kernel.Grant(role.value, unit) for role in roles)
    return kernel.Actor(f"officer:{number}", unit=unit, grants=grants)


def submitted(*, later: bool = False, delivery: str = "electronic") -> kernel.DocketRow:
    """A tea shop in a mall: food licence and tax, two departments."""
    at = timezone.now() - timedelta(minutes=1)
    plan = plan_of("open-restaurant", SHOP, "person")
    form = left_to_fill(plan, held_by(plan, applicant="person:1", at=at))
    papers = handed_in(plan, store(content=picture(), name="a.jpg", at=at).digest)
    if later:
        soft = next(m for m in plan.materials if m.necessity == "3" and m.brought)
        papers[soft.key] = Paper("later")
    to = {"name": "张明远", "phone": "13871010007", "address": "咸安区万年路12号"}
    asked = Asked(form, papers, delivery, to if delivery == "courier" else {}, undertaken=later)
    receipt = submit(plan, asked, applicant="person:1", actor=ZHANG, at=at)
    return kernel.docket(receipt.number, actor=kernel.SYSTEM)


def case_of(row: kernel.DocketRow, matter: str) -> kernel.DocketRow:
    kids = kernel.children_of([row.id], actor=kernel.SYSTEM)[row.id]
    return next(kid for kid in kids if kid.subject == matter)


def ask_for_more(row: kernel.DocketRow) -> None:
    now = timezone.now()
    for kid in kernel.children_of([row.id], actor=kernel.SYSTEM)[row.id]:
        if kid.kind != "case" or kid.state != "received":
            continue
        who = officer(kid.unit, Role.HANDLER)
        if kid.subject == "0103100200":
            data = {"papers": ["floor-plan", "隔壁的同意书"], "why": "看不清操作间在哪里"}
            kernel.perform(kid.id, "report_missing", actor=who, at=now, data=data)
        else:
            kernel.perform(kid.id, "accept", actor=who, at=now)


def test_missing_papers_are_asked_once_and_handed_in_together():
    row = submitted()
    ask_for_more(row)
    assert kernel.docket(row.number, actor=kernel.SYSTEM).state == "supplement"
    client = signed_in("zhang")
    assert "还差材料" in client.get("/").content.decode()
    mine = client.get("/my").content.decode()
    assert mine.index("要您做1件") < mine.index("办理中")
    page = client.get(f"/my/{row.number}").content.decode()
    assert "看不清操作间在哪里" in page
    assert "隔壁的同意书" in page
    url = f"/my/{row.number}/supply"
    form = client.get(url).content.decode()
    slots = [part.split('"', 1)[0] for part in form.split('id="file-')[1:]]
    assert slots[0] == "floor-plan"
    half = client.post(url, {slots[0]: photo("plan.jpg", "red"), "key": "s1"})
    assert half.status_code == 422
    assert "plan.jpg" in half.content.decode()  # kept
    wrong = client.post(url, {slots[1]: SimpleUploadedFile("a.zip", b"PK\x03\x04nothing"), "key": "s1"})
    assert "不支持这种文件" in wrong.content.decode()
    done = client.post(
        url, {slots[1]: photo("consent.jpg", "blue"), "text": "补好了", "key": "s1"}, follow=True
    )
    assert "已交上" in done.content.decode()
    now = kernel.docket(row.number, actor=kernel.SYSTEM)
    assert now.state == "handling"
    assert case_of(row, "0103100200").state == "received"
    assert "plan.jpg" in done.content.decode()
    assert client.get(url, follow=True).redirect_chain  # nothing more is asked
    link = done.content.decode().split(f'href="/files/{row.number}/')[1].split('"', 1)[0]
    with read_whole(client.get(f"/files/{row.number}/{link}")) as served:
        assert served.status_code == 200
    assert signed_in("li").get(f"/files/{row.number}/{link}").status_code == 404


def test_a_promised_paper_is_owed_and_handed_in():
    row = submitted(later=True)
    (debt,) = cases.undertakings_of(row.id)
    client = signed_in("zhang")
    assert debt.name in client.get("/my").content.decode()
    url = f"/my/{row.number}/undertakings/{debt.docket.number}"
    assert client.post(url, {"key": "f0"}).status_code == 422
    done = client.post(url, {debt.material: photo("later.jpg", "green"), "key": "f1"}, follow=True)
    assert "已交上" in done.content.decode()
    assert cases.undertakings_of(row.id)[0].docket.state == "checking"
    assert "容缺材料已补交" in done.content.decode()
    assert signed_in("li").get(url).status_code == 404


def grant_all(row: kernel.DocketRow) -> None:
    now = timezone.now()
    for matter in ("0103100200", "1003000100"):
        kid = case_of(row, matter)
        who, head = officer(kid.unit, Role.HANDLER), officer(kid.unit, Role.APPROVER, number=901)
        surveyor = officer(kid.unit, Role.SURVEYOR, number=902)
        kernel.perform(kid.id, "accept", actor=who, at=now)
        for survey in kernel.children_of([row.id], actor=kernel.SYSTEM)[row.id]:
            if survey.kind == "survey" and survey.state == "planned":
                kernel.perform(
                    survey.id, "schedule", actor=surveyor, at=now, data={"held_at": now + timedelta(days=1)}
                )
                data = {"passed": "yes", "findings": "现场符合要求"}
                kernel.perform(survey.id, "report", actor=surveyor, at=now, data=data)
        kernel.perform(kid.id, "propose", actor=who, at=now, data={"opinion": "grant", "text": "符合条件"})
        kernel.perform(kid.id, "grant", actor=head, at=now, data={"document": "JY2420"})


def test_results_by_courier_are_confirmed_and_may_be_evaluated():
    row = submitted(delivery="courier")
    grant_all(row)
    window = officer(row.unit, Role.WINDOW)
    kernel.perform(row.id, "send", actor=window, at=timezone.now(), data={"tracking": "EA123456789CN"})
    client = signed_in("zhang")
    page = client.get(f"/my/{row.number}").content.decode()
    assert "EA123456789CN" in page
    assert "JY2420" in page
    done = client.post(f"/my/{row.number}/arrived", {"key": "a1"}, follow=True).content.decode()
    assert "已确认收到" in done
    assert kernel.docket(row.number, actor=kernel.SYSTEM).state == "done"
    assert f"/evaluate/{row.number}" in client.get("/my").content.decode()


def test_a_refusal_tells_reason_law_and_remedies():
    row = submitted()
    kid = case_of(row, "0103100200")
    data = {"reason": "这里归别的区管", "law": "行政许可法第三十二条", "instead": "请到赤壁市市场监管局办"}
    kernel.perform(kid.id, "refuse", actor=officer(kid.unit, Role.HANDLER), at=timezone.now(), data=data)
    page = signed_in("zhang").get(f"/my/{row.number}").content.decode()
    for words in data.values():
        assert words in page


def test_the_timeline_names_units_and_hides_what_is_internal():
    row = submitted()
    kid = case_of(row, "0103100200")
    who = officer(kid.unit, Role.HANDLER)
    kernel.perform(kid.id, "note", actor=who, at=timezone.now(), data={"text": "内部：注意这家店"})
    kernel.perform(kid.id, "accept", actor=who, at=timezone.now())
    page = signed_in("zhang").get(f"/my/{row.number}").content.decode()
    assert "已收下，开始计时（受理）" in page
    assert "内部：注意这家店" not in page
    assert "officer:" not in page


def test_a_case_number_leads_to_its_application():
    row = submitted()
    kid = case_of(row, "0103100200")
    assert signed_in("zhang").get(f"/my/{kid.number}")["Location"] == f"/my/{row.number}"


CARD = "matter-2002201100"


def check_page(client) -> str:
    """The library card up to the check page: nothing typed but one choice, nothing uploaded."""
    plan = plan_of(CARD, {}, "person")
    begin(client, CARD, {})
    type_form(client, CARD, plan, applicant="person:1", acting="person:1")
    assert client.post(f"/themes/{CARD}/materials", {"way-id-card": "known"}).status_code == 302
    client.post(f"/themes/{CARD}/delivery", {"way": "electronic"})
    return client.get(f"/themes/{CARD}/check")


def test_a_library_card_is_approved_and_issued_with_the_answer_to_the_submit():
    client = signed_in("zhang")
    page = check_page(client)
    assert "提交后几秒钟批准并发证" in page.content.decode()
    sent = client.post(f"/themes/{CARD}/check", {"key": key_on(page)})
    number = sent["Location"].rsplit("/", 1)[1]
    mine = client.get(f"/my/{number}").content.decode()
    assert "秒批：由规则当场批准" in mine
    address = re.search(r'href="(/licences/\d+\.pdf)"', mine)[1]
    with read_whole(client.get(address)) as paper:
        content = b"".join(paper.streaming_content) if paper.streaming else paper.content
    assert content.startswith(b"%PDF")
    token = issue_token(username="zhang", label="tests", at=timezone.now()).secret
    told = client.get(f"/api/v1/applications/{number}", HTTP_AUTHORIZATION=f"Bearer {token}").json()
    assert [one["decided"] for one in told["cases"]] == ["instant"], told
    while relay(at=timezone.now()):
        pass
    letter = next(one for one in inbox(recipients=["person:1"]) if "都办好了" in one.subject)
    body = client.get(f"/inbox/{letter.id}").content.decode()
    assert f"/evaluate/{number}?code=" in body
    assert "读者证" in body


def test_the_second_card_is_told_before_submitting_and_an_officer_sees_the_review():
    client = signed_in("zhang")
    client.post(f"/themes/{CARD}/check", {"key": key_on(check_page(client))})
    page = check_page(client)
    assert "已经有读者证" in page.content.decode()
    assert "照样提交" in page.content.decode()
    sent = client.post(f"/themes/{CARD}/check", {"key": key_on(page)})
    number = sent["Location"].rsplit("/", 1)[1]
    row = case_of(kernel.docket(number, actor=kernel.SYSTEM), "2002201100")
    assert row.state == "received"
    office = signed_in("wlj")
    shown = office.get(f"/work/{row.number}").content.decode()
    assert "规则预审" in shown
    assert "不符合" in shown


def test_the_editor_stops_instant_approval_with_a_reason_and_sees_the_figures():
    editor = signed_in("editor")
    page = editor.get("/work/instant").content.decode()
    assert "公共图书馆读者证办理" in page
    refused = editor.post("/work/instant/switch", {"code": "all", "on": "no", "reason": ""}, follow=True)
    assert "写明" in refused.content.decode()
    editor.post("/work/instant/switch", {"code": "all", "on": "no", "reason": "系统检修"})
    client = signed_in("zhang")
    assert "秒批暂停" in check_page(client).content.decode()
    assert signed_in("zhang").get("/work/instant").status_code in {302, 403}
    editor.post("/work/instant/switch", {"code": "all", "on": "yes", "reason": "检修完成"})
    assert "检修完成" in editor.get("/work/instant").content.decode()
