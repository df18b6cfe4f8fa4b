"""An editor splits a policy in a real browser: rows, numbers that move, an example that fails and is mended."""

from __future__ import annotations

import pytest
from django.conf import settings as configured
from django.test import Client
from playwright.sync_api import expect

from tests.desks.policies.test_pages import TEXT
from tests.web.checks import check_axe, check_no_csp_reports, check_no_sideways_scroll
from tongban.desks.policies.models import Policy
from tongban.kernel import api as kernel

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fills(page, place, name, *, research="", abnormal, amount=""):
    page.fill(f"#e-{place}-name", name)
    page.fill(f"#e-{place}-has-tax-research", research)
    page.select_option(f"#e-{place}-has-firm-abnormal", abnormal)
    page.fill(f"#e-{place}-amount", amount)


def typed_while_an_answer_is_on_its_way(page):
    """Text, a choice and the cursor outlive the rows that are renewed under them."""
    held = []
    page.route("**/measures/new*", lambda route: held.append(route))  # noqa: PLW0108 - playwright looks at the handler
    page.select_option("#c-0-compare", "gt")
    page.fill("#c-0-value1", "12345")
    page.select_option("#a-kind", "fixed")
    page.fill("#a-yuan", "777")
    expect(page.locator("#a-yuan")).to_be_focused()
    page.wait_for_timeout(50)
    for route in held:
        route.continue_()
    page.unroute("**/measures/new*")
    expect(page.locator("#numbers")).to_contain_text("12,345")
    expect(page.locator("#c-0-value1")).to_have_value("12345")
    expect(page.locator("#a-yuan")).to_have_value("777")
    expect(page.locator("#a-yuan")).to_be_focused()
    page.fill("#c-0-value1", "100000")


def chosen_before_the_page_listens(page):
    """A choice made while the scripts are still on their way is not lost."""
    held = []
    page.route("**/htmx.min.js*", lambda route: held.append(route))  # noqa: PLW0108 - playwright looks at the handler
    page.click("text=拆第二条")
    page.select_option("#c-0-element", "tax.research")
    assert held
    for route in held:
        route.continue_()
    page.unroute("**/htmx.min.js*")


def test_an_editor_splits_a_policy_and_everybody_reads_it(town, open_page, live_server):
    for research, abnormal in ((300_000_00, False), (500_000_00, True), (50_000_00, False)):
        town.company(tax__research=research, firm__abnormal=abnormal)
    signed_in = town.signed_in(Client(), "editor")
    value = signed_in.cookies[configured.SESSION_COOKIE_NAME].value
    page = open_page("/policies")
    page.context.add_cookies(
        [{"name": configured.SESSION_COOKIE_NAME, "value": value, "url": str(live_server)}]
    )
    page.goto("/work/policies/new")
    page.fill("#id_text", TEXT)
    page.click("button[value=read]")
    expect(page.locator("#id_document")).to_have_value("咸科发〔2026〕31号")
    page.click("button[value=collect]")
    chosen_before_the_page_listens(page)
    page.fill("#c-0-value1", "100000")
    page.keyboard.press("Tab")
    expect(page.locator("#numbers")).to_contain_text("全部3户")
    before = page.locator("#numbers").inner_text()
    page.click("button[value='add-row:c']")
    expect(page.locator("#c-1-element")).to_be_focused()
    page.select_option("#c-1-element", "firm.abnormal")
    page.select_option("#c-1-compare", "no")
    expect(page.locator("#numbers")).to_contain_text("排除")
    expect(page.locator("#numbers")).not_to_have_text(before)
    typed_while_an_answer_is_on_its_way(page)
    page.select_option("#a-kind", "share")
    page.wait_for_selector("#a-times")
    page.select_option("#a-element", "tax.research")
    page.fill("#a-times", "5")
    page.fill("#a-cap", "200000")
    for place, expect_ in enumerate(("entitled", "not", "unknown")):
        page.click(f"button[value='add-example:{expect_}']")
        page.wait_for_selector(f"#e-{place}-name")
    fills(page, 0, "够了", research="200000", abnormal="false", amount="9999")
    fills(page, 1, "在名录上", research="200000", abnormal="true")
    fills(page, 2, "没有数据", abnormal="false")
    check_axe(page)
    check_no_sideways_scroll(page)
    check_no_csp_reports(page)
    page.click("button[data-primary]")
    expect(page.locator("#examples")).to_contain_text("算出来是可以享受，10,000.00元")
    page.fill("#e-0-amount", "10000")
    page.click("button[data-primary]")
    expect(page.locator("#examples")).not_to_contain_text("应当是可以享受")

    policy = Policy.objects.get()
    kernel.perform(policy.pk, "propose", actor=town.actor("editor"), at=town.at)
    for move in ("check", "publish"):
        kernel.perform(policy.pk, move, actor=town.actor("head"), at=town.at)
    reader = open_page(f"/policies/{policy.number}", width=390)
    expect(reader.locator("main")).to_contain_text("上年加计扣除的研发费用的5%，最多20万元")
    check_axe(reader)
