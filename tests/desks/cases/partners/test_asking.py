"""Handled jointly: we ask the place that received, it answers; it asks us, the window answers with files."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.utils import timezone

from tests.desks.cases.partners.far import NEAR, PDF, handed, news, package, signed, state
from tests.desks.cases.town import CITIZEN, MONDAY, WINDOW, approver, handler, officer
from tests.registers.identity.factories import an_account
from tongban.actors.api import Role
from tongban.actors.models import Officer
from tongban.desks.cases import api as cases
from tongban.desks.cases.partners import api as partners
from tongban.desks.cases.partners import hearing, jobs, plugins, receiving, register, sending
from tongban.desks.cases.partners.contracts import NEWS, PartnerRefusedError
from tongban.desks.cases.partners.models import Heard, Incoming, Inquiry, Parcel
from tongban.kernel import api as kernel
from tongban.kernel.clock.firing import fire_due
from tongban.kernel.clock.models import Clock
from tongban.kernel.files.selectors import attachments
from tongban.kernel.models import Docket
from tongban.kernel.outbox.relay import relay
from tongban.registers.seals import api as seals

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
FILE = package()["materials"][0]["files"][0]
ASKED = {"purpose": "verify", "question": "请核实店铺是否在贵地。", "reason": "地址在两地交界", "days": 3}


@pytest.fixture
def near(far):
    return register.partner(NEAR)


def letter(payload, near):
    place = {"region": NEAR, "unit": "岳阳市跨域通办窗口"}
    return {
        **payload,
        "from": {**payload["from"], **place, **({"city": NEAR} if payload["type"] != NEWS else {})},
    }


@pytest.fixture
def came(near):
    """A case that 岳阳 received and that is handled jointly here: its docket."""

    def run(mode="joint"):
        given = letter(package(mode=mode), near)
        digest = receiving.receive(signed(given, near), {"a": PDF}, at=MONDAY)
        (case,) = cases.cases_of(kernel.docket(digest.number, actor=kernel.SYSTEM).id)
        return kernel.docket_by_id(case.docket_id, actor=kernel.SYSTEM)

    return run


def ask(case, at=MONDAY, actor=None, **more):
    number = partners.ask(case=case, actor=actor or handler("scjg"), at=at, **{**ASKED, **more})
    return kernel.docket(number, actor=kernel.SYSTEM).id


def answer(near, inquiry, *, files=(), at=MONDAY, **more):
    payload = news(
        "answer", package="WH-2026-000001.1", answers=Inquiry.objects.get(docket_id=inquiry).letter, **more
    )
    if files:
        payload["files"] = [FILE]
    said = {"said": "店铺在我市境内。", **{key: more[key] for key in ("said",) if key in more}}
    statement = signed(letter({**payload, **said}, near), near, at=at)
    return partners.hear(statement, dict(enumerate(files)), at=at)


def last_letter():
    return json.loads(Parcel.objects.order_by("-id")[0].body)


def test_asked_signed_sent_answered_with_a_file_and_used(near, came):
    case = came()
    due = {one.name: one.due_at for one in kernel.clocks_of([case.id])[case.id]}
    inquiry = ask(case)
    row = kernel.docket_by_id(inquiry, actor=kernel.SYSTEM)
    assert (row.unit, row.officer, row.state) == ("421202-scjg", handler("scjg").id, "asked")
    first = kernel.history(row.number, at=MONDAY)[0]
    assert (first.body["data"]["asked_in"], first.body["data"]["decided_in"]) == (NEAR, case.region)
    assert "交界" not in json.dumps(first.body, ensure_ascii=False)  # words lie beside the chain
    assert sending.send_due(at=MONDAY + MINUTE) == 2  # the acknowledgement, then the question
    said = last_letter()
    assert seals.verify_statement(said, at=MONDAY).unit == "421202-scjg"
    told = said["payload"]
    assert (told["told"], told["said"], told["answer_by"]) == ("asks", ASKED["question"], "2026-11-12")
    assert state(inquiry) == "delivered"
    answer(near, inquiry, files=[PDF], at=MONDAY + DAY)
    view = partners.inquiry_of(inquiry)
    assert (view.state, view.answer, view.answered_by) == (
        "answered",
        "店铺在我市境内。",
        "岳阳市跨域通办窗口",
    )
    assert [one.name for one in attachments(inquiry, slot=hearing.ANSWER_SLOT)] == ["平面图.pdf"]
    assert "收件地已答复" in "".join(
        str(one.told) for one in kernel.timeline(row, at=MONDAY + DAY, for_applicant=True)
    )
    kernel.perform(inquiry, "adopt", actor=handler("scjg"), at=MONDAY + DAY, data={"text": "属实，采用"})
    assert kernel.docket_by_id(inquiry, actor=kernel.SYSTEM).outcome == "answered"
    # 行政许可法 45 does not name it: the case's own clock ran on.
    assert {one.name: one.due_at for one in kernel.clocks_of([case.id])[case.id]} == due
    line = next(one for one in partners.lines() if one.partner.region == NEAR)
    assert (line.asked, line.back) == (1, 1)
    ask(case, at=MONDAY + DAY)  # the next one may be asked now


def test_an_answer_is_taken_once_and_forged_unknown_or_late_ones_leave_nothing(near, far, came):
    case = came()
    inquiry = ask(case)
    sending.send_due(at=MONDAY)
    heard = Heard.objects.count()

    def refused(statement, files=None):
        with pytest.raises(partners.LetterRefused) as error:
            partners.hear(statement, files or {}, at=MONDAY)
        assert (state(inquiry), Heard.objects.count()) == ("delivered", heard)
        assert error.value.possible
        return error.value.code

    own = Inquiry.objects.get(docket_id=inquiry)
    good = letter(news("answer", package="WH-2026-000001.1", said="属实", answers=own.letter), near)
    statement = signed(good, near)
    assert refused({**statement, "payload": {**good, "said": "不属实"}}) == "forged"
    assert refused(signed(good, far)) == "forged"  # 武汉 signs for 岳阳
    assert refused(signed({**good, "answers": "X-none"}, near)) == "unknown_question"
    assert refused(signed({**good, "said": " "}, near)) == "unreadable"
    assert refused(signed({**good, "files": [FILE]}, near)) == "files"
    assert partners.hear(statement, {}, at=MONDAY).replayed is False
    assert partners.hear(statement, {}, at=MONDAY).replayed is True
    with pytest.raises(partners.LetterRefused) as error:
        partners.hear(signed({**good, "said": "改口"}, near), {}, at=MONDAY)
    assert error.value.code == "conflict"
    with pytest.raises(partners.LetterRefused) as error:  # a second answer to what is answered
        partners.hear(signed({**good, "id": "another-answer"}, near), {}, at=MONDAY)
    assert (error.value.code, partners.inquiry_of(inquiry).answer) == ("over", "属实")


def test_an_overdue_answer_warns_is_chased_and_still_taken(near, came):
    inquiry = ask(came())
    sending.send_due(at=MONDAY)
    late = MONDAY + 4 * DAY
    fire_due(at=late)
    assert state(inquiry) == "overdue"
    assert "chase" in {one.name for one in kernel.clocks_of([inquiry])[inquiry] if one.stopped_at is None}
    kernel.perform(inquiry, "chase", actor=handler("scjg"), at=late, data={"note": "电话催了，明天答复"})
    answer(near, inquiry, at=late + DAY)
    assert state(inquiry) == "answered"
    assert Clock.objects.get(docket_id=inquiry, name="reply").outcome == "missed"


def test_a_partner_that_is_down_gets_it_later_and_one_that_refuses_is_told_to_the_officer(
    near, came, monkeypatch, settings
):
    inquiry = ask(came())
    path = settings.DATA / "partners" / "down"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(NEAR)
    assert sending.send_due(at=MONDAY) == 0
    assert state(inquiry) == "asked"
    path.write_text("")

    def rejects(partner, letter):
        raise PartnerRefusedError("没有这份数据包。", possible="请核对。")

    monkeypatch.setattr(plugins, "send", rejects)
    sending.send_due(at=MONDAY + 5 * MINUTE)
    assert state(inquiry) == "bounced"
    assert partners.inquiry_of(inquiry).refused == "没有这份数据包。 请核对。"
    kernel.perform(inquiry, "recall", actor=handler("scjg"), at=MONDAY + DAY, data={"reason": "改用公函"})
    assert Parcel.objects.filter(letter__endswith="recalled").count() == 0  # they have nothing to be recalled


def test_the_demo_partner_answers_by_itself_and_once(near, came):
    inquiry = ask(came())
    sending.send_due(at=MONDAY)
    assert (jobs.collect(MONDAY), state(inquiry)) == (0, "delivered")
    assert (jobs.collect(MONDAY + MINUTE), state(inquiry)) == (1, "answered")
    assert jobs.collect(MONDAY + 2 * MINUTE) == 0


def test_recalled_the_partner_hears_it_and_a_late_answer_is_not_taken(near, came):
    inquiry = ask(came())
    sending.send_due(at=MONDAY)
    kernel.perform(inquiry, "recall", actor=handler("scjg"), at=MONDAY, data={"reason": "已查到"})
    sending.send_due(at=MONDAY + MINUTE)
    told = last_letter()["payload"]
    assert (told["told"], told["answers"]) == ("recalled", Inquiry.objects.get().letter)
    with pytest.raises(partners.LetterRefused) as error:
        answer(near, inquiry, at=MONDAY + DAY)
    assert (error.value.code, state(inquiry)) == ("over", "recalled")


def test_a_decided_case_waits_for_no_answer(near, came):
    case = came()
    inquiry = ask(case)
    kernel.perform(case.id, "accept", actor=handler("scjg"), at=MONDAY)
    said = {"opinion": "grant", "text": "符合条件"}
    kernel.perform(case.id, "propose", actor=handler("scjg"), at=MONDAY, data=said)
    kernel.perform(case.id, "grant", actor=approver("scjg"), at=MONDAY)
    relay(at=MONDAY + MINUTE)
    assert state(inquiry) == "moot"
    assert Parcel.objects.get(letter=Inquiry.objects.get().letter).fate == "dropped"


def test_what_cannot_be_asked_is_refused_with_what_is_possible(near, came):
    case = came()
    with pytest.raises(partners.InquiryRefused) as error:
        ask(case, purpose="x", question=" ", reason="", days=99)
    assert set(error.value.fields) == {"purpose", "question", "reason", "days"}
    with pytest.raises(partners.InquiryRefused, match="承办人"):
        ask(case, actor=WINDOW)
    ask(case)
    with pytest.raises(partners.InquiryRefused, match="还没有答复") as error, transaction.atomic():
        ask(case, at=MONDAY + MINUTE)
    assert error.value.possible
    assert Docket.objects.filter(kind="inquiry").count() == 1  # the refused one left nothing
    assert not partners.may_ask(case, WINDOW)
    assert partners.may_ask(case, handler("scjg"))
    Incoming.objects.update(mode="relay")
    assert not partners.may_ask(case, handler("scjg"))
    with pytest.raises(partners.InquiryRefused, match="异地代收代办"):
        ask(case)


def test_asked_by_the_partner_the_window_answers_with_files_and_it_goes_back_signed(near):
    receipt = handed(to=NEAR)
    kernel.perform(receipt.docket, "pack", actor=WINDOW, at=MONDAY, data={"identity": "original"})
    sending.send_due(at=MONDAY)
    package_id = f"{receipt.number}.1"
    more = {"said": "请核实登记", "purpose": "opinion", "reason": "贵地登记过", "answer_by": "2026-11-11"}
    question = letter(news("asks", package=package_id, id="Q-000001", **more), near)
    partners.hear(signed(question, near), {}, at=MONDAY)
    view = partners.handover_of(receipt.docket)
    assert (view.asked, view.asked_purpose, view.asked_by.isoformat()) == (
        "请核实登记",
        "征求意见",
        "2026-11-11",
    )
    clock = next(one for one in kernel.clocks_of([receipt.docket])[receipt.docket] if one.name == "assist")
    assert (clock.due_at - MINUTE).astimezone(MONDAY.tzinfo).date().isoformat() == "2026-11-11"
    given = {
        "docket": receipt.docket,
        "text": "属实，见附件",
        "files": [("登记表.pdf", PDF)],
        "at": MONDAY,
        "key": "k-1",
    }
    with pytest.raises(kernel.MoveRefused), transaction.atomic():
        partners.answer_with_files(**{**given, "actor": CITIZEN})
    assert not attachments(receipt.docket, slot=view.answer_slot)  # refused: no file is left
    seen = kernel.docket_by_id(receipt.docket, actor=kernel.SYSTEM).revision
    for _click in range(2):
        partners.answer_with_files(**{**given, "actor": WINDOW, "seen": seen})
    assert [one.name for one in attachments(receipt.docket, slot=view.answer_slot)] == ["登记表.pdf"]
    assert sending.send_due(at=MONDAY + MINUTE) == 1
    told = last_letter()["payload"]
    assert (told["told"], told["answers"], told["said"]) == ("answer", "Q-000001", "属实，见附件")
    assert [one["name"] for one in told["files"]] == ["登记表.pdf"]
    assert state(receipt.docket) == "acknowledged"
    again = letter(news("asks", package=package_id, id="Q-000002", said="还有一问"), near)
    partners.hear(signed(again, near), {}, at=MONDAY)
    wrong = letter(news("recalled", package=package_id, id="Q-000001.recalled", answers="Q-000001"), near)
    with pytest.raises(partners.LetterRefused) as error:
        partners.hear(signed(wrong, near), {}, at=MONDAY)
    assert (error.value.code, state(receipt.docket)) == ("unknown_question", "assisting")
    right = letter(news("recalled", package=package_id, id="Q-000002.recalled", answers="Q-000002"), near)
    partners.hear(signed(right, near), {}, at=MONDAY)
    assert state(receipt.docket) == "acknowledged"


def test_another_unit_does_not_see_an_inquiry(near, came):
    inquiry = ask(came())
    stranger = officer("421202-cgj", Role.HANDLER, number=300)
    with pytest.raises(kernel.NotFound):
        kernel.docket_by_id(inquiry, actor=stranger)


def browser(unit, role):
    client = Client()
    who = Officer.objects.filter(unit_id=unit, appointments__role=role).first()
    client.force_login(an_account(f"at-{unit}", acts_as=who, kind="officer"))
    return client


def test_the_pages_ask_show_the_answer_and_keep_what_was_typed(near, came):
    case = came()
    client = browser("421202-scjg", "handler")
    where = f"/work/inquiries/new?number={case.number}"
    assert where in client.get(f"/work/{case.number}").content.decode()
    assert 'name="question"' in client.get(where).content.decode()
    form = {"number": case.number, "question": "请核实店铺在不在贵地", "reason": "", "days": "x", "key": "a"}
    wrong = client.post("/work/inquiries/new", form)
    page = wrong.content.decode()
    assert (wrong.status_code, "请核实店铺在不在贵地" in page) == (422, True)
    for field in ("purpose-1", "reason", "days"):
        assert f'href="#{field}"' in page
    form |= {"purpose": "opinion", "reason": "交界", "days": "5"}
    for _click in range(2):
        sent = client.post("/work/inquiries/new", form)
        assert sent.status_code == 302
    inquiry = Inquiry.objects.get()
    assert sent["Location"] == f"/work/{inquiry.docket.number}"
    answer(near, inquiry.pk, files=[PDF], at=timezone.now())
    page = client.get(sent["Location"]).content.decode()
    for words in ("请核实店铺在不在贵地", "店铺在我市境内。", "平面图.pdf", "征求意见", "第四十五条"):
        assert words in page
    english = client.get(sent["Location"], headers={"accept-language": "en"}).content.decode()
    assert "Answer of the other place" in english
    assert inquiry.docket.number in client.get(f"/work/{case.number}").content.decode()
    assert client.get("/work/inquiries/new?number=C1").status_code == 404
    assert "请对方协助" in client.get("/work/partners").content.decode()


def test_the_window_answers_with_a_file_on_its_page(near):
    receipt = handed(to=NEAR)
    kernel.perform(receipt.docket, "pack", actor=WINDOW, at=MONDAY, data={"identity": "original"})
    sending.send_due(at=MONDAY)
    client = browser(kernel.docket_by_id(receipt.docket, actor=kernel.SYSTEM).unit, "window")
    where = f"/work/inquiries/answer?number={receipt.number}"
    assert client.get(where)["Location"] == f"/work/{receipt.number}"  # nothing is asked
    asked = news("asks", package=f"{receipt.number}.1", id="Q-000001", said="请核实登记", purpose="verify")
    partners.hear(signed(letter(asked, near), near), {}, at=MONDAY)
    assert where in client.get(f"/work/{receipt.number}").content.decode()
    assert "请核实登记" in client.get(where).content.decode()
    seen = kernel.docket_by_id(receipt.docket, actor=kernel.SYSTEM).revision
    form = {"number": receipt.number, "text": "", "key": "b", "seen": seen}
    assert client.post("/work/inquiries/answer", form).status_code == 422
    bad = SimpleUploadedFile("登记表.exe", b"MZ\x90\x00\x03\x00\x00\x00" * 20)
    refused = client.post("/work/inquiries/answer", {**form, "text": "属实", "files": [bad]})
    assert (refused.status_code, 'id="error-files"' in refused.content.decode()) == (422, True)
    good = SimpleUploadedFile("登记表.pdf", PDF)
    sent = client.post("/work/inquiries/answer", {**form, "text": "属实", "files": [good]})
    assert (sent.status_code, state(receipt.docket)) == (302, "acknowledged")
    assert "登记表.pdf" in client.get(f"/work/{receipt.number}").content.decode()
