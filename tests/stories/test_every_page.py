"""Every page as its readers open it, through the checks of ui.md §6: axe in four modes, 320 px, spacing, CSP, keys.

The table names who opens what; a route that is neither in it nor excused fails the last test.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve
from playwright.sync_api import Browser, Page

from tests.faces.portal.city import example
from tests.stories.people import DESK, PHONE, Citizen, Company, Officer, Person
from tests.stories.server import Town, module, serve
from tests.web.checks import (
    check_axe,
    check_keyboard_reach,
    check_no_csp_reports,
    check_targets,
    check_text_spacing,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

NOBODY = ""
WIZARD = "/themes/open-restaurant"
MATTER = "/matters/0103100200?region=421202000000"

# Who opens which page; `{…}` is looked up in the demo city's work (see `facts`).
TABLE: tuple[tuple[str, str], ...] = (
    *((NOBODY, path) for path in (
        "/", "/themes", WIZARD, f"{WIZARD}/questions/owner", f"{WIZARD}/questions/area", f"{WIZARD}/notice",
        "/themes/company-closing", "/search?q=开饭店", "/search?q=没有这样的事", "/matters", "/matters?topic=出生&party=person",
        MATTER, "/matters/0103100200?region=421222000000", "/progress", "/nearby", "/nearby?township=421202001000",
        "/knowledge", "/knowledge?q=楼上装修太吵", "/knowledge?q=没有这样的事", "/knowledge/noise-renovation", "/knowledge/m-0103100200",
        "/matters/0204103200", "/help", "/accessibility", "/feedback", "/signin", "/signout", "/preferences", "/offline", "/gallery?face=portal",
        "/matters/9999999999", "/work", "/seals",
    )),
    *(("zhang", path) for path in (
        "/", f"{WIZARD}/tasks", f"{WIZARD}/form/1", f"{WIZARD}/form/2", f"{WIZARD}/materials", f"{WIZARD}/delivery",
        f"{WIZARD}/check", "/my", "/inbox", "/inbox/settings", "/profile", "/identity/act-for", "/themes/company-closing",
    )),
    *((NOBODY, path) for path in (
        "/signin?as=organisation", "/register", "/recover", "/recover/officer", "/oidc/logout",
        "/outside-demo?state=s&nonce=n&return_to=/", "/oidc/authorize?client_id=nobody",
    )),
    *(("zhang", path) for path in (
        "/profile/security", "/profile/security/totp", "/profile/security/passkeys", "/profile/security/password",
        "/profile/real-name", "/profile/company", "/signin/again",
    )),
    ("admin", "/identity/officers"), ("scjg", "/profile/keys"), ("scjg", "/profile/security"),
    *(("elder", path) for path in (
        "/my/authorities", "/my/authorities/new", "/my/doorstep", "/my/privacy", "/my/privacy/seen", "/my/privacy/consents",
        "/my/privacy/export", "/my/privacy/export/{copy}", "/my/privacy/erase", "/my/privacy/erase/{erasure}",
        "/my/authorities/new/matters", "/my/doorstep/{doorstep}",
    )),
    *(("huangjing", path) for path in (
        "/work/helping", "/work/helping/paper", "/work/helping/{awaiting}/code", "/work/{doorstep}", "/work/delegations",
    )),
    *(("xa-dsj-head", path) for path in (
        "/work/delegations/new", "/work/retention", "/work/retention/{disposal}",
    )),
    ("handling", "/my/{handling}"), ("handling", "/receipts/{handling}"), ("handling", "/my/{handling}/withdraw"),
    ("handling", "/evaluate/{handling}"), ("done", "/my/{done}"), ("done", "/evaluate/{done}"), ("done", "/my"),
    ("missing", "/my/{missing}"), ("missing", "/my/{missing}/supply"), ("missing", "/schools/photos/{photo}"),
    ("owed", "/my/{owed}"), ("owed", "/my/{owed}/undertakings/{debt}"), ("li", "/inbox/{letter}"),
    ("visited", "/my/{visited}"), ("visited", "/my/{visited}/surveys/{visit}"),
    ("long-name", "/my"), ("long-name", "/"),
    *(("xa-supervisor", path) for path in (
        "/work/late", "/work/late?what=near", "/work?view=all", "/work/{overdue}", "/work/{suspended}",
        "/work/{overdue}?move=urge", "/work/{overdue}/ledger", "/work/{overdue}/print", "/work/{handling}", "/work/{done}", "/work/{done}/archive",
    )),
    *(("scjg", path) for path in (
        "/workbench", "/work", "/work?view=unit", "/work?q=没有", "/work?view=unit&state=case.refused", "/work/{market}",
        "/work/{market}?move=report_missing", "/work/delegations", "/profile",
    )),
    ("chief", "/work?view=for-421202-cgj"), ("chief", "/work/delegations"), ("mzw", "/work"),
    *(("scjg", path) for path in (
        "/work/knowledge", "/work/knowledge?q=过期食品", "/work/knowledge/food-complaint", "/work/knowledge/m-0103100200",
    )),
    *(("editor", path) for path in (
        "/work/knowledge/new", "/work/knowledge/desk-return/edit", "/work/knowledge/desk-return/diff?after=1", "/work/knowledge/desk-return",
    )),
    ("scjg", "/work/crossing"), ("editor", "/work/instant"), ("editor", "/work/instant?code=2002201100"), ("editor", "/work/instant?code=all"),
    *(("window", path) for path in (
        "/work/crossing", "/work/partners", "/work/{told}", "/work/{waits}", "/work/{waits}?move=give_up", "/work/remote",
        "/work/remote/new?number={waits}", "/work/remote/{remote}",
    )),
    ("zhang", "/my/remote/new/open-restaurant"), ("li", "/my/remote/{helped}"), ("scjg", "/work/remote/{helped}"),
    ("zhang", "/my/handovers/{told}"), ("wang", "/my/handovers/{returned}"), ("wang", "/my/handovers/{returned}/mend"),
    ("zhang", "/themes/matter-2001400100"),
    ("callback", "/evaluations"), ("callback", "/evaluations?bad=1"), ("leader", "/screen"),
    *((NOBODY, path) for path in ("/schools", "/schools/xa-shiyan", "/trades", "/trades/trade-restaurant", "/verify", "/verify/{token}", "/verify/0000000000000000", "/s/ABCDEFGHJKMNPQRSTVWX")),
    *(("zhang", path) for path in (
        "/trades/trade-restaurant", "/licences", "/licences/uses", "/licences/city-code", "/licences/{licence}", "/licences/showings/{showing}",
        "/licences/{licence}/object", "/licences/objections/{objection}",
    )),
    *(("lantian", path) for path in (
        "/my/portrait", "/my/portrait/correct/social.insured", "/my/portrait/correct/industry.green", "/my/portrait/corrections/{correction}",
    )),
    ("zhang", "/my/portrait"), ("rsj", "/work/portraits"), ("rsj", "/work/portraits/organisation-2"), ("rsj", "/work/{correction}"),
    *(("zhang", path) for path in ("/my/payments", "/my/payments/{fee}", "/payments/demo/{bank}")),
    *((NOBODY, path) for path in ("/benefits/publicity", "/benefits/publicity/{list}", "/benefits/code")),
    *(("yuncheng", path) for path in (
        "/benefits", "/benefits/{due}", "/benefits/{claimed}", "/benefits/publicity/{list}", "/benefits/claim/{quick}",
    )),
    ("lantian", "/benefits"), ("xa-supervisor", "/work/benefits/trace/{traced}"), ("xa-supervisor", "/work/{list}"),
    ("xa-supervisor", "/work/{claimed}"),
    ("lantian", "/benefits/why/kjj-rd-subsidy"), ("lantian", "/benefits/why/kjj-rd-growth"), ("lantian", "/benefits/news"),
    ("policy", "/work/policies/matching"), ("policy", "/work/policies/matching/check"), ("policy", "/work/policies/matching/runs/1"),
    ("li", "/my/payments/{twice}"), (NOBODY, "/payments/verify"), (NOBODY, "/payments/verify?code=42010126&number=1&check=AAAAAA"),
    *(("czj", path) for path in (
        "/work/payments", "/work/payments?list=difference", "/work/payments?list=payout", "/work/{gap}", "/work/{batch}", "/work/{refund}",
        "/work/{fee}",
    )),
    *((NOBODY, path) for path in (
        "/bundles", "/bundles/legal", "/bundles/legal?trouble=trade&paper=yes&listed=no", "/bundles/needs/contract-review?sort=price",
        "/bundles/offers/{offer}", "/bundles/providers", "/bundles/providers/{provider}",
    )),
    *(("lantian", path) for path in ("/my/orders", "/my/orders/new/{offer}", "/my/orders/{ordered}", "/provider", "/provider/apply")),
    ("zhang", "/my/orders/new/{offer}"),
    *(("provider", path) for path in ("/provider", "/provider/offers/new", "/provider/orders/{asked}")),
    *(("specialist", path) for path in (
        "/work/bundles", "/work/bundles/companies/{served}", "/work/{ordered}", "/work/{provider}", "/work/{contested}?move=go_on",
    )),
    *((NOBODY, path) for path in ("/policies", "/policies?q=研发", "/policies?q=没有这样的政策", "/policies/calendar", "/policies/{policy}")),
    *(("policy", path) for path in (
        "/work/benefits/given", "/work/policies", "/work/policies/new", "/work/policies/{policy}", "/work/policies/{policy}/head",
        "/work/policies/{policy}/interpretation", "/work/policies/{policy}/measures/kjj-rd-subsidy",
        "/work/policies/{policy}/measures/kjj-rd-subsidy/compare", "/work/policies/{drafted}/measures/new", "/work/{drafted}",
    )),
    *((NOBODY, path) for path in ("/kiosk/matters", "/kiosk/end", "/kiosk/cleared")),
    ("zhang", "/kiosk/mine"), ("zhang", "/my/kiosk"),
    *((NOBODY, path) for path in (
        "/12345", "/12345/new", "/12345/at/{place}", "/12345/at/NOSUCHCO", "/12345/progress", "/12345/mailbox", "/12345/mailbox/new",
        "/12345/mailbox/{mailed}",
    )),
    *(("zhang", path) for path in ("/12345/mine", "/12345/sent/{said}", "/12345/follow/{said}", "/12345/new")),
    *(("dispatcher", path) for path in (
        "/work/hotline/places", "/work/hotline/places/new", "/work/hotline/places/{place}", "/work/hotline/letters",
        "/work/hotline/letters/{undecided}",
    )),
    *(("leader", path) for path in (
        "/work/insight/anomalies", "/work/insight/foresight", "/work/insight", "/work/insight/hotline.handled_on_time", "/work/insight/casework.decided_on_time/facts?part=1",
        "/work/insight/reports", "/work/insight/reports/monthly/2026-10", "/work/insight/departments",
        "/work/insight/departments/421202-cgj", "/work/insight/short/hotline.handled_on_time",
    )),
    *(("supervisor", path) for path in (
        "/work/insight/definitions", "/work/insight/definitions/new", "/work/insight/definitions/hotline.handled_on_time",
        "/work/insight/definitions/hotline.handled_on_time/edit", "/work/insight/definitions/hotline.days/end", "/work/insight/definitions/proposals/{definition}",
        "/work/insight/months", "/work/insight/months/2026-10", "/work/insight/subscriptions",
    )),
    *(("xa-supervisor", path) for path in ("/work/supervision", "/work/supervision?what=unexplained")),
    *(("supervisor", path) for path in ("/work/{appealed}", "/work/{appealed}?move=uphold", "/work/supervision/marks/{appealed_mark}")),
    *(("scjg-head", path) for path in ("/work/supervision/units/421202-scjg", "/work/supervision/marks/{late_mark}")),
    *((NOBODY, path) for path in ("/hotline/sessions", "/hotline/sessions/{session}", "/hotline/bulletin/2026-10")),
    *(("leader", path) for path in (
        "/work/hotline/screen", "/work/hotline/map", "/work/hotline/bulletin/2026-10", "/work/hotline/tickets-behind?what=taken",
    )),
    *(("dispatcher", path) for path in (
        "/work/hotline/lines", "/work/hotline/lines/12345", "/work/hotline/calls", "/work/hotline/sessions",
        "/work/hotline/sessions/new", "/work/hotline/sessions/{session}",
        "/work/hotline/heat", "/work/hotline/heat/{heat}", "/work/{affair}", "/work/hotline/subjects", "/work/hotline/subjects/{subject}",
        "/work/hotline/repeats", "/work/hotline", "/work/hotline?list=all", "/work/hotline/new", "/work/{ticket}", "/work/{ticket}?move=dispatch",
    )),
    ("city-dsj-head", "/work/hotline/sorting"), ("dispatcher", "/work/hotline/sorting/proposals?what=decided"),
    ("dispatcher", "/work/hotline/calls/{call}/recording"), ("grid", "/work/hotline/grid"), ("grid", "/work/hotline/grid/new"), ("dispatcher", "/work/hotline/grid/{ticket}"),
    ("jyj", "/work/schools"), ("jyj", "/work/schools/xa-shiyan"), ("gaj", "/work/{objection}"), ("window", "/work/scan"), ("window", "/work/scan/{scan}"),
)  # fmt: skip

EXCUSED = {
    "portal:hotline-answers": "a fragment of the form", "portal:hotline-act": "takes a POST; tests/faces/portal/hotline",
    "places:retire": "takes a POST", "places:sheet": "a file",
    "operating:assist": "takes a POST; tests/faces/hotline", "operating:line": "a fragment of the operator's page",
    "telephony:sound": "a sound; tests/desks/hotline/telephony", "sorting:trust": "takes a POST; tests/desks/hotline/sorting", "sorting:drop": "takes a POST", "sorting:go-back": "takes a POST",
    "operating:presence": "takes a POST", "operating:call": "takes a POST; tests/faces/hotline",
    "kiosk:home": "makes the browser a kiosk; tests/faces/kiosk/test_browser.py",
    "kiosk:enter": "for a kiosk only; tests/faces/kiosk/test_browser.py", "kiosk:longer": "takes a POST",
    "themes:apply": "sends on to the wizard", "themes:discard": "takes a POST", "themes:keep": "answers without a page",
    "themes:paper": "a file", "catalogue:suggest": "a fragment of the search page", "portal:arrived": "takes a POST",
    "portal:download": "a file", "portal:receipt-pdf": "a file", "portal:decision-pdf": "a file", "portal:file": "a file", "identity:unit": "takes a POST",
    "identity:new-token": "takes a POST, answers with the profile", "identity:revoke-token": "takes a POST",
    "workbench:bulk": "takes a POST; tests/stories/journeys", "workbench:reveal": "takes a POST",
    "workbench:instant-switch": "takes a POST",
    "workbench:inquiry-new": "needs a case handled jointly; tests/desks/cases/partners/test_asking.py",
    "workbench:inquiry-answer": "needs a partner that asks; tests/desks/cases/partners/test_asking.py",
    "workbench:remote-view": "a fragment of the shared page", "workbench:remote-point": "takes a POST",
    "workbench:remote-move": "takes a POST; tests/desks/remote", "workbench:remote-file": "a file",
    "workbench:remote-paper": "a file", "portal:remote-view": "a fragment of the session", "portal:remote-move": "takes a POST; tests/desks/remote",
    "workbench:move": "takes a POST; its pages are confirmed in tests/stories/journeys", "workbench:file": "a file",
    "identity:second": "after a password only; tests/registers/identity/test_browser.py", "identity:passkey-signin": "takes a POST",
    "identity:passkey-options": "JSON", "identity:passkey-begin": "JSON", "identity:outside": "sends on to the provider",
    "identity:outside-back": "takes a provider's answer", "identity:register-code": "after a form; tests/registers/identity/test_browser.py",
    "identity:recover-code": "after a form; tests/registers/identity/test_browser.py", "identity:totp-remove": "takes a POST",
    "identity:passkey-remove": "takes a POST", "identity:codes": "takes a POST; tests/registers/identity/test_browser.py",
    "identity:session-end": "takes a POST", "identity:sessions-end": "takes a POST", "identity:consent-withdraw": "takes a POST",
    "identity:oidc-discovery": "JSON", "identity:oidc-keys": "JSON", "identity:oidc-token": "a door for clients",
    "identity:oidc-userinfo": "a door for clients",
    "open311:many": "a door for programs; tests/faces/open311", "open311:one": "a door for programs; tests/faces/open311",
    "knowledge:ask": "takes a POST", "knowledge:asked": "tests/registers/knowledge/test_pages.py", "knowledge:opinion": "takes a POST",
    "knowledge:act": "takes a POST",
    "licences:pdf": "a file", "licences:statement": "a file", "licences:code": "a fragment of the showing",
    "schools:begin": "takes a POST; tests/desks/themes/schools", "schools:poster": "a file", "schools:photo": "a file",
    "objections:withdraw": "takes a POST", "trades:combine": "takes a POST; tests/registers/licences/trades",
    "licences:show": "takes a POST", "licences:end": "takes a POST",
    "claims:wish": "takes a POST; tests/desks/policies/claims", "claims:unwish": "takes a POST; tests/desks/policies/claims",
    "claims:object": "takes a POST; tests/desks/policies/claims", "claims:confirm": "takes a POST; tests/desks/policies/claims",
    "claims:correct": "takes a POST; tests/desks/policies/claims", "claims:decline": "takes a POST", "claims:supply": "takes a POST",
    "claims:withdraw": "takes a POST", "claims:recover": "takes a POST; tests/desks/policies/claims",
    "matching:mute": "takes a POST", "matching:start": "takes a POST",
    "matching:checked": "after a form; tests/desks/policies/matching", "matching:checked-why": "after a form; tests/desks/policies/matching",
    "portraits:consents": "takes a POST", "portraits:refresh": "takes a POST", "portraits:withdraw": "takes a POST",
    "payments:pay": "takes a POST", "payments:refund": "takes a POST", "payments:reconcile": "takes a POST",
    "bundles:act": "takes a POST; tests/desks/bundles", "bundles:answer": "takes a POST; tests/desks/bundles",
    "bundles:standing": "takes a POST; tests/desks/bundles",
    "policies:media": "a file", "policies:original": "a file", "policies:numbers": "a fragment of the editor", "policies:forget": "takes a POST",
    "exports:list": "a file", "exports:one": "a file", "exports:facts": "a file", "subscriptions:end": "takes a POST; tests/oversight/insight",
    "definitions:decide": "takes a POST; tests/oversight/insight/definitions",
    "foresight:hand": "takes a POST; tests/oversight/insight/foresight", "foresight:answer": "takes a POST; tests/oversight/insight/foresight",
    "supervision:explain": "takes a POST; tests/oversight/supervision", "supervision:appeal": "takes a POST; tests/oversight/supervision",
    "payments:receipt": "a file", "payments:work-receipt": "a file",
    "portal:authority-paper": "a file", "portal:authority-revoke": "takes a POST", "privacy:package": "a file",
    "privacy:withdraw": "takes a POST", "workbench:delegation-revoke": "takes a POST",
    "workbench:helping-begin": "takes a POST; tests/stories/journeys", "workbench:helping-lay-down": "takes a POST",
    "workbench:helping-scan": "a file", "listening:session-ticket": "takes a POST", "figures:screen-figures": "a fragment of the screen",
    "figures:bulletins": "sends on to a month", "figures:public-bulletins": "sends on to a month", "figures:bulletin-pdf": "a file",
    "screen:figures": "a fragment of the screen", "reports:file": "a file", "seals:root": "a file", "seals:root-sm2": "a file", "archive:package": "a file",
}  # fmt: skip
MACHINES = {"healthz", "csp-report", "extend-session", "manifest", "service-worker"}
CITIZENS = {"", "elder", "zhang", "li", "wang", "chen", "long-name", "lantian", "provider"}
RAW = re.compile(
    r"(?:person|officer|organisation|delegation):\d+|\b\d{6}-[a-z]{2,}\b|\b[a-z]+_[a-z_]+\b|\{[{%]|\bNone\b"
)


PARTS = 4
"""A walk is several tests, so that a slow machine ends none of them at its time limit."""
in_parts = pytest.mark.parametrize("part", range(PARTS))


@dataclass(frozen=True, slots=True)
class Visit:
    """One page and whose session opens it."""

    person: Person
    path: str

    def open(self) -> Page:
        answer = self.person.page.goto(self.path)
        assert answer is not None
        assert answer.status < 500, f"{self.path} gave {answer.status}"
        return self.person.page


class Readers:
    """Everybody of the table, each signed in once, and the way to a page that is filled in half."""

    def __init__(self, browser: Browser, town: Town, folder: Path) -> None:
        told = json.loads(module(town.folder, "tests.stories.arranging").splitlines()[-1])
        self.found, self.reader = told["found"], told["reader"]
        self.company = Company(browser, town, folder)
        self._sessions: dict[str, Person] = {}

    def session(self, name: str) -> Person:
        if name not in self._sessions:
            self._sessions[name] = self._arrives(name)
        return self._sessions[name]

    def _arrives(self, name: str) -> Person:
        officer = name not in CITIZENS
        person = (Officer if officer else Citizen)(
            self.company, name or "visitor", viewport=DESK if officer else PHONE
        )
        if name:
            person.signs_in()
        if name == "elder":  # the second page of giving an authority stands on the first
            person.opens("/my/authorities/new")
            person.page.locator("main label", has_text="余大勇").click()
            person.presses("继续")
        if name in {"", "zhang"} and isinstance(person, Citizen):
            person.begins("open-restaurant")
            person.answers(example("open-restaurant")["answers"])
        return person

    def _letter(self) -> str:
        """The worker writes letters; the first one of li's comes soon after the server is up."""
        page = self.session("li").page
        link = page.locator('main a[href^="/inbox/"]').filter(has_not_text=re.compile("设置|settings"))
        for _ in range(120):
            page.goto("/inbox")
            for one in link.all():
                number = str(one.get_attribute("href")).rpartition("/")[2]
                if number.isdecimal():
                    return number
            page.wait_for_timeout(500)
        raise AssertionError("no letter came within a minute")

    def visits(self, part: int) -> Iterator[Visit]:
        """Pages of one of the `PARTS`."""
        if "letter" not in self.found:
            self.found["letter"] = self._letter()
        for who, path in TABLE[part::PARTS]:
            yield Visit(self.session(self.reader.get(who, who)), path.format_map(self.found))

    def see(self, part: int, **cookies: str) -> None:
        """Everybody of a part changes how pages are shown: mode, theme, language."""
        named = {"tb_mode": "", "tb_theme": "", "django_language": "zh-hans"} | cookies
        for _ in self.visits(part):
            pass
        for person in self._sessions.values():
            person.context.add_cookies(
                [{"name": key, "value": value, "url": self.company.town.url} for key, value in named.items()]
            )


