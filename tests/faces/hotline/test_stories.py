"""Whole stories at the officers' own pages: a call to its end, a return fought over, five who tell of one thing."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from tests.desks.hotline import town as place
from tests.desks.hotline.heat.messages import PLANT
from tests.faces.hotline import desks
from tongban.actors.models import Officer as OfficerRow
from tongban.desks.hotline.heat import api as heat
from tongban.desks.hotline.heat import memory
from tongban.desks.hotline.models import Ticket
from tongban.desks.hotline.telephony import api as telephony
from tongban.kernel.models import Docket
from tongban.kernel.outbox.relay import relay
from tongban.registers.messages import api as messages

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAID = "城东小区南门的路灯坏了三天，晚上看不见路，请派人来修。"
AGAIN = (
    "您好！您再次反映的路灯不亮问题，我局11月22日更换了城东小区南门路灯的整段电缆，连续观察两晚照明正常。"
    "给您添麻烦了，感谢您的监督，有问题请打0715-8255555。"
)
MEASURES = (
    "您好！您反映的清水湾小区旁水泥厂噪音和粉尘扰民问题，我局执法人员已于11月20日到现场核实，责令水泥厂夜间停止生产，"
    "料场全部覆盖防尘网，12月5日前完成。感谢您的来电，有问题请打0715-8255555。"
)


@pytest.fixture
def hotline(transactional_db, live_server, browser, tmp_path, settings):
    settings.DEMO, settings.EXCHANGE = True, "simulated"
    desks.build()
    memory.forget()
    company = desks.Hotline(browser, str(live_server), tmp_path)
    yield company
    company.leave()


def written_down(operator, text, phone):
    """A message at the operator's page; gives the number of its ticket."""
    operator.opens("/work/hotline/new")
    page = operator.page
    page.get_by_label("诉求", exact=True).fill(text)
    page.locator("#op-form [name=caller_phone]").fill(phone)
    page.locator("#op-form [name=region]").select_option(place.COUNTY)
    operator.presses("登记")
    return re.search(r"T\d+-\d+-\d+-\w", page.locator(".tb-banner--done").inner_text())[0]


def test_a_call_is_taken_answered_called_back_done_again_and_closed(hotline):
    operator, dispatcher, unit, caller_back = (
        hotline[name] for name in ("operator", "dispatcher", "urban", "caller_back")
    )
    telephony.set_presence(officer=operator.actor, state="ready", at=timezone.now())
    telephony.simulate_call(at=timezone.now())
    telephony.distribute(at=timezone.now())
    operator.opens("/work/hotline/new")
    operator.presses("接听（F2）")
    page = operator.page
    page.get_by_label("诉求", exact=True).fill(SAID)
    page.locator("#op-form [name=region]").select_option(place.COUNTY)
    operator.presses("登记")
    number = Docket.objects.get(kind="ticket").number
    assert [one.officer for one in telephony.calls_of_ticket(number)] == [operator.actor]

    dispatcher.opens("/work/hotline")
    dispatcher.follows(number)
    dispatcher.does("派单", unit=place.URBAN, opinion="路灯由城管管养")
    unit.takes_up(number)
    unit.is_told("路灯由城管管养")
    unit.does("签收")
    unit.answers("已处理")
    unit.is_told("答复太短")
    unit.answers(place.GOOD, result="yes")
    unit.is_told("已答复：")
    dispatcher.takes_up(number)
    dispatcher.is_told("更换了损坏的灯具")
    dispatcher.does("审核通过")
    caller_back.takes_up(number)
    caller_back.does("回访", satisfaction="unsatisfied", solved="no", said="昨晚又不亮了")
    caller_back.does("重新办理", reason="灯又灭了")
    unit.takes_up(number)
    unit.is_told("灯又灭了")
    unit.does("签收")
    unit.answers(AGAIN, result="yes")
    unit.is_told("已答复：")
    dispatcher.takes_up(number)
    dispatcher.does("审核通过")
    caller_back.takes_up(number)
    caller_back.does("回访", satisfaction="very", solved="yes")
    caller_back.is_told("已办结")
    own = Ticket.objects.select_related("docket").get()
    assert (own.docket.state, own.reopened, own.satisfaction) == ("closed", 1, "very")


