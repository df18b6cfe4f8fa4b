"""Whole days of officers, through HTTP and through a real browser by keyboard alone."""

import re

import pytest
from django.conf import settings as django_settings
from django.utils import timezone
from playwright.sync_api import expect

from tests.desks.cases.town import case
from tests.faces.workbench.office import actor, asked, cases_of, days_ago, make, party, signed_in, the_case
from tests.stories.people import pass_second_step
from tests.web.checks import (
    check_axe,
    check_keyboard_reach,
    check_no_csp_reports,
    check_no_sideways_scroll,
    check_targets,
    check_text_spacing,
)
from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.docket.models import Docket
from tongban.oversight.appraisal import api as appraisal
from tongban.registers.identity.contracts import demo_steps

RESTAURANT = (
    case("0703100100", "scjg", name="市场主体设立登记"),
    case("0103100200", "scjg", name="食品经营许可", after=("0703100100",), survey="现场"),
    case(
        "0104300100",
        "xfjy",
        name="公众聚集场所投入使用、营业前消防安全检查",
        after=("0703100100",),
        survey="现场",
    ),
    case("0104100100", "cgj", name="户外广告及招牌设施设置许可"),
)


def decide(handler, approver, row) -> None:
    make(handler, row, "propose", opinion="grant", text="符合条件")
    make(approver, row, "grant")
    row.refresh_from_db()
    assert row.state == "granted"


@pytest.mark.django_db
@pytest.mark.usefixtures("demo_city")
def test_five_officers_and_a_chief_bring_one_restaurant_to_its_evaluation(client):
    """Registration, then food and fire surveyed together, the sign by delegation, one delivery, a bad rating mended."""
    from tongban.desks.cases.contracts import SurveyAsked

    survey = SurveyAsked("现场", "421202-scjg", ("0103100200", "0104300100"))
    receipt = asked(cases=RESTAURANT, surveys=(survey,))
    food, food_approver = signed_in("scjg"), signed_in("scjg-approver")
    fire, fire_approver = signed_in("xfjy"), signed_in("xfjy-approver")
    rows = cases_of(receipt)
    make(food, rows["0703100100"], "accept")
    decide(food, food_approver, rows["0703100100"])
    rows = cases_of(receipt)
    assert {rows[m].state for m in ("0103100200", "0104300100")} == {"received"}, "their turn has come"
    make(food, rows["0103100200"], "accept")
    make(fire, rows["0104300100"], "accept")
    visit = Docket.objects.get(kind="survey")
    surveyor = signed_in("scjg-survey")
    tomorrow = (timezone.localtime() + timezone.timedelta(days=1)).strftime("%Y-%m-%dT09:00")
    assert "核对后提交" in make(surveyor, visit, "schedule", held_at=tomorrow).content.decode()
    make(surveyor, visit, "schedule", held_at=tomorrow, confirmed="1")
    make(surveyor, visit, "report", passed="yes", findings="布局合理，消防通道畅通")
    assert "布局合理" in fire.get(f"/work/{rows['0104300100'].number}").content.decode(), (
        "one report for both"
    )
    rows = cases_of(receipt)
    decide(food, food_approver, rows["0103100200"])
    decide(fire, fire_approver, rows["0104300100"])
    chief = signed_in("chief")
    make(chief, rows["0104100100"], "accept")
    decide(chief, chief, rows["0104100100"])
    whole = Docket.objects.get(pk=receipt.docket)
    assert (whole.state, whole.outcome) == ("done", "delivered")
    assert "已办结" in signed_in("window").get(f"/work/{whole.number}").content.decode()
    citizen = signed_in("zhang")
    citizen.post(f"/evaluate/{whole.number}", {"level": "5", "tags": ["many_trips"], "text": "跑了三趟"})
    bad = Docket.objects.get(kind="mending")
    head, callback = signed_in("xa-dsj-head"), signed_in("callback")
    make(head, bad, "contact", how="phone", said="材料没说清", days="5")
    make(head, bad, "answer", kind="mended", measure="一次告知单改为清单")
    make(callback, bad, "close_mended", confirmed="1", said="满意", result="以后一次说清")
    bad.refresh_from_db()
    assert bad.outcome == "mended"
    assert bad.number in signed_in("leader").get("/evaluations?bad=1").content.decode()


