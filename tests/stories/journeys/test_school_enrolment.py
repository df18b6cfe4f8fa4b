"""教育入学: a browser without JavaScript; several verifications side by side, then the school place."""

import pytest

from tests.stories.people import Company

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

ENROLMENT = "义务教育入学登记"


def test_a_parent_enrols_a_child_without_javascript(people: Company):
    chen = people.citizen("chen", javascript=False, signed_in=False)
    chen.begins("school-enrolment")
    chen.answers(
        {
            "stage": "primary",
            "birth_date": "2021-03-08",
            "household": False,
            "home": "rent",
            "insured": True,
            "care": False,
        }
    )
    chen.goes_on()
    chen.signs_in()
    chen.goes_on()
    chen.presses("保存并继续")
    chen.is_told("处需要改")
    chen.fills_in()
    chen.hands_in()
    chen.wants_it_by("electronic")
    number = chen.submits(twice=True)
    chen.opens("/my")
    chen.is_told("办理中1件")

    school = people.department("jyj")
    school.handler.works_on(ENROLMENT)
    assert not school.handler.can("受理"), "verification comes before enrolment"
    # In any order, each by its own department.
    people.department("wjw").settles("预防接种查验")
    people.department("rsj").settles("参保缴费信息核验")
    chen.looks_at(number)
    chen.is_told("4项办好2项", "等前置事项")
    people.department("gaj").settles("居住证信息核验")
    chen.looks_at(number)
    chen.is_told("4项办好3项")
    chen.is_not_told("等前置事项")
    school.settles(ENROLMENT)

    # Whoever has only the number sees states and units, no more.
    grandmother = people.citizen("grandmother", javascript=False, signed_in=False)
    grandmother.opens("/progress")
    grandmother.page.locator("#number").fill(number)
    grandmother.page.locator("#last").fill(people.last_of_phone("chen"))
    grandmother.presses("查进度")
    grandmother.is_told(ENROLMENT, "已办好")
    grandmother.is_not_told("陈晓琴")

    chen.evaluates(number, "基本满意")
    chen.is_told("谢谢")