@pytest.fixture(scope="module")
def readers(browser: Browser, busy: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Readers]:
    folder = tmp_path_factory.mktemp("pages")
    with closing(serve(busy, folder / "town")) as town:
        found = Readers(browser, town, folder)
        yield found
        found.company.leave()


def through(
    readers: Readers, part: int, *checks: Callable[[Visit], None], only: Callable[[Visit], bool] = bool
) -> None:
    """Every page of a part through every check; all that is wrong is told together."""
    wrong = []
    for visit in readers.visits(part):
        if not only(visit):
            continue
        page = visit.open()
        for check in checks:
            try:
                check(visit)
            except AssertionError as error:
                where = page.screenshot(
                    path=readers.company.folder / f"wrong-{len(wrong)}.png", full_page=True
                ) and len(wrong)
                wrong.append(
                    f"{visit.person.name} {visit.path} (wrong-{where}.png in {readers.company.folder})\n{error}"
                )
    assert not wrong, "\n\n".join(wrong)


def is_portal(visit: Visit) -> bool:
    return isinstance(visit.person, Citizen)


def is_axe_clean(visit: Visit) -> None:
    check_axe(visit.person.page)


def keeps_its_width(visit: Visit) -> None:
    check_text_spacing(visit.person.page)


def is_quiet(visit: Visit) -> None:
    check_no_csp_reports(visit.person.page)


