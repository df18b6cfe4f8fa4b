"""Following a message by number and phone: no guessing, plain words, and what the caller may do."""

import pytest
from django.test import Client
from django.utils import timezone

from tests.desks.hotline.town import CENTRE, COUNTY, GOOD, URBAN, make, message, who
from tests.faces.portal.hotline.conftest import officer
from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.heat.models import Repeat
from tongban.desks.hotline.mailbox import api as mailbox
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]
PHONE = "13871010007"


def page(answer):
    return answer.content.decode()


def a_message(**more):
    told = {"channel": "web", "caller_phone": PHONE, "caller_name": "陈小雨", **more}
    return hotline.take(message(**told), actor=kernel.SYSTEM, at=timezone.now(), key="")


def looks_up(client, number, phone=PHONE):
    return client.post("/12345/progress", {"number": number, "phone": phone})


def follower(ticket):
    client = Client()
    assert looks_up(client, ticket.number)["Location"] == f"/12345/follow/{ticket.number}"
    return client


def does(client, ticket, act, **given):
    return client.post(f"/12345/follow/{ticket.number}/{act}", given, follow=True)


def moved(ticket, *moves):
    at = timezone.now()
    for move, by, data in moves:
        make(ticket, move, by, at=at, **data)


TO_UNIT = (("dispatch", "dispatcher", {"unit": URBAN}), ("sign", "urban", {}))
ANSWERED = (("reply", "urban", {"reply": GOOD}), ("review", "dispatcher", {}))


def test_number_and_phone_open_it_and_the_phone_is_in_no_address():
    ticket = a_message()
    client = follower(ticket)
    shown = page(client.get(f"/12345/follow/{ticket.number}"))
    assert "已收下" in shown
    assert "交给承办单位" in shown
    assert PHONE not in shown
    assert (
        Client().get(f"/12345/follow/{ticket.number}")["Location"]
        == f"/12345/progress?number={ticket.number}"
    )
    assert (
        Client()
        .post("/progress", {"number": ticket.number})["Location"]
        .startswith("/12345/progress?number=T")
    )


def test_a_wrong_number_and_a_wrong_phone_are_told_the_same_until_nothing_is_told():
    ticket = a_message()
    client = Client()
    wrong_phone = looks_up(client, ticket.number, "13900000000")
    wrong_number = looks_up(client, "T421200-261122-99999-0")
    words = "编号和电话对不上"
    assert (wrong_phone.status_code, wrong_number.status_code) == (422, 422)
    assert words in page(wrong_phone)
    assert words in page(wrong_number)
    for _ in range(5):
        last = looks_up(client, ticket.number, "13900000001")
    assert "15分钟后" in page(last)
    assert "15分钟后" in page(looks_up(client, ticket.number)), "not even for who is right"
    assert "请填提交时留的电话" in page(looks_up(Client(), ticket.number, ""))


def test_more_is_said_urged_and_withdrawn():
    ticket = a_message()
    client = follower(ticket)
    assert "请写要补充的情况" in page(does(client, ticket, "add", text=" "))
    assert "补充的情况已收下" in page(does(client, ticket, "add", text="今天又有人摔了，在北门那一盏。"))
    moved(ticket, *TO_UNIT)
    desk = page(officer("urban").get(f"/work/{ticket.number}"))
    assert "北门那一盏" in desk, "the unit reads it"
    assert "北门" not in str(list(kernel.history(ticket.number, at=timezone.now()))), (
        "the ledger has a digest"
    )
    assert "已催办" in page(does(client, ticket, "urge"))
    assert "一天内已经催过" in page(does(client, ticket, "urge"))
    assert hotline.ticket(ticket.number, actor=kernel.SYSTEM).urged == 1
    assert "请写为什么撤回" in page(does(client, ticket, "withdraw"))
    assert "已撤回" in page(does(client, ticket, "withdraw", text="物业已经修好了"))
    assert Docket.objects.get(number=ticket.number).state == "withdrawn"
    refused = page(does(client, ticket, "add", text="还想说一句"))
    assert "还想说一句" not in str(hotline.additions(ticket.docket))
    assert "现在" in refused or "不能" in refused


