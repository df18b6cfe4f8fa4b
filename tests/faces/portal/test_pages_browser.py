"""The citizen's pages in a real browser (ui.md §6): one session signed in, every page, five modes."""

from __future__ import annotations

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone

from tests.faces.portal.city import example, forget, load
from tests.faces.portal.walking import begin, signed_in, walk
from tests.web.checks import (
    MODES,
    check_axe,
    check_keyboard_reach,
    check_no_csp_reports,
    check_no_sideways_scroll,
    check_targets,
    check_text_spacing,
)  # fmt: skip

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIZARD = "/themes/open-restaurant"


@pytest.fixture
def pages(settings, tmp_path, live_server):
    """Addresses of every page, and the session cookie of somebody who has something on each."""
    storages = {**configured.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = storages
    forget()
    load(at=timezone.now())
    client = signed_in("chen")
    receipt, _plan, _key = walk(client, "school-enrolment", applicant="person:7", acting="person:7")
    number = receipt.rsplit("/", 1)[1]
    begin(client, "open-restaurant", example("open-restaurant")["answers"])
    steps = ["", "/questions/owner", "/questions/area", "/notice", "/tasks", "/form/1", "/form/2", "/materials", "/delivery", "/check"]  # fmt: skip
    found = [
        "/", "/themes", *(WIZARD + step for step in steps), "/my", f"/my/{number}", f"/my/{number}/withdraw", receipt,
        "/progress", "/nearby?township=421202001000", "/help", "/accessibility", "/feedback?page=/my",
    ]  # fmt: skip
    yield found, client.cookies[configured.SESSION_COOKIE_NAME].value
    forget()


def test_every_page_in_every_mode_and_errors_that_take_the_focus(open_page, pages, live_server):
    addresses, session = pages
    cookie = {"name": configured.SESSION_COOKIE_NAME, "value": session, "url": str(live_server)}
    for mode in MODES:
        page = open_page("/offline", width=390, **mode)
        page.context.add_cookies([cookie])
        both = len(mode) > 1  # what each mode alone has shown needs a sample together
        for address in addresses[:6] if both else addresses:
            answer = page.goto(address)
            assert answer is not None
            assert answer.status == 200, address
            check_axe(page)
            if "theme" not in mode:  # colours alone change nothing of the layout
                check_no_sideways_scroll(page)
            if mode == {}:
                check_no_csp_reports(page)
                check_targets(page, least=48)
                check_text_spacing(page)
                check_keyboard_reach(page)
            elif mode == {"mode": "elder"}:
                check_targets(page, least=60)
    page = open_page("/offline", width=390)
    page.context.add_cookies([cookie])
    _errors_take_the_focus(page)


def _errors_take_the_focus(page):
    page.goto(WIZARD + "/form/1")
    page.get_by_label("店铺或企业名称").fill("晓琴奶茶店")
    page.get_by_role("button", name="保存并继续").click()
    assert page.title().startswith("错误：")
    assert page.evaluate("document.activeElement.id") == "tb-errors"
    assert page.get_by_label("店铺或企业名称").input_value() == "晓琴奶茶店"
    check_axe(page)
    page.goto(WIZARD + "/materials")
    page.get_by_role("button", name="保存并继续").last.click()
    check_axe(page)
    check_no_sideways_scroll(page)


def test_a_visitor_answers_without_javascript(open_page, pages):
    page = open_page(WIZARD, width=320, javascript=False)
    page.get_by_role("button", name="开始").click()
    for label in ("个体工商户", "只现做奶茶、咖啡等饮品"):
        page.get_by_label(label).first.check()
        page.get_by_role("button", name="继续").click()
    assert page.url.endswith("/questions/area")
    page.get_by_role("button", name="不清楚").click()
    assert page.url.endswith("/questions/fire_way")
    assert Client().get("/manifest.webmanifest").status_code == 200
