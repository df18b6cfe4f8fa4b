"""The two pages of joint handling in a real browser, as the pages of the table are: read by axe, narrow, and without faults."""

from __future__ import annotations

import pytest
from django.conf import settings as configured
from django.test import Client

from tests.desks.cases.partners.far import NEAR, handed, news, signed
from tests.desks.cases.partners.test_asking import came, letter, near  # noqa: F401 - fixtures
from tests.desks.cases.town import MONDAY, WINDOW
from tests.registers.identity.factories import an_account
from tests.web.checks import check_axe, check_no_csp_reports, check_no_sideways_scroll
from tongban.actors.models import Officer
from tongban.desks.cases.partners import api as partners
from tongban.desks.cases.partners import sending
from tongban.kernel import api as kernel

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def reads(open_page, live_server):
    """A page as an officer of a unit sees it, with what was posted refused once."""

    def reads(unit, role, where, **more):
        client = Client()
        who = Officer.objects.filter(unit_id=unit, appointments__role=role).first()
        client.force_login(an_account(f"at-{unit}", acts_as=who, kind="officer"))
        page = open_page("/12345", **more)
        name = configured.SESSION_COOKIE_NAME
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": str(live_server)}]
        )
        page.goto(where)
        return page

    return reads


def checked(page):
    check_axe(page)
    check_no_sideways_scroll(page)
    check_no_csp_reports(page)
    page.click("main button[data-primary]")
    page.wait_for_selector("[role=alert]")
    check_axe(page)
    check_no_sideways_scroll(page)


def test_asking_the_place_that_received(near, came, reads):  # noqa: F811 - fixtures
    case = came()
    page = reads("421202-scjg", "handler", f"/work/inquiries/new?number={case.number}", width=320)
    checked(page)


def test_answering_what_a_place_asks(near, reads):  # noqa: F811 - fixtures
    receipt = handed(to=NEAR)
    kernel.perform(receipt.docket, "pack", actor=WINDOW, at=MONDAY, data={"identity": "original"})
    sending.send_due(at=MONDAY)
    asked = news("asks", package=f"{receipt.number}.1", id="Q-000001", said="请核实登记", purpose="verify")
    partners.hear(signed(letter(asked, near), near), {}, at=MONDAY)
    unit = kernel.docket_by_id(receipt.docket, actor=kernel.SYSTEM).unit
    checked(reads(unit, "window", f"/work/inquiries/answer?number={receipt.number}", width=320))
