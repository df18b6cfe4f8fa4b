"""What the stories stand on: a prepared city, a server of one's own, people with browsers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Error as BrowserError

from tests.stories.people import Company
from tests.stories.server import Town, once, prepare, prepare_with_work, serve


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A folder that all pytest-xdist processes of one run have in common."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if hasattr(request.config, "workerinput") else base


@pytest.fixture(scope="session")
def prepared(shared: Path) -> Path:
    """The empty city. TONGBAN_STORIES names a folder that outlives the run, for whoever writes stories."""
    return once(Path(os.environ.get("TONGBAN_STORIES", shared)) / "city", prepare)


@pytest.fixture(scope="session")
def busy(prepared: Path) -> Path:
    return once(prepared.with_name("busy-city"), prepare_with_work(prepared))


@pytest.fixture
def town(prepared: Path, tmp_path: Path) -> Iterator[Town]:
    """A city in which nobody has asked for anything yet."""
    up = serve(prepared, tmp_path / "town")
    yield up
    up.close()


@pytest.fixture
def people(browser: Browser, town: Town, tmp_path: Path) -> Iterator[Company]:
    """Everybody in the story, each with a browser session of their own."""
    company = Company(browser, town, tmp_path)
    yield company
    company.leave()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A failed story shows what everybody had on the screen, and what the server said."""
    report = yield
    company = getattr(item, "funcargs", {}).get("people")
    if report.when == "call" and report.failed and isinstance(company, Company):
        for person in company.everybody:
            try:
                where = person.screenshot("failed")
            except BrowserError as error:
                where = str(error)
            report.sections.append((f"screen of {person.name}", f"{person.page.url}\n{where}"))
        log = company.town.folder / "server.log"
        report.sections.append(("server", log.read_text("utf-8")[-4000:]))
    return report
