"""A leader in a browser: a red figure down to the ticket and its recording, and the year's report opened as PDF."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from tests.stories.people import Company
from tests.stories.server import Town, serve, tongban

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


@pytest.fixture
def town(busy: Path, tmp_path: Path) -> Iterator[Town]:
    """The demo city with some weeks of work."""
    up = serve(busy, tmp_path / "town")
    yield up
    up.close()


def test_a_leader_opens_a_red_figure_down_to_the_ticket_and_its_recording(people: Company, town: Town):
    """武长青 leads the city: formula, rows, docket, ledger, recording; then the annual report on paper."""
    tongban(town.folder, "facts", "collect")
    leader = people.officer("leader")
    month = timezone.localdate().replace(day=1)
    for day in (
        month,
        (month - timezone.timedelta(days=1)).replace(day=1),
    ):  # early in a month little is late yet
        leader.opens(f"/work/insight/hotline.handled_on_time?month={day:%Y-%m}")
        short = leader.opens(f"/work/insight/short/hotline.handled_on_time?month={day:%Y-%m}")
        rows = short.locator("main tr[data-row] a[data-open]").all_inner_texts()
        if rows:
            break
    leader.opens("/screen")
    tiles = leader.page.locator(".sc-tiles li")
    assert tiles.count() >= 10
    red = leader.page.locator(".sc-tiles li.sc-missed")
    assert red.count(), "something misses its target"
    assert "未达标" in tiles.first.inner_text(), "what misses its target comes first"
    first = red.first.locator("a.sc-value")
    value = first.inner_text()
    first.click()
    leader.page.wait_for_url("**/work/insight/*")
    leader.is_told(value, "分子", "分母", "依据", "口径由谁负责")

    heard = ""
    for number in rows:
        page = leader.opens(f"/work/{number}")
        recording = page.locator('a[href*="/recording"]')
        if recording.count():
            heard = number
            break
    assert heard, "a ticket that was late came in by telephone"
    leader.is_told("台账", heard)
    assert re.fullmatch(r"/work/hotline/calls/\d+/recording", recording.first.get_attribute("href") or "")
    # To listen is another matter: that takes a purpose and is for those who handled the call (telephony/recordings.py).

    year = timezone.localdate().year
    leader.opens(f"/work/insight/reports/annual/{year}")
    lead = leader.page.locator(".rp-lead").inner_text()
    answer = leader.page.context.request.get(
        leader.page.get_by_role("link", name="下载PDF").get_attribute("href")
    )
    assert answer.status == 200
    made = subprocess.run(["pdftotext", "-", "-"], input=answer.body(), capture_output=True, check=True)
    paper = re.sub(r"\s|\[\d+\]", "", made.stdout.decode())
    figures = re.findall(r"\d[\d,]*(?:\.\d+)?%?", re.sub(r"\[\d+\]", "", lead))
    assert len(figures) >= 7
    for figure in figures:
        assert figure in paper, f"{figure} of the page stands on paper"
