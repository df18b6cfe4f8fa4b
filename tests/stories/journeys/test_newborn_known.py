"""新生儿出生 for a mother of whom everything is known: no paper, one field, from her telephone."""

from datetime import date, timedelta

import pytest

from tests.stories.pace import Pace
from tests.stories.people import Company

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

ANSWERS = {
    "applicant": "mother", "parents": "married", "place": "hospital", "certificate": False, "registered": True,
    "insurance": "employee", "settled": True,
}  # fmt: skip
HUMAN_PACE = 180
"""Seconds in which it is done, at the pace of somebody who reads."""
TYPED = {"baby.name": "陈安禾"}


def test_a_mother_of_whom_everything_is_known_types_one_field(people: Company):
    li = people.citizen("li", phone=True)
    pace = Pace(li.page)
    born = (date.today() - timedelta(days=14)).isoformat()  # noqa: DTZ011
    li.begins("newborn")
    li.answers({"birth_date": born, **ANSWERS})
    pace.chose(len(ANSWERS) + 1)
    li.is_told("填1项 · 交0份", "一份材料都不用交")
    li.goes_on()
    li.goes_on()
    while "/form/" in li.page.url:
        for name, value in TYPED.items():
            control = li.page.locator(f'form[data-draft-url] [name="{name}"]')
            if control.count():
                control.fill(value)
                pace.wrote(name, value)
        li.presses("保存并继续")
        assert not li.page.locator("#tb-errors").count(), li.page.locator("#tb-errors").inner_text()
    assert "/materials" not in li.page.url, "nothing is left to do there"
    if "/delivery" in li.page.url:
        li.wants_it_by("electronic")
    li.is_told("截至2026-10-13", "人口")
    number = li.submits()
    print(pace)
    assert pace.seconds < HUMAN_PACE, str(pace)
    li.is_told("您填了1项", "您交0份")

    # The hospital certifies the birth; what it knows already stands in the form.
    health = people.department("wjw")
    health.handler.works_on("出生医学证明签发")
    health.handler.is_told("卫生健康库（截至2026-10-13）", "电子证照")
    health.settles("出生医学证明签发")
    # The other departments need nobody: rules read what the hospital certified.
    li.looks_until(number, "5项办好5项")
    li.is_told("共享数据")
    assert li.page.evaluate("document.documentElement.scrollWidth") <= 390
