"""The citizen's pages in a real browser (ui.md §6): modes together, errors, no JavaScript."""

from __future__ import annotations

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone

from tests.faces.portal.city import example, forget, load
from tests.faces.portal.walking import begin, signed_in, walk
from tests.snapshots import restored
from tests.web.checks import check_axe, check_no_sideways_scroll, check_targets

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIZARD = "/themes/open-restaurant"


def _cookie(session, live_server):
    return {"name": configured.SESSION_COOKIE_NAME, "value": session, "url": str(live_server)}


@pytest.fixture
def pages(settings, tmp_path, live_server):
    """Addresses of every page, and the session cookie of somebody who has something on each."""
    storages = {**configured.STORAGES}
    storages["default"] = {**storages["default"], "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = storages
    forget()
    restored("city today", lambda: load(at=timezone.now()))
    forget()
    client = signed_in("chen")
    receipt, _plan, _key = walk(client, "school-enrolment", applicant="person:7", acting="person:7")
    begin(client, "open-restaurant", example("open-restaurant")["answers"])
    found = ["/", WIZARD, WIZARD + "/form/1", WIZARD + "/check", "/my", receipt]
    yield found, client.cookies[configured.SESSION_COOKIE_NAME].value
    forget()


def test_large_print_in_the_dark(open_page, pages, live_server):
    """Each mode alone is tests/stories/test_every_page.py; together they need a sample."""
    addresses, session = pages
    page = open_page("/offline", width=390, mode="elder", theme="dark")
    page.context.add_cookies([_cookie(session, live_server)])
    for address in addresses:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        check_axe(page)
        check_no_sideways_scroll(page)
        check_targets(page, least=60)


def test_errors_take_the_focus(open_page, pages, live_server):
    page = open_page("/offline", width=390)
    page.context.add_cookies([_cookie(pages[1], live_server)])
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
