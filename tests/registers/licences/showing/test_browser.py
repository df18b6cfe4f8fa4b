"""Showing and scanning in a real browser. tests/stories/test_every_page.py looks at the pages in every mode."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone

from tests.actors.factories import a_person, a_unit, an_officer
from tests.registers.identity.factories import an_account
from tests.registers.licences.holding import BUREAU, USCC, a_licence, root_folder, storage
from tests.web.checks import check_axe, check_no_csp_reports

__all__ = ["root_folder", "storage"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("root_folder", "storage"),
]


def session(account):
    client = Client()
    client.force_login(account)
    return client.cookies[configured.SESSION_COOKIE_NAME].value


def as_(page, account, live_server):
    cookie = {"name": configured.SESSION_COOKIE_NAME, "value": session(account), "url": str(live_server)}
    page.context.add_cookies([cookie])
    return page


@pytest.fixture
def people():
    """Zhang with licences valid and suspended, an officer at a window of another unit."""
    a_unit(BUREAU, name="咸宁市咸安区市场监督管理局", name_en="Xian'an Market Regulation", uscc=USCC)
    zhang, now = (
        a_person(name="阿卜杜勒热合曼·买买提艾力·吐尔逊江·玉素甫阿吉"),
        timezone.now() - timedelta(minutes=1),
    )
    made = a_licence(zhang, at=now)
    window = an_officer("window", of=a_unit("421202-dsj", name="咸安区政务服务中心"))
    return {
        "zhang": an_account("zhang", acts_as=zhang), "window": an_account("window", acts_as=window, kind="officer"),
        "licence": made,
    }  # fmt: skip


def test_a_phone_shows_and_a_desk_scans_by_keyboard_alone(open_page, people, live_server):
    phone = as_(open_page("/offline", width=390), people["zhang"], live_server)
    phone.goto(f"/licences/{people['licence'].id}")
    phone.locator("form[action$='/show'] button").click()
    phone.wait_for_url("**/licences/showings/*")
    check_axe(phone)
    desk = as_(open_page("/offline"), people["window"], live_server)
    desk.goto("/work/scan")
    assert desk.evaluate("document.activeElement.id") == "code"
    desk.keyboard.type(phone.locator(".lc-digits").inner_text())  # as a scanner does: the code, then Enter
    desk.keyboard.press("Enter")
    desk.wait_for_url("**/work/scan/*")
    assert people["licence"].number in desk.locator("main").inner_text()
    phone.get_by_text("已被看过1次").wait_for(timeout=15_000)  # comes by itself
    check_no_csp_reports(phone)


def test_a_citizen_without_javascript_makes_a_city_code_and_takes_it_back(open_page, people, live_server):
    phone = as_(open_page("/offline", width=320, javascript=False), people["zhang"], live_server)
    phone.goto("/licences/city-code")
    phone.get_by_role("button", name="生成香城码").click()
    assert phone.title().startswith("错误：")
    phone.get_by_label("食品经营许可证").check()
    phone.get_by_label("给哪个单位看").select_option(label="咸安区政务服务中心")
    phone.get_by_label("5分钟", exact=True).check()
    phone.get_by_role("button", name="生成香城码").click()
    assert "只有咸安区政务服务中心能看" in phone.locator("main").inner_text()
    phone.get_by_role("button", name="收回，不再出示").click()
    assert "已经收回" in phone.locator("main").inner_text()
