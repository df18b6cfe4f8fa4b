"""Sessions in person: announced, held, told in public without anybody's name, and struck off when all is done."""

from datetime import date, timedelta

import pytest

from tests.desks.hotline.town import CENTRE, CITY, COUNTY, NINE, clock, taken, who
from tests.registers.identity.factories import an_account
from tongban.desks.hotline.listening import api, rules
from tongban.desks.hotline.listening.contracts import ListeningRefused, NewSession
from tongban.kernel import api as kernel

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]

BEGINS = clock("2026-11-20 09:00")
TWO, FRIDAY = clock("2026-11-20 11:00"), date(2026, 11, 27)
REPORT = "市住建局局长接听来电三个，反映供水和电梯问题，当场答复一件，列入跟办两件。"
TEXT = "小区二次加压水泵坏了半个月，六楼以上早晚没有水。"


def planned(*, at=NINE - timedelta(days=3), kind="leaders", **more):
    new = NewSession(
        kind,
        "市住建局局长接听12345",
        "市住建局局长",
        "热线中心",
        BEGINS,
        BEGINS + timedelta(minutes=90),
        **more,
    )
    return api.plan(new, unit=CENTRE, region=CITY, actor=who("dispatcher"), at=at)


def say(
    number,
    text=TEXT,
    *,
    said="十个工作日内换新泵。",
    until=FRIDAY,
    withheld=False,
    at=NINE,
    by="operator",
    **more,
):
    told = {"kind": "help", "text": text, "region": COUNTY, **more}
    return api.open_ticket(
        number, told, said=said, promised_by=until, withheld=withheld, actor=who(by), at=at
    )


def move(number, name, *, at=TWO, by="dispatcher", **data):
    row = kernel.docket(number, actor=kernel.SYSTEM)
    return kernel.perform(row.id, name, actor=who(by), at=at, data=data)


def answered(ticket, *, at=NINE):
    reply = (
        "您好！您反映的小区二次加压水泵和电梯停运问题，物业和我局已于11月20日到现场，水泵已更换，六楼以上供水恢复，"
        "电梯动用维修资金修好。感谢您的来电，有问题请打0715-8255555。"
    )
    data = {"reply": reply, "satisfaction": "satisfied"}
    kernel.perform(ticket.docket, "answer", actor=who("dispatcher"), at=at, data=data)


def test_from_announcement_to_struck_off():
    number = planned()
    first, second = say(number), say(number, "电梯停运一个月，物业说没有维修资金，请管一管。")
    move(number, "hold", calls=3)
    with pytest.raises(kernel.MoveRefused, match="不能公布"):
        move(number, "publish", report=REPORT + "来电人13871010007。")
    assert api.public_session(number).report == ""
    move(number, "publish", report=REPORT)
    with pytest.raises(kernel.MoveRefused, match="还有2件"):
        move(number, "finish")
    answered(first)
    answered(second)
    assert move(number, "finish", at=TWO + timedelta(days=1)).state == "finished"
    shown = api.public_session(number)
    assert (shown.calls, shown.report, shown.state) == (3, REPORT, "finished")


def test_the_report_is_due_in_five_working_days():
    number = planned()
    move(number, "hold", calls=1)
    row = kernel.docket(number, actor=kernel.SYSTEM)
    (clock_row,) = kernel.clocks_of([row.id])[row.id]
    assert (clock_row.name, clock_row.due_at) == ("report", clock("2026-11-28 00:00"))  # the end of the 27th


def test_tickets_of_a_session_have_its_channel_and_the_link():
    number = planned(kind="broadcast")
    ticket = say(number)
    row = kernel.docket_by_id(ticket.docket, actor=kernel.SYSTEM)
    session = kernel.docket(number, actor=kernel.SYSTEM)
    assert row.channel == "broadcast"
    assert kernel.linked(session.id, "causes") == [row.id]


def test_confidential_and_withheld_ones_are_followed_up_and_not_told():
    number = planned()
    say(number)
    say(number, "单位领导侵占公款，不要让人知道是我举报的。", confidential=True)
    say(number, "邻居家的私事，请社区调解，不想公开。", withheld=True)
    session = kernel.docket(number, actor=kernel.SYSTEM)
    mine = api.follow_ups(session.id, actor=who("supervisor"))
    assert [bool(one.title) for one in mine] == [True, False, True]
    assert api.counts(mine, on=FRIDAY + timedelta(days=1)) == api.Counts(3, 0, 3, 2)
    assert [one.said for one in api.public_follow_ups(session.id)] == ["十个工作日内换新泵。"]


