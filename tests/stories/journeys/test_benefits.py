"""Money that finds its people, in a browser: one tap on the phone; one who just misses learns why; an auditor traces it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stories.people import Company
from tests.stories.server import Town, serve

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture
def town(busy: Path, tmp_path: Path) -> Iterator[Town]:
    """The demo city with its policies, portraits and lists."""
    up = serve(busy, tmp_path / "town")
    yield up
    up.close()


def test_a_company_takes_what_waits_another_learns_why_not_and_an_auditor_traces_a_payment(people: Company):
    """云程数据 never applied. 蓝田生物 lacks one condition. 贺正平 of supervision asks on what grounds money was paid."""
    yuncheng = people.citizen("yuncheng", phone=True)
    yuncheng.opens("/benefits")
    yuncheng.is_told("等您确认", "高新技术企业首次认定奖励")
    paid = yuncheng.page.locator("section[aria-labelledby=paid] a").first.get_attribute("href") or ""
    yuncheng.page.get_by_role("button", name="确认领取").first.click()
    yuncheng.is_told("待发放", "由财政部门发放")

    lantian = people.citizen("lantian", phone=True)
    lantian.opens("/benefits")
    lantian.is_told("还差一点", "差这一条")
    lantian.page.locator("section[aria-labelledby=near] a").first.click()
    lantian.page.wait_for_url("**/benefits/why/**")
    lantian.is_told("还差")

    auditor = people.officer("supervisor")
    auditor.opens(f"/work/benefits/trace/{paid.rpartition('/')[2]}")
    auditor.is_told(
        "依据哪一条",
        "用了哪些数据",
        "科学技术局",
        "公示名单",
        "本人确认账户",
        "财政初审",
        "银行：已到账",
        "审计查看",
    )
