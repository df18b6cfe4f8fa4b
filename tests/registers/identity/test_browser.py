"""Signing in with a real browser: passkeys by Chromium's virtual authenticator, the way to another system and back."""

from __future__ import annotations

import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import pyotp
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.actors.factories import a_resident_id
from tests.registers.identity.factories import PASSWORD, a_citizen, a_signed_officer, an_app
from tests.web.checks import (
    check_axe,
    check_no_csp_reports,
    check_no_sideways_scroll,
    check_targets,
    check_text_spacing,
)
from tongban.registers.identity.factors import recovery
from tongban.registers.identity.models import Account, OidcConsent, Passkey, SignIn
from tongban.registers.identity.oidc import services as oidc

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def demonstration(settings, tmp_path):
    settings.DEMO = True
    settings.DATA = tmp_path


def fills_in(page: Page, username: str) -> None:
    page.fill("#id_username", username)
    page.fill("#id_password", PASSWORD)
    with page.expect_navigation():
        page.locator("main [data-primary]").click()


def authenticator(page: Page):
    """A passkey device that says yes: PIN entered, finger on it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    made = session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return session, made["authenticatorId"]


def passes_checks(page: Page, *, least: int = 48) -> None:
    check_no_csp_reports(page)
    check_axe(page)
    check_no_sideways_scroll(page)
    check_text_spacing(page)
    check_targets(page, least=least)


def test_a_passkey_is_made_and_opens_the_account_by_itself(open_page):
    a_signed_officer("handler")
    page = open_page("/signin")
    session, device = authenticator(page)
    fills_in(page, "scjg")
    page.get_by_role("link", name="添加通行密钥").click()
    passes_checks(page)
    page.fill("#id_label", "办公室的电脑")
    with page.expect_navigation():
        page.get_by_role("button", name="添加通行密钥").click()
    expect(page.locator("main")).to_contain_text("只显示这一次")
    passes_checks(page)
    page.goto("/work")
    assert page.url.endswith("/work")
    page.get_by_role("button", name="退出").first.click()
    page.goto("/signin?next=/profile/security")
    with page.expect_navigation():
        page.get_by_role("button", name="用通行密钥登录").click()
    assert page.url.endswith("/profile/security")
    expect(page.locator("main")).to_contain_text("办公室的电脑")
    assert SignIn.objects.order_by("-pk").first().how == "passkey"
    assert Passkey.objects.get().last_used_at is not None
    # A device that does not confirm the person proves nothing, and the page says what else is possible.
    session.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    page.get_by_role("button", name="退出").first.click()
    page.goto("/signin")
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.locator("[data-trouble]")).to_be_visible()
    check_no_csp_reports(page)


def test_a_passkey_is_a_second_step_and_no_strangers_opens_it(open_page):
    account = a_citizen()
    page = open_page("/signin", width=390)
    authenticator(page)
    fills_in(page, "zhang")
    page.goto("/profile/security/passkeys")
    page.fill("#id_label", "手机")
    with page.expect_navigation():
        page.get_by_role("button", name="添加通行密钥").click()
    page.context.clear_cookies()
    page.goto("/signin")
    fills_in(page, "zhang")
    assert page.url.endswith("/signin/second")
    passes_checks(page)
    with page.expect_navigation():
        page.get_by_role("button", name="用通行密钥").click()
    page.goto("/profile")
    assert page.url.endswith("/profile")
    Passkey.objects.update(account=a_citizen("li"))
    an_app(account)
    page.context.clear_cookies()
    page.goto("/signin")
    fills_in(page, "zhang")
    expect(page.get_by_role("button", name="用通行密钥")).to_have_count(0)


def test_signing_in_needs_no_javascript(open_page):
    account = a_signed_officer("handler")
    secret = an_app(account)
    page = open_page("/signin", javascript=False)
    expect(page.get_by_role("button", name="用通行密钥登录")).to_be_hidden()
    fills_in(page, "scjg")
    page.fill("#id_code", pyotp.TOTP(secret).at(timezone.now()))
    with page.expect_navigation():
        page.locator("main [data-primary]").click()
    assert page.url.endswith("/work")


@pytest.mark.parametrize(
    ("language", "mode", "theme", "width"),
    [("zh-hans", "elder", "", 390), ("en", "", "dark", 1366)],
)
def test_pages_that_follow_a_form_pass_the_checks(open_page, tmp_path, language, mode, theme, width):
    how = {"language": language, "mode": mode, "theme": theme, "width": width}
    page = open_page("/register", **how)
    for field, value in {"name": "李小梅", "number": a_resident_id(), "phone": "13871099001"}.items():
        page.fill(f"#id_{field}", value)
    page.fill("#id_password", PASSWORD)
    with page.expect_navigation():
        page.locator("main [data-primary]").click()
    passes_checks(page)
    page.fill("#id_code", page.locator("[data-demo-code]").inner_text())
    with page.expect_navigation():
        page.locator("main [data-primary]").click()
    account = Account.objects.get()
    page.goto("/profile/security")
    recovery.new_codes(account=account, at=timezone.now())
    page.locator('form[action="/profile/security/codes"] button').click()
    page.wait_for_selector("ol.tb-mono")
    passes_checks(page)
    page.goto("/recover")
    facts = {"name": "没有人", "number": a_resident_id(), "phone": "13871099002"}
    for field, value in facts.items():
        page.fill(f"#id_{field}", value)
    with page.expect_navigation():
        page.locator("main [data-primary]").click()
    passes_checks(page)
    oidc.register_client(
        client_id="parks", name="园林系统", name_en="Parks", redirect_uris=["https://parks.example.gov.cn/back"],
        logout_uris=[], scopes=["realname"], public=True, at=timezone.now(),
    )  # fmt: skip
    page.goto(f"/oidc/authorize?{query('https://parks.example.gov.cn/back')}")
    passes_checks(page)


def query(redirect: str) -> str:
    return urlencode(
        {
            "client_id": "parks", "redirect_uri": redirect, "response_type": "code", "scope": "openid realname",
            "state": "s", "code_challenge": "c" * 43, "code_challenge_method": "S256",
        }
    )  # fmt: skip


class Elsewhere(BaseHTTPRequestHandler):
    """Another system: it only notes where the browser came."""

    seen: list[str] = []

    def do_GET(self):
        self.seen.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>parks</title>there")

    def log_message(self, *_args):
        pass


@pytest.fixture
def elsewhere():
    Elsewhere.seen.clear()
    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/back"
    server.shutdown()
    thread.join()
    server.server_close()


def test_from_another_system_through_signing_in_and_consent_and_back(open_page, elsewhere):
    """The policy of forms lets the browser leave where it should: with a question and, later, without one."""
    a_citizen()
    oidc.register_client(
        client_id="parks", name="园林系统", name_en="Parks", redirect_uris=[elsewhere], logout_uris=[elsewhere],
        scopes=["realname"], public=True, at=timezone.now(),
    )  # fmt: skip
    page = open_page(f"/oidc/authorize?{query(elsewhere)}")
    home = page.url.partition("/signin")[0]
    fills_in(page, "zhang")
    page.wait_for_url(re.compile("/oidc/authorize"))
    page.get_by_role("button", name="同意并继续").click()
    page.wait_for_url(re.compile("127.0.0.1"))
    assert OidcConsent.objects.exists()
    page.context.clear_cookies()
    page.goto(f"{home}/oidc/authorize?{query(elsewhere)}")
    fills_in(page, "zhang")
    page.wait_for_url(re.compile("127.0.0.1"))
    codes = [parse_qs(urlsplit(path).query)["code"][0] for path in Elsewhere.seen if "code=" in path]
    assert len(codes) == 2
    page.goto(f"{home}/oidc/logout?client_id=parks&post_logout_redirect_uri={elsewhere}")
    page.locator("main .btn-primary").click()
    page.wait_for_url(re.compile("127.0.0.1"))
