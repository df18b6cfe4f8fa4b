"""Who has everything hands in nothing and types next to nothing; a sleeping register delays nobody."""

import pytest

from tests.stories.pace import Pace
from tests.stories.people import Citizen, Company

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

ANSWERS = {
    "owner": "individual", "food": "cooked", "area": 60, "premises": "rented", "sign": "shop", "drain": "city",
    "fumes": True, "fitout": True,
}  # fmt: skip
TYPED = {
    "business.opening_date": "2027-01-08", "food.kitchen_area": "18", "food.online": "yes",
    "env.total_investment": "180000", "env.protection_investment": "12000",
}  # fmt: skip
HUMAN_PACE = 180
"""Seconds in which it is done, at the pace of somebody who reads; `Pace` sums them, nobody sleeps."""


def fill_in_what_is_asked(zhang: Citizen, pace: Pace) -> None:
    """Page after page: type the required fields that are empty."""
    while "/form/" in zhang.page.url:
        form = zhang.page.locator("form[data-draft-url]")
        for name, value in TYPED.items():
            control = form.locator(f'[name="{name}"]')
            if not control.count():
                continue
            if control.first.get_attribute("type") == "radio":
                form.locator(f'[name="{name}"][value="{value}"]').check()
            else:
                control.fill(value)
            pace.wrote(name, value)
        zhang.presses("保存并继续")
        assert not zhang.page.locator("#tb-errors").count(), zhang.page.locator("#tb-errors").inner_text()


def go_on_to_the_check(zhang: Citizen, pace: Pace | None = None) -> None:
    """Whatever is left, in the order in which the wizard leads."""
    pace = pace or Pace(zhang.page)
    while not zhang.page.url.endswith("/check"):
        if "/delivery" in zhang.page.url:
            zhang.choose("way", "electronic")
            zhang.presses("保存并继续")
        fill_in_what_is_asked(zhang, pace)
        assert "/materials" not in zhang.page.url, "nothing is left to do there"


def test_a_restaurant_with_no_upload_and_five_fields_in_three_minutes(people: Company):
    zhang = people.citizen("zhang", phone=True)
    pace = Pace(zhang.page)
    handed_in: list[str] = []
    zhang.page.on("filechooser", lambda _chooser: handed_in.append(zhang.page.url))
    zhang.begins("open-restaurant")
    zhang.answers(ANSWERS)
    pace.chose(len(ANSWERS))
    zhang.is_told("填5项 · 交0份", "一份材料都不用交")
    zhang.goes_on()
    zhang.goes_on()
    go_on_to_the_check(zhang, pace)
    assert len(pace.typed) <= 5
    assert not handed_in
    zhang.is_told("不动产和房屋交易库", "截至2026-11-02", "电子证照")
    number = zhang.submits()
    print(pace)
    assert pace.seconds < HUMAN_PACE, str(pace)
    zhang.is_told("您填了5项", "您交0份")

    # The officer sees what stands in for the papers, beside what the form says.
    market = people.department("scjg")
    market.handler.works_on("市场主体设立登记")
    market.handler.is_told("电子证照", "居民身份证", "今天核对：有效", "共享数据", "房屋租赁备案")
    market.handler.does("受理")

    zhang.looks_at(number)
    zhang.is_told("电子证照：居民身份证", "共享数据：不动产和房屋交易库", "由申请表生成，已电子签名")


def test_a_value_is_corrected_with_a_reason_and_the_officer_sees_both(people: Company):
    zhang = people.citizen("zhang")
    zhang.begins("open-restaurant")
    zhang.answers(ANSWERS)
    zhang.opens("/themes/open-restaurant/tasks")
    zhang.follows("经营场所")
    row = zhang.page.locator('[id="known-premises.address"]')
    row.locator("summary").click()
    row.locator('[name="premises.address"]').fill("咸安区温泉街道淦河大道90号1层")
    zhang.presses("保存并继续")
    zhang.is_told("要改，请写明理由")
    row.locator('[name="reason:premises.address"]').fill("租的是隔壁那一间")
    zhang.presses("保存并继续")
    go_on_to_the_check(zhang)
    zhang.is_told("您作了更正：租的是隔壁那一间")
    zhang.submits()
    market = people.department("scjg")
    market.handler.works_on("市场主体设立登记")
    market.handler.is_told("申请人更正了1项登记内容")


def test_a_sleeping_register_delays_nobody(people: Company):
    down = people.town.folder / "exchange" / "down"
    down.parent.mkdir(parents=True, exist_ok=True)
    down.write_text("tax\n", "utf-8")
    zhang = people.citizen("zhang")
    zhang.begins("open-restaurant")
    zhang.answers(ANSWERS)
    zhang.is_told("税务库现在查不到，不耽误您")
    zhang.opens("/themes/open-restaurant/materials")
    zhang.is_told("待核对")
    zhang.opens("/themes/open-restaurant/tasks")
    zhang.goes_on()
    go_on_to_the_check(zhang)
    number = zhang.submits()
    zhang.is_told("待核对：登记库暂时查不到")
    down.write_text("", "utf-8")
    people.town.command(
        "shell", "-v", "0", "-c",
        "from django.utils import timezone; from datetime import timedelta;"
        "from tongban.desks.cases import looking_up;"
        "looking_up.look_up_papers(timezone.now() + timedelta(minutes=10))",
    )  # fmt: skip
    zhang.looks_at(number)
    zhang.is_told("共享数据：税务库：存款账户报告")
    zhang.is_not_told("待核对")
