"""A kiosk in a real browser: nothing of the person before can be called back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.utils import timezone

from tests.actors.factories import a_person, a_unit
from tests.registers.identity.factories import an_account
from tests.registers.licences.holding import BUREAU, USCC, a_licence, root_folder, storage
from tests.web.checks import check_axe, check_no_csp_reports, check_no_sideways_scroll, check_targets
from tongban.faces.kiosk import services
from tongban.kernel import api as kernel

__all__ = ["root_folder", "storage"]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("root_folder", "storage"),
]
NAME, SHOP = "欧阳晓明月", "温泉张记小馆"


MACHINE, PHONE = {"width": 1080, "height": 1920}, {"width": 390, "height": 844}


def looked_at(page):
    check_axe(page)
    for size in (PHONE, MACHINE):
        page.set_viewport_size(size)
        check_targets(page, least=60)
        check_no_sideways_scroll(page)


def test_a_licence_is_printed_and_nothing_is_left(open_page, live_server):
    now = timezone.now()
    a_unit("421202-dsj")
    a_unit(BUREAU, uscc=USCC)
    who = a_person(name=NAME)
    account = an_account("ouyang", acts_as=who)
    card = a_licence(who, at=now - timedelta(minutes=1))
    page = open_page("/kiosk?region=421202000000", width=1080, height=1920)
    page.set_default_timeout(8000)
    page.wait_for_url("**/kiosk")
    looked_at(page)
    page.get_by_role("link", name="打印").click()
    page.wait_for_url(lambda url: "/kiosk/enter" in url)
    looked_at(page)
    made = services.make_code(
        account=account.pk, party=account.actor_id, actor=kernel.Actor(id=account.actor_id), at=timezone.now()
    )
    for digit in made.code:  # by thumb
        page.locator(f"[data-key='{digit}']").click()
    page.get_by_role("button", name="登录").click()
    page.wait_for_url("**/kiosk/mine")
    looked_at(page)
    assert "4:" in page.locator("[data-kiosk-left]").inner_text()
    page.locator(f"a[href='/licences/{card.id}']").click()
    page.wait_for_url("**/licences/*")
    page.evaluate("window.print = () => { document.body.dataset.printed = 1 }")
    page.locator("[data-kiosk-print]").click()
    assert page.evaluate("document.body.dataset.printed") == "1"
    assert SHOP in page.locator("main").inner_text()
    page.evaluate("localStorage.setItem('x', '1'); sessionStorage.setItem('x', '1')")
    page.locator(".ks-bar").get_by_role("button", name="结束并清除").click()
    page.wait_for_url("**/kiosk/cleared")
    assert "已清除" in page.locator("h1").inner_text()
    looked_at(page)
    for _step in range(4):  # the next person presses “back”
        page.go_back(wait_until="load")
        shown = page.content()
        assert SHOP not in shown
        assert NAME not in shown
        assert card.number not in shown
    assert page.evaluate("[localStorage.x, sessionStorage.x]") == [None, None]
    assert set(page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")) <= {
        "htmx-current-path-for-history"
    }
    assert configured.SESSION_COOKIE_NAME not in {one["name"] for one in page.context.cookies()}
    page.goto("/kiosk/mine")
    assert "/kiosk/enter" in page.url
    check_no_csp_reports(page)
