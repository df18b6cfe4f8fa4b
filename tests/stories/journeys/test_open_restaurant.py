"""我要开饭店: from the first question to the delivery, with a joint survey, missing papers and a late step."""

import re

import pytest

from tests.stories.people import Company

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

ANSWERS = {
    "owner": "company", "food": "cooked", "area": 800, "fire_way": "inspect", "premises": "own", "sign": "large",
    "drain": "city", "fumes": True, "fitout": True,
}  # fmt: skip
FOOD, FIRE, SIGN, DRAIN = "食品经营许可", "营业前消防安全检查", "招牌设施设置许可", "城镇污水排入排水管网许可"


def hand_in_everything(zhang) -> str:
    """Answers, draft, sign-out and back, form, papers, delivery, submitted with a double click."""
    zhang.begins("open-restaurant")
    zhang.answers(ANSWERS)
    zhang.is_told("一次告知", "最晚", FOOD, FIRE, "登录后填写")
    zhang.goes_on()
    zhang.signs_in()
    zhang.goes_on()
    zhang.fills_in_one_page(business__opening_date="2027-01-08")
    zhang.signs_out()
    zhang.signs_in()
    zhang.opens("/")
    zhang.is_told("我要开饭店：还没提交")
    zhang.follows("接着填")
    zhang.goes_on()
    zhang.goes_on()
    zhang.fills_in()
    zhang.hands_in()
    zhang.wants_it_by("electronic")
    zhang.is_told("咸安区明远面馆", "2027年1月8日")
    number = zhang.submits(twice=True)
    zhang.opens("/my")
    zhang.is_told("办理中1件", "已办好 0/8", number)
    return number


def test_a_restaurant_from_the_first_question_to_the_evaluation(people: Company):
    zhang = people.citizen("zhang", signed_in=False)
    number = hand_in_everything(zhang)
    market, city = people.department("scjg"), people.department("cgj")

    # The licence comes first; what stands on it waits.
    zhang.looks_at(number)
    zhang.is_told("等前置事项")
    market.settles("市场主体设立登记")
    zhang.looks_at(number)
    zhang.is_told("8项办好1项")
    zhang.is_not_told("等前置事项")

    # Two departments miss something; the citizen is asked once, and hands everything in once.
    market.handler.works_on(FOOD)
    market.handler.does("提出缺件", papers="油烟净化设备照片", why="要看清型号和铭牌")
    drains = people.officer("zjj")
    drains.works_on(DRAIN)
    drains.does("提出缺件", papers="隔油池照片\n油烟净化设备照片", why="要看清容积")
    zhang.looks_at(number)
    zhang.is_not_told("还差2份材料")
    people.officer("sthj").accepts("环境影响登记表备案")
    people.officer("swj").accepts("税务信息确认")
    people.officer("xfjy").accepts(FIRE)
    city.handler.accepts_all()
    zhang.looks_at(number)
    zhang.is_told("还差2份材料", "油烟净化设备照片", "隔油池照片", "要看清容积", "要看清型号和铭牌")
    zhang.follows("去补材料")
    zhang.supplies()
    zhang.is_told("已交上", "您已补交材料")

    # Someone else has moved the case on: the stale page says who and what.
    market.handler.works_on(FOOD)
    colleague = people.officer("chief")
    colleague.opens(f"/work/{market.handler.docket}")
    colleague.turns_to("受理")
    market.handler.does("受理")
    colleague.sends()
    colleague.is_told("没有做成", market.handler.own_name, "受理")

    # One joint survey for four departments.
    drains.accepts(DRAIN)
    market.handler.works_on("开店联合勘验")
    market.handler.does("约定时间", held_at=people.tomorrow())
    zhang.looks_at(number)
    zhang.is_told("现场勘验时间已定", "上门看现场")
    people.officer("scjg-survey").works_on("开店联合勘验")
    people.officer("scjg-survey").does(
        "出具勘验报告", passed="yes", findings="厨房、招牌、排水和疏散通道与图纸一致。"
    )
    zhang.looks_at(number)
    zhang.is_told("厨房、招牌、排水和疏散通道与图纸一致", "一次勘验，一份报告，已完成")

    # The chief service officer decides the signboard for another unit; the ledger names both.
    chief = people.officer("chief")
    city.handler.proposes(SIGN)
    chief.works_on(SIGN, view="for-421202-cgj")
    chief.does("批准")
    chief.opens(f"/work/{chief.docket}/ledger")
    chief.is_told("咸安区城市管理执法局", "授权")

    # One step is late: the supervisor sees it and urges; the handler reads that.
    people.officer("sthj").works_on("环境影响登记表备案")
    late = people.officer("sthj").docket
    people.town.grows_older(late, days=30)
    supervisor = people.officer("supervisor")
    supervisor.opens("/work/late")
    supervisor.is_told(late)
    supervisor.opens(f"/work/{late}")
    supervisor.does("督办", reason="已超期，请今天办结")
    people.officer("sthj").opens(f"/work/{late}")
    people.officer("sthj").is_told("督办", "请今天办结", "超期")

    market.decides(FOOD)
    people.department("xfjy").decides(FIRE)
    people.department("zjj").decides(DRAIN)
    people.department("sthj").decides("环境影响登记表备案")
    people.department("swj").decides("税务信息确认")
    city.decides("建筑垃圾处置核准")

    # One delivery, one evaluation.
    zhang.looks_at(number)
    zhang.is_told("✓ 已办好", "8项办好8项", "电子证照和决定已送到您的账户")
    zhang.evaluates(number, "非常满意")
    zhang.is_told("谢谢")
    zhang.opens(f"/evaluate/{number}")
    assert not zhang.page.locator("[name=level]").count(), "one application, one evaluation"
    assert re.match(r"A421202-\d{6}-\d+-", number)
