"""水电气网联合报装: one visit for all; what is granted comes by courier and the applicant says that it came."""

import pytest

from tests.stories.people import Company

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

FIRMS = {"swgs": "用水报装", "gdgs": "用电报装", "rqgs": "用气报装", "gdwl": "通信网络报装"}


def test_one_visit_connects_water_power_gas_and_network(people: Company):
    lan = people.citizen("lantian")
    lan.begins("utilities")
    lan.answers(
        {
            "water": True, "water_size": "small", "power": True, "power_size": 120, "gas": True, "gas_pipe": True,
            "network": "enterprise", "road": "none", "green": False,
        }
    )  # fmt: skip
    lan.is_told("水电气网联合勘验")
    lan.goes_on()
    lan.goes_on()
    lan.fills_in()
    lan.hands_in()
    lan.wants_it_by("courier")
    number = lan.submits()

    for slug in FIRMS:
        people.officer(slug).accepts_all()
    power = people.officer("gdgs")
    power.works_on("水电气网联合勘验")
    power.tries("约定时间", held_at="2020-01-01T09:00")
    power.is_told("没有做成", "将来")
    power.does("约定时间", held_at=people.tomorrow())
    lan.looks_at(number)
    lan.is_told("上门看现场", "现场勘验时间已定")
    water = people.officer("swgs")
    water.works_on("用水报装")
    water.is_told("联合勘验", "现场勘验中")
    power.does("出具勘验报告", passed="yes", findings="管线路由、表位和箱位已现场标定。")
    water.works_on("用水报装")
    water.is_told("管线路由、表位和箱位已现场标定")
    for slug, title in FIRMS.items():
        people.department(slug).decides(title)

    lan.looks_at(number)
    lan.is_told("4项办好4项", "做好后给您寄出")
    window = people.officer("window")
    window.works_on("水电气网联合报装")
    window.does("寄出", tracking="EM123456789CN")
    lan.looks_at(number)
    lan.is_told("已寄出", "EM123456789CN")
    lan.presses("我收到了")
    lan.is_told("已确认收到", "✓ 已办好")
    lan.evaluates(number, "满意")
    lan.is_told("谢谢")
