"""The people of the stories: citizens at the portal, officers at the workbench, each in a browser of their own.

A story reads as prose: ``zhang.begins("open-restaurant")``, ``market.accepts("食品经营许可")``. Every step is
done as a person does it, by clicking and typing on the page, and waits for what the page then says.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from ruamel.yaml import YAML

from tests.faces.portal.city import SAMPLES, picture
from tests.stories.server import Town

SHANGHAI = ZoneInfo("Asia/Shanghai")
PASSWORD = "tongban-demo"
PATIENCE = 15_000
"""Milliseconds that a person waits for a page."""
LOOKS = 20
"""How often somebody looks again before giving up."""
PHONE = {"width": 390, "height": 844}
DESK = {"width": 1366, "height": 768}
MOST_PAGES = 40

_OPEN_FIELDS = """(form) => [...form.querySelectorAll('input, select, textarea')].filter((e) =>
    e.name && e.type !== 'hidden' && e.type !== 'file' && e.type !== 'checkbox' && !e.readOnly
    && !e.name.startsWith('reason:')
  ).reduce((found, e) => {
    const choice = e.type === 'radio' || e.tagName === 'SELECT';
    const one = found.find((other) => other.name === e.name)
      || (found.push({name: e.name, choice, select: e.tagName === 'SELECT', empty: true, values: []}),
          found[found.length - 1]);
    if (e.type === 'radio') { one.values.push(e.value); if (e.checked) one.empty = false; }
    else if (e.tagName === 'SELECT') {
      one.values.push(...[...e.options].map((o) => o.value).filter(Boolean)); one.empty = !e.value;
    } else one.empty = !e.value;
    return found;
  }, [])"""


@cache
def elements() -> Mapping[str, Mapping[str, Any]]:
    """Every data element of the catalogue by key."""
    files = sorted((Path(settings.PACKS) / "elements").glob("*.yaml"))
    return {one["key"]: one for path in files for one in YAML(typ="safe", pure=True).load(path)}


def pass_second_step(page: Page) -> None:
    """Officers need a second factor: the demonstration shows the code that their phone would show."""
    if "/signin/second" in page.url:
        page.locator("#id_code").fill(page.locator("[data-demo-code]").inner_text())
        with page.expect_navigation():
            page.locator("main [data-primary]").click()


class Person:
    """Somebody with a browser session of their own."""

    def __init__(
        self, company: Company, username: str, *, viewport: dict[str, int] = DESK, javascript: bool = True
    ):
        self.name, self.company = username, company
        self.context: BrowserContext = company.browser.new_context(
            base_url=company.town.url, viewport=viewport, locale="zh-CN", timezone_id="Asia/Shanghai",
            java_script_enabled=javascript, service_workers="block", reduced_motion="reduce",
            is_mobile=viewport is PHONE, has_touch=viewport is PHONE, accept_downloads=True,
        )  # fmt: skip
        self.context.set_default_timeout(PATIENCE)
        self.page: Page = self.context.new_page()
        company.everybody.append(self)

    # What everybody can do

    def opens(self, path: str) -> Page:
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status < 400, f"{self.name}: {path} gave {answer.status}"
        return self.page

    def signs_in(self) -> None:
        if "/signin" not in self.page.url:
            self.page.goto("/signin")
        self.page.locator("#id_username").fill(self.name)
        self.page.locator("#id_password").fill(PASSWORD)
        self.presses("登录")
        pass_second_step(self.page)
        assert "/signin" not in self.page.url, self.reads()

    def signs_out(self) -> None:
        self.presses("退出")

    def presses(self, words: str, *, within: Locator | None = None) -> None:
        """Press the button with exactly these words, and wait for the page that follows."""
        button = (within or self.page.locator("body")).get_by_role("button", name=words, exact=True).first
        with self.page.expect_navigation():
            button.click()

    def follows(self, words: str, *, within: Locator | None = None) -> None:
        """Follow the link that begins with these words."""
        link = (
            (within or self.page.locator("main"))
            .get_by_role("link", name=re.compile(f"^{re.escape(words)}"))
            .first
        )
        with self.page.expect_navigation():
            link.click()

    def reads(self) -> str:
        """What the page says."""
        return self.page.locator("main").inner_text()

    def is_told(self, *words: str) -> None:
        for each in words:
            expect(self.page.locator("main")).to_contain_text(each, timeout=PATIENCE)

    def is_not_told(self, *words: str) -> None:
        for each in words:
            expect(self.page.locator("main")).not_to_contain_text(each, timeout=PATIENCE)

    def screenshot(self, why: str) -> Path:
        path = self.company.folder / f"{why}-{self.name}.png"
        self.page.screenshot(path=path, full_page=True)
        return path

    def choose(self, name: str, value: str, *, within: str = "main") -> None:
        self.page.locator(f'{within} [name="{name}"][value="{value}"]').check()


class Citizen(Person):
    """Asks for something in the wizard and follows it."""

    def begins(self, theme: str) -> None:
        self.opens(f"/themes/{theme}")
        self.presses("开始")

    def answers(self, answers: Mapping[str, Any]) -> None:
        """One question a page, until the one notice is there."""
        for _ in range(MOST_PAGES):
            if "/questions/" not in self.page.url:
                break
            value = answers[self.page.url.rsplit("/", 1)[1].partition("?")[0]]
            said = {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)
            radio = self.page.locator(f'main [name="answer"][value="{said}"]')
            if radio.count():
                radio.check()
            else:
                self.page.locator("#answer").fill(said)
            self.presses("继续")
        assert self.page.url.endswith("/notice"), self.reads()

    def goes_on(self) -> None:
        """Follow the one primary link of the page: from the notice to the tasks, from there to the first open one."""
        with self.page.expect_navigation():
            self.page.locator("main a[data-primary]").click()

    def fills_in_one_page(self, **told: str) -> None:
        self._fills_a_page({key.replace("__", "."): value for key, value in told.items()})
        self.presses("保存并继续")

    def fills_in(self, **told: str) -> None:
        """Every page of the form. What is not in `told` (dots as double underscores) gets the sample answer."""
        given = {key.replace("__", "."): value for key, value in told.items()}
        for _ in range(MOST_PAGES):
            if "/form/" not in self.page.url:
                return
            self._fills_a_page(given)
            self.presses("保存并继续")
            assert not self.page.locator("#tb-errors").count(), self.page.locator("#tb-errors").inner_text()
        raise AssertionError(f"the form never ends: {self.page.url}\n{self.reads()}")

    def _fills_a_page(self, given: Mapping[str, str]) -> None:
        form = self.page.locator("form[data-draft-url]")
        for one in form.evaluate(_OPEN_FIELDS):
            name = one["name"]
            if not one["empty"] and name not in given:
                continue
            control = form.locator(f'[name="{name}"]')
            if one["choice"]:
                value = given.get(name, one["values"][0])
                if one["select"]:
                    control.select_option(value)
                else:
                    form.locator(f'[name="{name}"][value="{value}"]').check()
            else:
                control.fill(given.get(name) or sample_of(name))

    def hands_in(self, ways: Mapping[str, str] | None = None) -> None:
        """Every paper: in the way wanted, else as it is met already, else in the first one offered."""
        if "/materials" not in self.page.url:
            return  # nothing is asked for: the wizard has gone on
        ways, taken = ways or {}, set()
        for slot in self.page.locator(".tb-slot").all():
            key = (slot.get_attribute("id") or "").removeprefix("slot-")
            offered = slot.locator("input[type=radio]")
            if key not in ways and slot.locator("input[type=radio]:checked").count():
                continue
            if slot.locator("details:not([open]) input[type=radio]").count():
                slot.locator("details > summary").first.click()
            way = ways.get(key) or (offered.first.get_attribute("value") if offered.count() else "upload")
            taken.add(way)
            if offered.count():
                slot.locator(f'input[type=radio][value="{way}"]').check()
            if way == "upload":
                slot.locator("input[type=file]").set_input_files(paper(f"{key}.jpg"))
        promise = self.page.locator("#undertaken")
        if promise.count() and {"later", "commit"} & taken:
            promise.check()
        self.presses("保存并继续")
        assert not self.page.locator("#tb-errors").count(), self.page.locator("#tb-errors").inner_text()

    def wants_it_by(self, way: str) -> None:
        self.choose("way", way)
        self.presses("保存并继续")
        assert self.page.url.endswith("/check"), self.reads()

    def submits(self, *, twice: bool = False) -> str:
        """Press 提交申请 (or double-click it); gives the number on the receipt."""
        for consent in self.page.locator('main input[name="consent"]').all():
            consent.check()
        button = self.page.get_by_role("button", name="提交申请", exact=True)
        with self.page.expect_navigation(url=re.compile("/receipts/")):
            button.dblclick(no_wait_after=True) if twice else button.click()
        self.is_told("已收下您的申请")
        return self.page.url.rsplit("/", 1)[1]

    def looks_at(self, number: str) -> None:
        self.opens(f"/my/{number}")

    def looks_until(self, number: str, words: str) -> None:
        """Look again and again, a second apart, until it says so: rules decide when the news has come to them."""
        for _ in range(LOOKS):
            self.looks_at(number)
            if words in self.reads():
                break
            time.sleep(1)
        self.is_told(words)

    def supplies(self) -> None:
        """Hand in everything that was asked for afterwards, at once."""
        for slot in self.page.locator(".tb-slot input[type=file]").all():
            slot.set_input_files(paper("supplement.jpg"))
        self.presses("交上去")

    def evaluates(self, number: str, level: str, text: str = "") -> None:
        self.opens(f"/evaluate/{number}")
        self.page.get_by_label(level, exact=True).check()
        if text:
            self.page.locator("textarea[name=text]").fill(text)
        self.presses("提交评价")


class Officer(Person):
    """Works at the workbench."""

    @property
    def docket(self) -> str:
        """Number of the docket that is open on the screen."""
        return self.page.url.split("/work/")[1].partition("?")[0].partition("/")[0]

    def as_citizen(self) -> Citizen:
        """The same browser, walking the pages of a citizen: an agent who helps."""
        walker = object.__new__(Citizen)
        walker.__dict__.update(self.__dict__)
        return walker

    @property
    def own_name(self) -> str:
        return self.page.locator(".tb-who").inner_text()

    def finds(self, title: str, *, view: str = "unit") -> bool:
        """Whether a docket with this title waits in the worklist."""
        self.opens(f"/work?view={view}")
        return bool(self.page.locator("[data-row] .wb-title", has_text=title).count())

    def works_on(self, title: str, *, view: str = "unit") -> None:
        """Open the docket with this title from the worklist."""
        self.opens(f"/work?view={view}")
        row = self.page.locator("[data-row]").filter(has=self.page.locator(".wb-title", has_text=title)).first
        with self.page.expect_navigation():
            row.locator("a[data-open]").click()

    def can(self, label: str) -> bool:
        return bool(self._button(label).count())

    def _button(self, label: str) -> Locator:
        words = re.compile(rf"^\s*\d+\s*{re.escape(label)}\s*$")
        return self.page.locator(".tb-moves a.btn, .tb-moves button.btn").filter(has_text=words)

    def turns_to(self, label: str) -> bool:
        """Press the move's button; gives whether a form is open now (else the move has been made)."""
        button = self._button(label).first
        asked = button.evaluate("(e) => e.tagName === 'A'")
        with self.page.expect_navigation():
            button.click()
        return bool(asked)

    def sends(self, **given: str) -> None:
        """Fill in the open form and send it, through the page that confirms what leaves the house."""
        for name, value in given.items():
            field = self.page.locator(f'#move-form [name="{name}"]')
            if field.first.get_attribute("type") == "radio":
                self.page.locator(f'#move-form [name="{name}"][value="{value}"]').check()
            else:
                field.fill(value)
        with self.page.expect_navigation():
            self.page.locator("#move-form .tb-actions button").click()
        if self.page.locator("input[name=confirmed]").count():
            with self.page.expect_navigation():
                self.page.locator("main button[data-primary]").click()

    def tries(self, label: str, **given: str) -> None:
        """Make a move on the open docket, whatever comes of it."""
        if self.turns_to(label):
            self.sends(**given)

    def does(self, label: str, **given: str) -> None:
        """A move that succeeds."""
        self.tries(label, **given)
        self.is_told(f"已{label}：")

    def accepts(self, *titles: str) -> None:
        for title in titles:
            self.works_on(title)
            self.does("受理")

    def accepts_all(self) -> None:
        """Select every row that waits to be accepted, and accept them together."""
        self.opens("/work?view=unit&kind=case&state=case.received")
        for box in self.page.locator("[data-row] input[name=docket]").all():
            box.check()
        self.presses("批量受理")
        self.is_told("没办成0件")

    def proposes(self, title: str, opinion: str = "grant", text: str = "材料齐全，符合条件。") -> None:
        self.works_on(title)
        self.does("提出办理意见", opinion=opinion, text=text)

    def grants(self, title: str) -> None:
        self.works_on(title)
        self.does("批准")