def test_who_is_content_closes_it():
    ticket = a_message()
    moved(ticket, *TO_UNIT, *ANSWERED)
    client = follower(ticket)
    assert "更换了损坏的灯具" in page(client.get(f"/12345/follow/{ticket.number}"))
    assert "请选满意不满意" in page(does(client, ticket, "rate"))
    assert "谢谢您的评价" in page(does(client, ticket, "rate", satisfaction="very", solved="yes", key="k"))
    assert Docket.objects.get(number=ticket.number).state == "closed"


def test_who_is_not_content_says_why_and_it_is_done_again():
    ticket = a_message()
    moved(ticket, *TO_UNIT, *ANSWERED)
    client = follower(ticket)
    unhappy = {"satisfaction": "unsatisfied", "solved": "no"}
    assert "请写哪里没办好" in page(does(client, ticket, "rate", **unhappy))
    assert "记下了" in page(does(client, ticket, "rate", text="修好两天又黑了", **unhappy))
    assert "修好两天又黑了" in page(officer("caller_back").get(f"/work/{ticket.number}"))
    moved(ticket, ("reopen", "caller_back", {"reason": "来电人说又坏了"}))
    assert "重新办理" in page(client.get(f"/12345/follow/{ticket.number}"))


def test_why_it_is_not_taken_and_what_to_do_instead():
    ticket = a_message(text="法院判我输了，我不服，请政府改判。")
    instead = "请在收到判决书15日内向上一级人民法院上诉。"
    moved(ticket, ("refuse", "dispatcher", {"ground": "litigation", "instead": instead}))
    assert instead in page(follower(ticket).get(f"/12345/follow/{ticket.number}"))


def test_somebody_elses_session_and_number_open_nothing():
    mine, other = a_message(), a_message(text="公交站牌倒了，压在人行道上。", caller_phone="13871010008")
    client = follower(mine)
    assert client.get(f"/12345/follow/{other.number}").status_code == 302
    assert client.post(f"/12345/follow/{other.number}/withdraw", {"text": "不是我的"}).status_code == 302
    assert Docket.objects.get(number=other.number).state == "taken"
    assert client.post(f"/12345/follow/{mine.number}/close").status_code == 404


LETTER = {
    "kind": "suggestion", "title": "校门口没有红绿灯", "text": "我是陈小雨，实验小学门口没有红绿灯，孩子过马路很危险。",
    "caller_name": "陈小雨", "caller_phone": PHONE, "consent": "on", "key": "l1",
}  # fmt: skip
REPLY = (
    "您好！您来信反映的校门口过街安全问题，交警部门已于11月20日现场勘查，12月20日前装好按钮式信号灯，此前安排交警值守。感谢您的来信。"
)  # fmt: skip


def written(**more):
    client = Client()
    number = client.post("/12345/mailbox/new", {**LETTER, **more})["Location"].rsplit("/", 1)[1]
    return client, Docket.objects.get(number=number)


def test_a_letter_is_published_by_decision_without_its_writer_and_taken_back_at_will():
    client, row = written()
    assert "同意公开" in page(client.get(f"/12345/sent/{row.number}"))
    desk = officer("dispatcher")
    path = f"/work/hotline/letters/{row.number}"
    public = {
        "act": "publish",
        "title": "校门口没有红绿灯",
        "text": "实验小学门口没有红绿灯，孩子过马路很危险。",
    }
    assert "答复审核通过以后" in page(desk.post(path, public)), "not before it is answered"
    at = timezone.now()
    kernel.perform(
        row.pk, "answer", actor=who("dispatcher", at=at), at=at, data={"reply": REPLY, "override": "统一答复"}
    )
    assert "里面有姓名" in page(desk.post(path, {**public, "text": LETTER["text"]}))
    assert "里面有姓名" in page(desk.post(path, {**public, "text": f"请打{PHONE}，门口没有红绿灯"}))
    assert "还没有公开的来信" in page(Client().get("/12345/mailbox"))
    assert desk.post(path, public).status_code == 302
    assert "校门口没有红绿灯" in page(Client().get("/12345/mailbox"))
    shown = page(Client().get(f"/12345/mailbox/{row.number}"))
    assert "按钮式信号灯" in shown
    assert "陈小雨" not in shown
    assert "不公开了" in page(client.get(f"/12345/follow/{row.number}"))
    client.post(f"/12345/follow/{row.number}/unpublish")
    assert Client().get(f"/12345/mailbox/{row.number}").status_code == 404
    assert desk.post(path, public).status_code == 422, "the consent is gone"


