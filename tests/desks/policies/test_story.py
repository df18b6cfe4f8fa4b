"""Money finds a company, in a browser and through the real rooms: a measure is matched, a list published, one tap, the bank; a
neighbour that just misses learns why; an auditor traces the payment to the article, the data and the people.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from tests.actors.factories import CITY, a_unit, an_officer
from tests.desks.policies.matching.conftest import GOOD, NEARLY, Town, growth
from tests.registers.identity.factories import an_account
from tests.web.checks import check_axe, check_no_csp_reports
from tongban.desks.policies.claims import api as claims
from tongban.desks.policies.claims.models import Due, Run
from tongban.kernel import api as kernel
from tongban.kernel.clock.firing import fire_due
from tongban.kernel.models import Docket
from tongban.registers.payments import api as payments

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class City(Town):
    """The policies' town, with a treasury that pays and a supervisor who looks."""

    def __init__(self, folder):
        super().__init__(folder)
        self.at = timezone.now() - timedelta(days=14)  # pages read the clock on the wall
        treasury = a_unit("421200-czj", region=CITY, name="咸宁市财政局")
        self.officers |= {
            "clerk": an_officer("finance", of=treasury, name="刘子轩"),
            "treasurer": an_officer("treasurer", of=treasury, name="胡晓燕"),
            "auditor": an_officer("supervisor", of=self.desk, name="丁一"),
        }

    def list_published(self):
        self.open(growth(way="none", publicity_days=5), valid_from="2020-01-01", valid_until=None)
        self.run()
        run = Run.objects.get(number=claims.draw("kjj-growth", at=self.at))
        kernel.perform(run.docket, "publish", actor=self.actor("head"), at=self.at)
        self.at = timezone.now()
        fire_due(at=self.at)

    def paid(self, number):
        claims.bundle_runs(at=self.at)
        batch = Docket.objects.get(number=Due.objects.get(number=number).batch)
        for move, who in (("check", "clerk"), ("approve", "treasurer")):
            kernel.perform(batch.pk, move, actor=self.actor(who), at=self.later(minutes=1))
        payments.send_due(at=self.later(minutes=1))
        claims.settle_open(at=self.later(minutes=1))


@pytest.fixture
def city(db, settings, tmp_path):
    settings.DATA, settings.PAYMENT_PROVIDER = tmp_path / "data", "demo"
    return City(tmp_path / "policies")


@pytest.fixture
def browse(open_page, live_server):
    def browse(account, path, **more):
        client = Client()
        client.force_login(account)
        page = open_page("/12345", **more)
        name = configured.SESSION_COOKIE_NAME
        page.context.add_cookies(
            [{"name": name, "value": client.cookies[name].value, "url": str(live_server)}]
        )
        page.goto(path)
        return page

    return browse


def test_one_tap_why_not_and_who_paid(city, browse):
    rich, poor = city.company(**GOOD), city.company(**NEARLY)
    known = claims.NewAccount("咸宁第1公司", "6222021812001234567", "湖北银行咸宁分行")
    claims.note_account(str(rich), known, source="税务登记的账户", actor=kernel.SYSTEM, at=city.at)
    city.list_published()

    taking = browse(an_account("rich", acts_as=rich, kind="organisation"), "/benefits", width=390)
    taking.click("text=确认领取30,000元")
    expect(taking.locator("main")).to_contain_text("已确认")
    check_axe(taking)
    check_no_csp_reports(taking)
    due = Due.objects.get(party=str(rich))
    assert due.state == "confirmed"

    missing = browse(an_account("poor", acts_as=poor, kind="organisation"), "/benefits")
    expect(missing.locator("main")).to_contain_text("还差一点")
    missing.click("text=看差在哪、怎么办")
    expect(missing.locator("main")).to_contain_text("注册资本")
    expect(missing.locator("main")).to_contain_text("480,000")
    check_axe(missing)

    city.paid(due.number)
    auditor = an_account("auditor", acts_as=city.officers["auditor"], kind="officer")
    trace = browse(auditor, f"/work/benefits/trace/{due.number}")
    for words in ("第五条", "注册资本", "咸宁第1公司", "贺兰", "刘子轩", "胡晓燕", "银行：已到账"):
        expect(trace.locator("main")).to_contain_text(words)
    assert "6222021812001234567" not in trace.content()
    check_axe(trace)
