"""Every component in every state, looked at by a real browser (ui.md §6)."""

import re

import pytest
from playwright.sync_api import expect

from tests.web.checks import (
    MODES,
    check_axe,
    check_keyboard_reach,
    check_no_csp_reports,
    check_no_sideways_scroll,
    check_page,
    check_targets,
    check_text_spacing,
)  # fmt: skip

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def demo(settings):
    settings.DEMO = True


@pytest.mark.parametrize("mode", MODES, ids=lambda mode: "-".join(mode.values()) or "plain")
@pytest.mark.parametrize("face", ["portal", "workbench"])
def test_axe_finds_nothing(open_page, face, mode):
    page = open_page(f"/gallery?face={face}", **mode)
    check_axe(page)
    check_no_csp_reports(page)
    check_no_sideways_scroll(page)


def test_the_screen_is_dark_and_clean(open_page):
    page = open_page("/gallery?face=screen", width=1920, height=1080)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(13, 22, 37)"
    assert page.evaluate("parseFloat(getComputedStyle(document.body).fontSize)") >= 20
    assert (
        page.evaluate("parseFloat(getComputedStyle(document.querySelector('.tb-figure__value')).fontSize)")
        >= 64
    )
    check_axe(page)
    check_no_sideways_scroll(page)


@pytest.mark.parametrize("face", ["portal", "workbench"])
def test_keyboard_and_spacing(open_page, face):
    page = open_page(f"/gallery?face={face}")
    check_keyboard_reach(page)
    check_text_spacing(page)


def test_the_error_page_passes_every_check(open_page):
    check_page(open_page("/nowhere-at-all", width=390))


def test_the_preferences_page_passes_every_check(open_page):
    check_page(open_page("/preferences", width=390))


@pytest.mark.parametrize(
    ("face", "mode", "least"), [("portal", "", 48), ("workbench", "", 32), ("portal", "elder", 60)]
)
def test_targets_are_large_enough(open_page, face, mode, least):
    check_targets(open_page(f"/gallery?face={face}", mode=mode, width=390), least=least)


def test_elder_text_is_24_px_and_the_next_step_30(open_page):
    page = open_page("/gallery", mode="elder", width=390)
    size = "parseFloat(getComputedStyle(document.body).fontSize)"
    assert page.evaluate(size) == 24
    page.get_by_role("button", name="字再大一点").click()
    expect(page.locator("html")).to_have_attribute("data-size", "plus")
    assert page.evaluate(size) == 30


def test_elder_help_comes_first(open_page):
    page = open_page("/gallery", mode="elder", width=390)
    entries = page.locator(".tb-elder .btn").all_inner_texts()
    assert entries[0].strip() == "打12345"
    assert entries[1].strip() == "请人帮办"
    assert len(entries) <= 8


def test_zoom_of_200_percent_scrolls_one_way(open_page):
    check_no_sideways_scroll(open_page("/gallery?face=workbench"), width=683)


def test_print_is_black_on_white_without_controls(open_page):
    page = open_page("/gallery?face=workbench", theme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert not page.locator("main .btn").first.is_visible()
    assert not page.locator(".tb-nav, .tb-masthead__tools").first.is_visible()


def test_forced_colours_keep_the_states_apart(open_page):
    page = open_page("/gallery?face=workbench")
    page.emulate_media(forced_colors="active")
    edges = page.eval_on_selector_all(
        ".tb-state--suspended, .tb-state--on_time, .tb-state--provisional",
        "(all) => all.map((e) => getComputedStyle(e).borderTopStyle)",
    )
    assert {"solid", "dashed", "dotted"} == set(edges)
    check_axe(page)


def test_switching_works_without_javascript(open_page):
    page = open_page("/gallery", javascript=False, width=390)
    page.get_by_role("button", name="长辈版").click()
    expect(page.locator("html")).to_have_attribute("data-mode", "elder")
    expect(page).to_have_url(re.compile("/gallery$"))
    page.get_by_role("button", name="普通版").click()
    expect(page.locator("html[data-mode]")).to_have_count(0)


def test_a_planted_style_attribute_is_noticed(open_page):
    page = open_page("/gallery")
    page.evaluate("document.getElementById('main').setAttribute('style', 'color: red')")
    with pytest.raises(AssertionError, match="style-src"):
        check_no_csp_reports(page)


def test_planted_faults_are_noticed(open_page):
    page = open_page("/preferences")
    page.evaluate(
        "document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=\"/static/tongban/icon.svg\">')"
    )
    with pytest.raises(AssertionError, match="image-alt"):
        check_axe(page)
    page.evaluate("""() => { const wide = document.createElement('pre'); wide.textContent = 'x'.repeat(300);
        document.querySelector('main').append(wide); const s = new CSSStyleSheet();
        s.replaceSync('pre { width: 900px; overflow: visible }'); document.adoptedStyleSheets = [s]; }""")
    with pytest.raises(AssertionError, match="px wide"):
        check_no_sideways_scroll(page)
    page.evaluate("""() => { const s = new CSSStyleSheet(); s.replaceSync('* { outline: none !important }');
        document.adoptedStyleSheets = [s]; }""")
    with pytest.raises(AssertionError, match="invisible"):
        check_keyboard_reach(page)