class Department:
    """A handler and an approver of one unit, signed in when first needed."""

    def __init__(self, company: Company, slug: str) -> None:
        self.company, self.slug = company, slug

    @property
    def handler(self) -> Officer:
        return self.company.officer(self.slug)

    @property
    def approver(self) -> Officer:
        return self.company.officer(f"{self.slug}-approver")

    def decides(self, *titles: str) -> None:
        """Propose and grant, two people as the law wants."""
        for title in titles:
            self.handler.proposes(title)
            self.approver.grants(title)

    def settles(self, *titles: str) -> None:
        """Accept, propose and grant, unless rules have decided already (秒批): then nothing waits."""
        for title in titles:
            if not self.handler.finds(title):
                continue
            self.handler.works_on(title)
            self.handler.does("受理")
            self.handler.does("提出办理意见", opinion="grant", text="材料齐全，符合条件。")
            self.approver.grants(title)


class Company:
    """Everybody who takes part in one story."""

    def __init__(self, browser: Browser, town: Town, folder: Path) -> None:
        self.browser, self.town, self.folder = browser, town, folder
        self.everybody: list[Person] = []
        self._officers: dict[str, Officer] = {}

    def citizen(
        self, username: str, *, phone: bool = False, javascript: bool = True, signed_in: bool = True
    ) -> Citizen:
        person = Citizen(self, username, viewport=PHONE if phone else DESK, javascript=javascript)
        if signed_in:
            person.signs_in()
        return person

    def officer(self, username: str) -> Officer:
        if username not in self._officers:
            self._officers[username] = Officer(self, username)
            self._officers[username].signs_in()
        return self._officers[username]

    @staticmethod
    def tomorrow() -> str:
        """Tomorrow morning, as a field for date and time takes it."""
        return (datetime.now(SHANGHAI) + timedelta(days=1)).strftime("%Y-%m-%dT09:30")

    @staticmethod
    def last_of_phone(key: str) -> str:
        """The last four digits of the telephone of somebody of the demo city."""
        people = YAML(typ="safe", pure=True).load(Path(settings.PACKS) / "demo" / "people.yaml")["people"]
        return next(str(one["phone"])[-4:] for one in people if one["key"] == key)

    def department(self, slug: str) -> Department:
        return Department(self, slug)

    def leave(self) -> None:
        for person in self.everybody:
            person.context.close()


def sample_of(key: str) -> str:
    """What somebody types who follows the example beside the field."""
    element = elements().get(key, {})
    if element.get("example") and element.get("type") in {"text", "address"}:
        return str(element["example"])
    longest = int(element.get("max") or 12)
    return SAMPLES.get(element.get("type", ""), "样例文字"[:longest])


def paper(name: str) -> Any:
    """A photograph of a paper."""
    return {"name": name, "mimeType": "image/jpeg", "buffer": picture()}
