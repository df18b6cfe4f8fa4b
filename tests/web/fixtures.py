"""A real browser for tests; imported by tests/conftest.py, so every test may ask for them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Protocol

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = os.environ.get("TONGBAN_CHROMIUM") or shutil.which("chromium-headless-shell")


class OpenPage(Protocol):
    """Opens a page of the live server in a session of its own; give `context` to stay in one session."""

    def __call__(
        self,
        path: str = "/",
        *,
        mode: str = "",
        theme: str = "",
        language: str = "zh-hans",
        width: int = 1366,
        height: int = 768,
        javascript: bool = True,
        context: BrowserContext | None = None,
    ) -> Page: ...


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests. Debian's `chromium-headless-shell`; TONGBAN_CHROMIUM names another one."""
    if not CHROMIUM:
        pytest.fail("no Chromium: apt-get install chromium-headless-shell, or set TONGBAN_CHROMIUM")
    # Playwright's own loop runs in this thread; the ORM would refuse to work beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser, live_server: object) -> Iterator[OpenPage]:
    """A function that opens pages; see `OpenPage`."""
    made: list[BrowserContext] = []
    root = str(live_server)

    def opened(
        path: str = "/", *, mode: str = "", theme: str = "", language: str = "zh-hans", width: int = 1366,
        height: int = 768, javascript: bool = True, context: BrowserContext | None = None,
    ) -> Page:  # fmt: skip
        if context is None:
            context = browser.new_context(
                base_url=root,
                viewport={"width": width, "height": height},
                locale="en-GB" if language == "en" else "zh-CN",
                timezone_id="Asia/Shanghai",
                java_script_enabled=javascript,
                service_workers="block",
                reduced_motion="reduce",
            )
            made.append(context)
            cookies = {"tb_mode": mode, "tb_theme": theme, "django_language": language}
            context.add_cookies([{"name": k, "value": v, "url": root} for k, v in cookies.items() if v])
        page = context.new_page()
        page.goto(path)
        return page

    yield opened
    for context in made:
        context.close()