def answers_to_keys(visit: Visit) -> None:
    if "/screen" not in visit.path:
        check_keyboard_reach(visit.person.page)


def can_be_hit(visit: Visit) -> None:
    check_targets(visit.person.page, least=48 if is_portal(visit) else 32)


def can_be_hit_by_the_old(visit: Visit) -> None:
    check_targets(visit.person.page, least=60)


def says_no_raw_codes(visit: Visit) -> None:
    """People read names: no actor or unit id, no field of the programme, no placeholder of a template."""
    said = visit.person.page.locator("main").inner_text()
    found = RAW.findall(said)
    assert not found, f"raw codes on the page: {sorted(set(found))}"


@in_parts
def test_every_page_as_it_comes(readers, part):
    readers.see(part)
    through(
        readers, part, is_quiet, is_axe_clean, keeps_its_width, can_be_hit, answers_to_keys, says_no_raw_codes
    )


@in_parts
def test_every_portal_page_in_large_print(readers, part):
    readers.see(part, tb_mode="elder")
    through(readers, part, is_axe_clean, keeps_its_width, can_be_hit_by_the_old, only=is_portal)


@in_parts
def test_every_page_in_english_in_the_dark(readers, part):
    """Colours do not depend on the language, nor widths on the colours: one walk shows both."""
    readers.see(part, django_language="en", tb_theme="dark")
    through(readers, part, is_axe_clean, keeps_its_width)


def routes(patterns: list[URLPattern | URLResolver], space: str = "") -> Iterator[str]:
    """Names of all routes, `namespace:name`."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, one.namespace or space)
        elif one.name:
            yield f"{space}:{one.name}" if space else one.name


class Filled(dict[str, str]):
    """What stands in the places of addresses: the number of a row fits where one of a docket does."""

    def __missing__(self, _name: str) -> str:
        return "1"


def test_no_page_is_left_out():
    filled = Filled(bank="N42120226112200001X", quick="kjj-rd-subsidy")
    shown = {resolve(path.format_map(filled).partition("?")[0]).view_name for _who, path in TABLE}
    known = {
        one for one in routes(get_resolver().url_patterns)
        if not one.startswith(("admin:", "api", "schema")) and one.rpartition(":")[2] not in MACHINES
    }  # fmt: skip
    assert known - shown - set(EXCUSED) == set()
    assert set(EXCUSED) <= known, "an excuse for a route that is gone"