def test_what_is_promised_names_nobody_and_a_session_that_is_over_takes_nothing():
    number = planned()
    with pytest.raises(ListeningRefused) as refused:
        say(number, said="已告知来电人138 7101 0007")
    assert "said" in refused.value.fields
    move(number, "cancel", reason="另择时间")
    with pytest.raises(ListeningRefused, match="已经结束或取消"):
        say(number)
    assert api.public_session(number) is None


def test_a_ticket_that_is_there_already_joins_the_list_once():
    number, ticket = planned(), taken()
    for said in ("当场答复", "下周修好"):
        api.add_ticket(
            number, ticket.number, said=said, promised_by=None, withheld=False, actor=who("operator"), at=NINE
        )
    session = kernel.docket(number, actor=kernel.SYSTEM)
    assert [(one.number, one.said) for one in api.follow_ups(session.id, actor=kernel.SYSTEM)] == [
        (ticket.number, "下周修好")
    ]


def test_it_is_not_held_before_it_begins_and_ends_after_it_begins():
    number = planned()
    with pytest.raises(kernel.MoveRefused, match="还没到开始时间"):
        move(number, "hold", at=BEGINS - timedelta(hours=1), calls=1)
    with pytest.raises(ListeningRefused) as refused:
        api.plan(
            NewSession("leaders", "接听", "局长", "", BEGINS, BEGINS),
            unit=CENTRE,
            region=CITY,
            actor=who("dispatcher"),
            at=NINE,
        )
    assert set(refused.value.fields) == {"place", "planned_until"}


@pytest.mark.parametrize(
    ("text", "found"), [("请打0715-8255555", False), ("139 1234 5678", True), ("42120219900101123X", True)]
)
def test_service_numbers_may_be_told_personal_ones_not(text, found):
    assert rules.personal_in(text) is found


class TestPages:
    @pytest.fixture
    def desk(self, client):
        client.force_login(an_account("desk", acts_as=who("dispatcher").id, kind="officer"))
        return client

    def test_the_desk_plans_takes_and_sees_the_list(self, desk):
        given = {
            "kind": "window", "title": "办不成事窗口", "host": "值班局长", "place": "A01窗口", "planned_at": "2026-11-20T09:00",
            "planned_until": "2026-11-20T17:00", "key": "k",
        }  # fmt: skip
        where = desk.post("/work/hotline/sessions/new", given)["Location"]
        wrong = desk.post(
            "/work/hotline/sessions/new", {**given, "planned_until": "2026-11-20T08:00", "key": "j"}
        )
        assert (wrong.status_code, "结束要在开始之后" in wrong.content.decode()) == (422, True)
        told = {
            "kind": "help",
            "urgency": "ordinary",
            "text": TEXT,
            "said": "三天内办好",
            "caller_phone": "13871010007",
            "key": "t",
        }
        assert desk.post(where, told).status_code == 302
        assert desk.post(where, told).status_code == 302
        page = desk.get(where).content.decode()
        assert "三天内办好" in page
        assert "1件，办结0件" in page
        assert "办不成事窗口" in desk.get("/work/hotline/sessions").content.decode()
        assert desk.post(f"{where}/tickets", {"ticket": "T421200-000000-00000-0"}).status_code == 422

    def test_everybody_reads_announcement_and_report_and_no_person(self, client):
        number = planned()
        say(number, caller_name="张明远", caller_phone="13871010007")
        assert "报告" not in client.get(f"/hotline/sessions/{number}").content.decode()
        assert "市住建局局长接听12345" in client.get("/hotline/sessions").content.decode()
        move(number, "hold", calls=1)
        move(number, "publish", report=REPORT)
        page = client.get(f"/hotline/sessions/{number}").content.decode()
        for words in (REPORT, "十个工作日内换新泵", "正在办"):
            assert words in page
        for words in ("张明远", "1387101", "六楼以上", "T4212"):
            assert words not in page
        assert client.get("/hotline/sessions/L421200-261120-00009-1").status_code == 404
