"""Checks of ui.md §6 that every page must pass; called by any test with a playwright page.

    from tests.web.checks import check_page
    check_page(open_page("/mine"))

Each function raises AssertionError with what is wrong and where. They leave the page's viewport as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parent.parent / "assets" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# The five modes of ui.md §6.1: arguments of `open_page`.
MODES: tuple[dict[str, str], ...] = (
    {},
    {"mode": "elder"},
    {"theme": "dark"},
    {"language": "en"},
    {"mode": "elder", "theme": "dark"},
)

_SPACING = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }
"""

_OVERFLOWING = """(width) => {
  const out = [];
  for (const e of document.querySelectorAll('body *')) {
    const box = e.getBoundingClientRect();
    if (box.width && box.right > width + 1 && !e.closest('.tb-scroll, .visually-hidden')) {
      out.push(e.tagName.toLowerCase() + '.' + [...e.classList].join('.') + ' ' + Math.round(box.right));
    }
  }
  return out.slice(0, 8);
}"""

_CLIPPED = """() => [...document.querySelectorAll('main *')].filter((e) => {
  const style = getComputedStyle(e);
  return e.clientWidth > 2 && style.overflowX === 'hidden' && e.scrollWidth > e.clientWidth + 1
    && style.textOverflow !== 'ellipsis' && e.textContent.trim();
}).map((e) => e.outerHTML.slice(0, 120))"""

_EXPECTED = """() => {
  const groups = new Set();
  window.tbExpected = [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')].filter((e) => {
    if (e.disabled || e.tabIndex < 0 || !e.getClientRects().length) return false;
    if (getComputedStyle(e).visibility === 'hidden') return false;
    if (e.checkVisibility && !e.checkVisibility()) return false; // inside closed details
    if (e.type === 'radio') {
      const group = (e.form ? [...document.forms].indexOf(e.form) : '') + ' ' + e.name;
      if (groups.has(group)) return false;
      groups.add(group);
    }
    return true;
  });
  document.body.setAttribute('tabindex', '-1');
  document.body.focus();
  document.body.removeAttribute('tabindex');
  window.scrollTo(0, 0);
  return window.tbExpected.length;
}"""

# Every focus is noted where it happens, so that a round of Tab keys needs one question instead of one each.
_WATCH = """() => {
  window.tbReached = new Set();
  window.tbUnseen = new Set();
  document.addEventListener('focusin', ({target: e}) => {
    const style = getComputedStyle(e);
    window.tbReached.add(window.tbExpected.findIndex((one) => one === e
      || (one.type === 'radio' && e.type === 'radio' && one.name === e.name && one.form === e.form)));
    if (style.outlineStyle === 'none' || parseFloat(style.outlineWidth) < 2) window.tbUnseen.add(e.outerHTML.slice(0, 120));
  });
}"""

_MISSING = """() => window.tbExpected.filter((e, i) => !window.tbReached.has(i)).map((e) => e.outerHTML.slice(0, 120))"""


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


@contextmanager
def _viewport(page: Page, width: int) -> Iterator[None]:
    before = page.viewport_size
    page.set_viewport_size({"width": width, "height": 700})
    page.wait_for_timeout(50)
    try:
        yield
    finally:
        if before:
            page.set_viewport_size(before)


def check_axe(page: Page, *, exclude: Sequence[str] = ()) -> None:
    """No finding of axe-core: WCAG 2.2 A and AA and its best practices.

    :param exclude: CSS selectors left out, each for a reason that the calling test states
    """
    page.evaluate(_axe())
    found: dict[str, Any] = page.evaluate(
        """async ([exclude, rules]) => axe.run(
            {include: [['html']], exclude: exclude.map((one) => [one])},
            {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations']})""",
        [list(exclude), RULES],
    )
    lines = [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')}"
        for one in found["violations"]
        for node in one["nodes"][:4]
    ]
    assert not lines, f"axe on {page.url}:\n" + "\n".join(lines)


def check_no_sideways_scroll(page: Page, *, width: int = 320) -> None:
    """At `width` CSS pixels nothing reaches past the right edge; wide tables sit in ``.tb-scroll``."""
    with _viewport(page, width):
        _fits(page, width)


def _fits(page: Page, width: int) -> None:
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, f"{page.url} is {wide} px wide at {width}: {page.evaluate(_OVERFLOWING, width)}"


def check_text_spacing(page: Page, *, width: int = 320) -> None:
    """At `width` nothing scrolls sideways, with and without the spacing of WCAG 1.4.12, and spaced text is whole."""
    with _viewport(page, width):
        _fits(page, width)
        # A constructed sheet, because the policy refuses a <style> element.
        page.evaluate(
            """(rules) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(rules);
                document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]; }""",
            _SPACING,
        )
        try:
            _fits(page, width)
            clipped = page.evaluate(_CLIPPED)
            assert not clipped, f"{page.url}: cut off when spaced: {clipped}"
        finally:
            page.evaluate("() => { document.adoptedStyleSheets = document.adoptedStyleSheets.slice(0, -1); }")


def check_no_csp_reports(page: Page) -> None:
    """The browser refused nothing on this page since it was loaded (style attributes, inline scripts …)."""
    reports = page.evaluate(
        """() => new Promise((done) => {
            const seen = [];
            const observer = new ReportingObserver((list) => seen.push(...list),
                {types: ['csp-violation'], buffered: true});
            observer.observe();
            setTimeout(() => done([...seen, ...observer.takeRecords()].map(({body}) =>
                `${body.effectiveDirective} ${body.blockedURL} ${body.sourceFile || ''}:${body.lineNumber || ''}`)), 30);
        })"""
    )
    assert not reports, f"content security policy on {page.url}: {reports}"


def check_keyboard_reach(page: Page) -> None:
    """Tab reaches every control, each shows its focus, and none holds it."""
    expected = page.evaluate(_EXPECTED)
    page.evaluate(_WATCH)
    missing: list[str] = []
    for _ in range(3):  # what a focus unfolds is reached in the next round
        for _key in range(expected + 3):
            page.keyboard.press("Tab")
        missing = page.evaluate(_MISSING)
        if not missing:
            break
    assert not missing, f"{page.url}: Tab never reaches {missing}"
    unseen = page.evaluate("() => [...window.tbUnseen]")
    assert not unseen, f"{page.url}: focus is invisible on {unseen}"


def check_targets(page: Page, *, least: int) -> None:
    """Buttons and form controls are at least `least` CSS pixels high (48 portal, 32 workbench, 60 elder)."""
    small = page.evaluate(
        """(least) => [...document.querySelectorAll('.btn, .form-control, .form-select, .form-check, .tb-tool')]
            .filter((e) => e.getClientRects().length && e.getBoundingClientRect().height < least - 0.5)
            .map((e) => Math.round(e.getBoundingClientRect().height) + ' ' + e.outerHTML.slice(0, 100))""",
        least,
    )
    assert not small, f"{page.url}: lower than {least} px: {small}"


def check_page(page: Page) -> None:
    """Everything above that holds for any page as it stands."""
    check_no_csp_reports(page)
    check_axe(page)
    check_text_spacing(page)
    check_keyboard_reach(page)