def test_a_return_is_fought_over_judged_and_may_not_be_repeated(hotline):
    operator, dispatcher, unit, other = (
        hotline[name] for name in ("operator", "dispatcher", "urban", "market")
    )
    number = written_down(operator, SAID, "13907150001")
    dispatcher.takes_up(number)
    dispatcher.does("派单", unit=place.URBAN)
    unit.takes_up(number)
    unit.tries("退单", reason="")
    unit.is_told("退单要写明理由")
    unit.sends(reason="路灯不属于本局管养", law="本局职责清单")
    unit.is_told("已退单：")
    dispatcher.takes_up(number)
    dispatcher.is_told("路灯不属于本局管养")
    dispatcher.does("退单不成立，指定承办", reason="城市道路照明由城管管养")
    unit.takes_up(number)
    unit.is_told("城市道路照明由城管管养")
    unit.is_told("不得再退", "请求协办")  # listed with the reason, no button
    assert Docket.objects.get(number=number).state == "dispatched"

    second = written_down(operator, "桂花菜市场的公平秤坏了一个星期，买菜没法复秤。", "13907150002")
    dispatcher.takes_up(second)
    dispatcher.does("派单", unit=place.URBAN)
    unit.takes_up(second)
    unit.does("退单", reason="计量器具由市场监管部门负责", suggested="咸安区市场监管局")
    dispatcher.takes_up(second)
    dispatcher.does("退单成立，改派", unit=place.MARKET, reason="计量由市场监管局负责")
    other.takes_up(second)
    other.does("签收")
    assert Docket.objects.get(number=second).unit == place.MARKET


def warnings(name):
    officer = f"officer:{OfficerRow.objects.get(staff_number=name).pk}"
    return [one for one in messages.inbox(recipients=[officer]) if "人反映" in one.subject]


def test_five_tell_of_one_thing_the_unit_and_the_leader_know_once_and_it_is_closed_as_one(hotline):
    now = timezone.now()
    for number, (title, text) in enumerate(PLANT[:4]):
        phone = f"1390715000{number}"
        place.taken(
            text,
            title=title,
            caller_phone=phone,
            place="清水湾小区",
            latitude=29.8412,
            longitude=114.3226,
            at=now,
        )
    written_down(hotline["operator"], PLANT[4][1], "13907150009")
    relay(at=timezone.now())
    heat.place_waiting(at=timezone.now())
    relay(at=timezone.now())
    affair = Docket.objects.get(kind="affair")
    tickets = Docket.objects.filter(kind="ticket")
    assert len(warnings("leader")) == 1

    leader, dispatcher, head = hotline["leader"], hotline["dispatcher"], hotline["urban_head"]
    leader.opens("/work/hotline/heat")
    leader.follows("清水湾")
    leader.is_told("5人，5件", *tickets.values_list("number", flat=True))
    leader.opens("/work/hotline/map")
    leader.is_told("清水湾小区")
    dispatcher.takes_up(affair.number)
    dispatcher.does("交办", unit=place.URBAN, opinion="请一并处理")
    assert set(tickets.values_list("state", "unit")) == {("dispatched", place.URBAN)}
    relay(at=timezone.now())
    assert (len(warnings("urban_head")), len(warnings("leader"))) == (1, 1)
    head.takes_up(affair.number)
    head.does("认领")
    head.does("统一答复", reply=MEASURES, result="yes")
    dispatcher.takes_up(affair.number)
    dispatcher.does("统一审核")
    assert set(tickets.values_list("state", flat=True)) == {"reviewed"}
    numbers = list(tickets.values_list("number", flat=True))
    dispatcher.does(
        "集中回访", numbers=numbers, satisfaction="satisfied", solved="yes", how="小区见面会，五户都到了"
    )
    assert set(tickets.values_list("state", flat=True)) == {"closed"}
    dispatcher.does("办结", summary="夜间停产，料场覆盖。")
    affair.refresh_from_db()
    assert affair.outcome == "closed"
    relay(at=timezone.now() + timedelta(minutes=1))
    assert (len(warnings("urban_head")), len(warnings("leader"))) == (1, 1)
