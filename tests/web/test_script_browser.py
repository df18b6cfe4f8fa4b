"""What the script adds: keys, focus, and a second click that does nothing (ui.md §3, §4)."""

import re
from datetime import timedelta

import pytest
from django.template.loader import render_to_string
from django.utils import timezone
from playwright.sync_api import expect

from tongban.web.context import frame

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

ACTIVE = "document.activeElement"


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


@pytest.fixture
def desk(open_page):
    page = open_page("/gallery?face=workbench")
    page.evaluate(f"{ACTIVE}.blur()")  # the error summary of the gallery has taken it
    return page


def current_row(page):
    return page.evaluate(f"({ACTIVE}.closest('[data-row]') || {{}}).id")


def test_errors_take_focus_and_lead_into_the_control(open_page):
    page = open_page("/gallery")
    assert page.evaluate(f"{ACTIVE}.id") == "tb-errors"
    page.get_by_role("link", name="请填身份证号").click()
    assert page.evaluate(f"{ACTIVE}.id") == "wrong_idno"


def test_j_and_k_walk_the_rows_and_x_selects(desk):
    desk.keyboard.press("j")
    first = current_row(desk)
    desk.keyboard.press("j")
    assert current_row(desk) not in (None, first)
    desk.keyboard.press("k")
    assert current_row(desk) == first
    desk.keyboard.press("ArrowDown")
    desk.keyboard.press("x")
    assert desk.locator("[data-row] input:checked").count() == 1
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(re.compile("#docket-"))


def test_bare_letters_stay_letters_inside_fields_and_while_composing(desk):
    desk.keyboard.press("/")
    assert desk.evaluate(f"{ACTIVE}.id") == "q"
    desk.keyboard.type("jk?")
    assert desk.locator("#q").input_value() == "jk?"
    desk.keyboard.press("Escape")
    assert desk.locator("#q").input_value() == "jk?", "Esc never discards"
    for composing in ("isComposing: true", "keyCode: 229"):
        desk.evaluate(
            f"document.body.dispatchEvent(new KeyboardEvent('keydown', {{key: 'j', bubbles: true, {composing}}}))"
        )
    desk.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'Process', bubbles: true}))"
    )
    assert current_row(desk) is None


def test_the_off_switch_turns_bare_letters_off(desk):
    desk.evaluate("document.body.dataset.keys = 'off'")
    desk.keyboard.press("j")
    assert current_row(desk) is None


def test_bare_letters_do_nothing_on_the_portal(open_page):
    page = open_page("/gallery")
    page.evaluate(f"{ACTIVE}.blur()")
    page.keyboard.press("j")
    assert current_row(page) is None


def test_digits_make_moves_and_a_refused_one_only_shows_why(desk):
    desk.keyboard.press("3")
    assert desk.evaluate(f"{ACTIVE}.getAttribute('aria-disabled')") == "true"
    desk.keyboard.press("2")
    expect(desk).to_have_url(re.compile("#extend$"))


def test_n_and_r_lead_to_note_and_reply(desk):
    desk.keyboard.press("n")
    assert desk.evaluate(f"{ACTIVE}.id") == "note"
    desk.keyboard.press("Escape")
    desk.keyboard.press("r")
    assert desk.evaluate(f"{ACTIVE}.id") == "reply"


def test_question_mark_lists_the_keys_and_gives_focus_back(desk):
    desk.keyboard.press("j")
    before = current_row(desk)
    desk.keyboard.press("?")
    expect(desk.locator("#tb-keys")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.locator("#tb-keys")).to_be_hidden()
    assert current_row(desk) == before


def test_the_palette_finds_a_command_and_a_number(desk):
    desk.keyboard.press("Control+k")
    expect(desk.locator("#tb-palette-input")).to_be_focused()
    desk.keyboard.type("延期")
    expect(desk.locator("#tb-palette li").first).to_have_text(re.compile("申请延期"))
    desk.keyboard.press("Enter")
    expect(desk).to_have_url(re.compile("#extend$"))
    desk.keyboard.press("Control+k")
    desk.keyboard.type("T2026-0417")
    desk.keyboard.press("Enter")
    desk.wait_for_url(re.compile(r"q(=|%3D)T2026-0417"))  # the worklist, after signing in


def test_a_second_click_sends_nothing(open_page):
    page = open_page("/preferences")
    sent = []

    def held(route):  # not answered: the page waits with its button pressed
        sent.append(route)

    page.route("**/preferences", held)
    page.evaluate("""() => { const button = document.querySelector('main .btn-primary');
        button.click(); button.click(); button.click(); }""")
    page.wait_for_timeout(400)
    assert len(sent) == 1
    sent[0].abort()


@pytest.mark.parametrize("face", ["portal", "workbench", "screen"])
def test_the_script_runs_without_an_error(open_page, face):
    page = open_page("/offline")
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"/gallery?face={face}")
    page.wait_for_timeout(100)
    assert problems == []


@pytest.fixture
def ending(open_page, rf):
    """A page whose session ends within the minute, as a signed-in reader would get it."""

    def opened(answer):
        shell = frame(rf.get("/gallery"))
        bar = render_to_string("web/_session.html", {"shell": shell, "csrf_token": "t"})
        ends = (timezone.now() + timedelta(seconds=50)).isoformat()
        page = open_page("/offline")

        def add(route):
            html = route.fetch().text()
            html = html.replace("</head>", f'<meta name="session-ends" content="{ends}"></head>')
            route.fulfill(body=html.replace("</body>", f"{bar}</body>"), content_type="text/html")

        page.route("**/gallery", add)
        page.route("**/session/extend", lambda route: route.fulfill(**answer))
        page.goto("/gallery")
        return page

    return opened


def test_the_end_of_a_session_is_told_and_one_tap_extends_it(ending):
    page = ending({"body": '{"seconds": 3600}', "content_type": "application/json"})
    page.locator("#plain_shop").fill("老王饭馆")
    expect(page.locator("#tb-session")).to_contain_text("还有2分钟到期", timeout=3000)
    page.get_by_role("button", name="继续使用").click()
    expect(page.locator("#tb-session")).to_be_hidden()
    assert page.locator("#plain_shop").input_value() == "老王饭馆"


def test_a_visitor_is_not_warned(open_page):
    assert open_page("/gallery").locator("#tb-session").count() == 0


def test_a_draft_is_saved_when_it_changed_and_a_failure_is_told(open_page):
    page = open_page("/offline")
    bodies, status = [], [204]

    def add(route):
        html = route.fetch().text().replace("<form method=", '<form data-draft-url="/draft" method=', 99)
        route.fulfill(body=html, content_type="text/html")

    def draft(route):
        bodies.append(route.request.post_data)
        route.fulfill(status=status[0])

    page.clock.install()
    page.route("**/gallery", add)
    page.route("**/draft", draft)
    page.goto("/gallery")
    page.clock.run_for(6000)
    assert bodies == [], "nothing changed, nothing sent"
    page.locator("#plain_shop").fill("老王饭馆")
    page.clock.run_for(6000)
    page.wait_for_timeout(100)
    assert len(bodies) == 1
    assert "%E8%80%81%E7%8E%8B" in bodies[0]
    status[0] = 500
    page.locator("#plain_shop").fill("老王饭馆二店")
    page.clock.run_for(5500)
    expect(page.locator("#tb-toasts")).to_contain_text("草稿没保存成")
