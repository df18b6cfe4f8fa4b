"""The checks that every page must pass do fail: each is shown a page with the one fault that it looks for."""

import pytest

from tests.web.checks import (
    check_axe,
    check_keyboard_reach,
    check_no_csp_reports,
    check_no_sideways_scroll,
    check_page,
    check_targets,
    check_text_spacing,
)

pytestmark = [pytest.mark.browser]

ROOT = "http://a-page.example/"
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'"
SOUND = "<h1>一页</h1><p>一句话。</p><p><a href='/there'>到那里去</a> <button>好</button></p>"
RULES = "button, a { outline-offset: 2px } :focus { outline: 3px solid black }"
TRAP = """document.querySelector('button').addEventListener('keydown', (event) => {
  if (event.key === 'Tab') event.preventDefault();
});"""


@pytest.fixture
def shown(browser):
    """Shows a body, as a page with the policy and what the tests say of style and script."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, service_workers="block")
    page = context.new_page()

    def show(body=SOUND, *, style=RULES, script=""):
        answers = {
            "/": (
                "text/html",
                (
                    "<!doctype html><html lang='zh-CN'><head><meta charset='utf-8'><title>一页</title>"
                    "<meta name='viewport' content='width=device-width'><link rel='stylesheet' href='/style.css'></head>"
                    f"<body><main>{body}</main><script src='/script.js'></script></body></html>"
                ),
            ),
            "/style.css": ("text/css", style),
            "/script.js": ("text/javascript", script),
        }

        def answer(route, request):
            kind, text = answers.get("/" + request.url.removeprefix(ROOT), ("text/plain", ""))
            route.fulfill(
                body=text, content_type=f"{kind}; charset=utf-8", headers={"Content-Security-Policy": POLICY}
            )

        page.route("**/*", answer)
        page.goto(ROOT)
        return page

    yield show
    context.close()


def test_a_sound_page_passes_all_of_them(shown):
    page = shown()
    check_page(page)
    check_keyboard_reach(page)


@pytest.mark.parametrize(
    ("check", "fault", "words"),
    [
        (check_axe, {"body": f"{SOUND}<img src='/one.png'>"}, "image-alt"),
        (check_no_sideways_scroll, {"style": f"{RULES} p {{ width: 400px }}"}, "px wide at 320"),
        (
            check_text_spacing,
            {"style": f"{RULES} p {{ width: 4em; overflow-x: hidden; white-space: nowrap }}"},
            "cut off when spaced",
        ),
        (check_no_csp_reports, {"body": f"{SOUND}<p style='color: red'>红</p>"}, "style-src"),
        (check_no_csp_reports, {"body": f"{SOUND}<script>var late = 1;</script>"}, "script-src"),
        (check_keyboard_reach, {"body": f"<button>停</button>{SOUND}", "script": TRAP}, "never reaches"),
        (check_keyboard_reach, {"style": "button:focus { outline: none }"}, "focus is invisible"),
        (lambda page: check_targets(page, least=48), {"body": f"{SOUND}<button class='btn'>小</button>"}, "lower than"),
    ],
    ids=["axe", "wide", "spaced", "style", "script", "trap", "unseen", "small"],
)  # fmt: skip
def test_a_page_with_one_fault_is_refused_for_it(shown, check, fault, words):
    page = shown(**fault)
    with pytest.raises(AssertionError, match=words):
        check(page)