@pytest.fixture
def office(transactional_db, settings):
    """The demo city in a database that the live server reads."""
    settings.DEMO = True  # which shows officers the code of their second step
    for step in demo_steps():
        if step.name in {"city", "accounts"}:
            step.loader(django_settings.PACKS / "demo", timezone.now())


def sign_in(open_page, username: str, path: str, **how):
    page = open_page(f"/signin?next={path}", **how)
    page.fill("input[name=username]", username)
    page.fill("input[name=password]", "tongban-demo")
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")
    pass_second_step(page)
    return page


def check(page) -> None:
    check_no_csp_reports(page)
    check_axe(page)
    check_no_sideways_scroll(page)


@pytest.mark.browser
@pytest.mark.usefixtures("office")
def test_a_handler_works_by_keyboard_alone_and_every_page_passes_the_checks(open_page):
    overdue = the_case(asked(key="late", ago=30, who="long-name"))
    kernel.perform(overdue.id, "accept", actor=actor("scjg"), at=days_ago(29))
    fresh = the_case(asked(key="fresh"))
    page = sign_in(open_page, "scjg", "/work?view=unit".replace("?", "%3F"))
    check(page)
    check_targets(page, least=32)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(f"#row-{fresh.number} a")).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator(f"#row-{fresh.number} input")).to_be_checked()
    page.keyboard.press("j")
    page.locator(f"#row-{fresh.number} a").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("食品经营许可")
    check(page)
    with page.expect_navigation():
        page.keyboard.press("1")  # accept
    expect(page.locator("#id_accept_note")).to_be_focused()
    check(page)
    page.keyboard.type("zi liao qi quan")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    expect(page.locator(".tb-banner--done")).to_contain_text("已受理")
    page.keyboard.press("n")
    expect(page.locator("#id_note_text")).to_be_focused()
    page.keyboard.press("Escape")
    with page.expect_navigation():
        page.keyboard.press("[")
    expect(page.locator(".tb-state--overdue").first).to_be_visible()
    check_text_spacing(page)
    with page.expect_navigation():
        page.keyboard.press("Escape")
    assert page.url.endswith(f"#row-{overdue.number}"), "back to the same row"
    page.goto(f"/work/{overdue.number}/ledger")
    check(page)
    page.goto(f"/work/{overdue.number}?move=propose")
    page.get_by_role("button", name=re.compile("提出办理意见")).click()
    expect(page.locator("#tb-errors")).to_be_focused()
    check(page)
    check_keyboard_reach(page)


@pytest.mark.browser
@pytest.mark.usefixtures("office")
def test_what_is_late_and_what_was_done_badly_reach_those_who_mend_it(open_page):
    late = the_case(asked(key="late", ago=30))
    kernel.perform(late.id, "accept", actor=actor("scjg"), at=days_ago(29))
    from tests.faces.workbench.office import granted

    done = asked(key="done")
    granted(done)
    page = sign_in(open_page, "supervisor", "/work/late")
    expect(page.locator("main")).to_contain_text(late.number)
    page = sign_in(open_page, "leader", "/screen", width=1920, height=1080)
    check(page)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(13, 22, 37)"
    expect(page.locator(".tb-figure__value").first).to_have_text("1")
    page = sign_in(open_page, "zhang", f"/evaluate/{done.number}", width=390, height=844, javascript=False)
    page.check("input[name=level][value='4']")
    page.get_by_role("button", name="提交评价").click()
    expect(page.locator("h1")).to_have_text("谢谢您的评价")
    bad = Docket.objects.get(kind="mending")
    assert appraisal.evaluation_of(done.docket).mending == bad.number
    assert actors.actor(actor_id=party(), at=timezone.now()).parties
    page = sign_in(open_page, "callback", f"/work/{bad.number}", language="en")
    expect(page.get_by_role("link", name="Contact the citizen")).to_be_visible()
    check(page)
