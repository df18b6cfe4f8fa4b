"""A late mark in a browser: the bureau appeals with its evidence, the supervisor above upholds, the figure moves."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stories.people import Company, Officer
from tests.stories.server import Town, module, serve, tongban

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
OWN_PAGE = "/work/supervision/units/421202-scjg"


@pytest.fixture
def town(busy: Path, tmp_path: Path) -> Iterator[Town]:
    """The demo city with some weeks of work."""
    up = serve(busy, tmp_path / "town")
    yield up
    up.close()


def in_time(officer: Officer) -> tuple[int, int]:
    """Cases decided in time and decided at all, of this month and the last, as the unit's own page has them."""
    officer.opens(OWN_PAGE)
    rows = officer.page.locator("main tr", has_text="按时办结率").all_inner_texts()
    pairs = [re.search(r"(\d+)/(\d+)", row) for row in rows]
    found = [(int(pair[1]), int(pair[2])) for pair in pairs if pair]
    return sum(part for part, _whole in found), sum(whole for _part, whole in found)


def test_a_department_appeals_against_a_late_mark_and_the_figure_moves(people: Company, town: Town):
    """康涛 heads the market bureau of Xian'an; 贺正平 supervises the whole city."""
    late = module(town.folder, "tests.stories.arranging_late").split()[-1]
    tongban(town.folder, "facts", "collect")
    head = people.officer("scjg-head")
    before = in_time(head)
    assert before[0] < before[1]
    head.page.locator("main tr[data-row] a[data-open]", has_text=late).first.click()
    head.page.wait_for_url("**/work/supervision/marks/*")
    mark = head.page.url
    head.page.select_option("select[name=ground]", "system_fault")
    head.page.locator('form[action$="/appeal"] textarea[name=words]').fill(
        "当天政务云停机检修，决定已经作出，次日才能登记。"
    )
    head.page.set_input_files(
        "input[name=evidence]",
        {"name": "检修通知.txt", "mimeType": "text/plain", "buffer": "全天停机检修。".encode()},
    )
    head.presses("提出申诉")
    head.is_told("申诉已提出", "申诉待裁定", "检修通知.txt", "咸宁市政务服务和大数据管理局")

    supervisor = people.officer("supervisor")
    supervisor.opens("/work/supervision?what=appealed")
    supervisor.is_told("等您裁定的申诉")
    supervisor.opens(mark)
    number = supervisor.page.locator("main h2 a.tb-mono").first.inner_text()
    supervisor.opens(f"/work/{number}")
    supervisor.is_told("当天政务云停机检修", "检修通知.txt")
    supervisor.does("申诉成立", reason="检修通知属实，当天确实不能登记。")

    tongban(town.folder, "facts", "collect")
    assert in_time(head) == (before[0] + 1, before[1])
    head.opens(mark)
    head.is_told("不算超期", "检修通知属实")
    supervisor.opens(OWN_PAGE)
    links = supervisor.page.locator("main th a", has_text="按时办结率").all()
    behind = [str(link.get_attribute("href")) for link in links]
    assert any(number in supervisor.opens(href).inner_text("main") for href in behind), (
        "the figure opens the appeal"
    )