def test_without_consent_or_in_confidence_nothing_can_be_published():
    _client, silent = written(consent="")
    _client, secret = written(
        key="l2", confidential="on", text="另一封信：请查某单位负责人，不要让人知道是我。"
    )
    assert mailbox.letter_of(silent.pk) is None
    assert mailbox.letter_of(secret.pk) is None
    desk = officer("dispatcher")
    for row in (silent, secret):
        assert desk.get(f"/work/hotline/letters/{row.number}").status_code == 404
    assert officer("operator").get("/work/hotline/letters").status_code == 403


def test_a_letter_is_kept_or_taken_down_with_a_reason():
    _client, row = written()
    at = timezone.now()
    kernel.perform(
        row.pk, "answer", actor=who("dispatcher", at=at), at=at, data={"reply": REPLY, "override": "统一答复"}
    )
    desk, path = officer("dispatcher"), f"/work/hotline/letters/{row.number}"
    assert desk.post(path, {"act": "keep"}).status_code == 422
    assert desk.post(path, {"act": "keep", "reason": "涉及个人家事"}).status_code == 302
    assert mailbox.letter_of(row.pk) == "kept"
    public = {"act": "publish", "title": "校门口没有红绿灯", "text": "实验小学门口没有红绿灯。"}
    assert desk.post(path, public).status_code == 302, "a decision may change"
    assert desk.post(path, {"act": "take_down", "reason": "内容已经过时"}).status_code == 302
    assert Client().get(f"/12345/mailbox/{row.number}").status_code == 404
    acts = [one.act for one in kernel.history(f"letter:{row.number}", at=timezone.now())]
    assert acts == ["consent", "kept", "published", "taken_down"]


def marked(ticket):
    """The ticket's caller, noted for repeated messages by two officers."""
    at = timezone.now()
    opening = kernel.Opening(kind="repeat", way="propose", title="重复诉求认定", unit=CENTRE, region=COUNTY)
    (made,), _again = kernel.open_dockets([opening], actor=who("operator"), at=at)
    Repeat.objects.create(docket_id=made.id, person="phone", tickets=4, proposed_by=who("operator").id)
    kernel.link(source=made.id, target=ticket.docket, kind="grouped", at=at)
    kernel.perform(made.id, "mark", actor=who("dispatcher", at=at), at=at, data={"reason": "同一件事已答复"})
    return made


def test_who_was_noted_for_repeated_messages_objects_on_the_same_page():
    ticket = a_message()
    client = follower(ticket)
    assert "申诉" not in page(client.get(f"/12345/follow/{ticket.number}"))
    assert "没有把您记为重复来电" in page(does(client, ticket, "appeal", text="凭什么"))
    mark = marked(ticket)
    assert "我要申诉" in page(client.get(f"/12345/follow/{ticket.number}"))
    assert "请写为什么不同意" in page(does(client, ticket, "appeal", text=" "))
    assert "申诉已收下" in page(does(client, ticket, "appeal", text="路灯一直没有修好"))
    assert Docket.objects.get(pk=mark.id).state == "appealed"
    shown = page(client.get(f"/12345/follow/{ticket.number}"))
    assert "正在由另一位工作人员复核" in shown
    assert "我要申诉" not in shown
    assert Client().post(f"/12345/follow/{ticket.number}/appeal", {"text": "别人"}).status_code == 302
