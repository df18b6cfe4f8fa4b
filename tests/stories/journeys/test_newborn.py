"""新生儿出生: on a telephone from the first to the last page; each step feeds the next."""

from datetime import date, timedelta

import pytest

from tests.stories.people import Company

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_a_mother_registers_her_child_from_her_telephone(people: Company):
    li = people.citizen("li", phone=True)
    li.opens("/")
    li.follows("新生儿出生")
    li.presses("开始")
    li.answers(
        {
            "birth_date": (date.today() - timedelta(days=14)).isoformat(), "applicant": "mother", "parents": "married",  # noqa: DTZ011
            "place": "hospital", "certificate": False, "registered": True, "insurance": "employee", "settled": True,
        }
    )  # fmt: skip
    li.is_told("4个部门一次办", "出生登记落户", "社会保障卡申领")
    li.goes_on()
    li.goes_on()
    li.fills_in()
    li.hands_in()
    li.wants_it_by("electronic")
    assert li.page.evaluate("document.documentElement.scrollWidth") <= 390
    number = li.submits()

    health, police = people.department("wjw"), people.department("gaj")
    police.handler.opens("/work?view=unit")
    assert not police.handler.page.locator("[data-row]", has_text="待受理").count(), (
        "the certificate comes first"
    )
    health.settles("出生医学证明签发")
    # With the certificate there, rules and shared data decide the rest: no officer is asked.
    li.looks_until(number, "5项办好5项")
    li.is_told("前一项已办好，这一项开始办", "秒批")

    li.opens("/my")
    li.is_told("已结束1件", "✓ 已办好")
    with li.page.expect_download() as everything:
        li.page.get_by_role("link", name="下载").first.click()
    assert everything.value.suggested_filename.endswith(".zip")
    li.evaluates(number, "满意", "在手机上就办完了")
    li.is_told("谢谢")
