"""二手房转移登记及水电气联动过户: contract, tax, title in their order; utilities only after the title."""

import pytest

from tests.stories.people import Company

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

UTILITIES = {"swgs": "用水过户", "gdgs": "用电过户", "gdwl": "有线电视过户"}


def test_contract_tax_title_and_then_water_power_gas_and_television(people: Company):
    wang = people.citizen("wang")
    wang.begins("second-hand-house")
    wang.answers(
        {"usage": "home", "signed": False, "mortgaged": False, "first_owner": False, "utilities": "all"}
    )
    wang.is_told("房屋所有权转移登记", "有线电视过户", "最晚")
    wang.goes_on()
    wang.goes_on()
    wang.fills_in()
    wang.hands_in()
    wang.wants_it_by("window")
    number = wang.submits()

    for slug, title in UTILITIES.items():
        firm = people.officer(slug)
        firm.works_on(title)
        assert not firm.can("受理"), "nothing to do before the title is transferred"
        firm.is_told("等前置事项")
    people.department("zjj").settles("存量房买卖合同网签备案")
    people.department("swj").settles("契税等存量房交易税费申报")
    wang.looks_at(number)
    wang.is_told("7项办好2项", "等前置事项")
    people.department("zrzy").settles("房屋所有权转移登记")
    wang.looks_at(number)
    wang.is_told("7项办好3项")
    wang.is_not_told("等前置事项")
    for slug, title in UTILITIES.items():
        people.department(slug).settles(title)

    # Gas looks at the flat first.
    gas = people.department("rqgs")
    gas.handler.accepts("用气过户")
    gas.handler.works_on("燃气入户安检")
    gas.handler.does("约定时间", held_at=people.tomorrow())
    gas.handler.does("出具勘验报告", passed="yes", findings="管道、软管、阀门完好。")
    gas.decides("用气过户")

    # One window hands everything out.
    wang.looks_at(number)
    wang.is_told("7项办好7项", "请到窗口领取")
    window = people.officer("window")
    window.works_on("二手房转移登记")
    window.does("窗口发证", received_by="王建业", window="3号窗口")
    wang.looks_at(number)
    wang.is_told("✓ 已办好", "您已在窗口领取")
    wang.evaluates(number, "非常满意")
    wang.is_told("谢谢")
