"""Signing in: lock-out, session, demonstration, what is written down."""

import logging
from datetime import timedelta

import pyotp
import pytest
from django.utils import timezone

from tests.actors.factories import NOON
from tests.registers.identity.factories import PASSWORD, a_citizen, a_signed_officer, an_account, an_app
from tongban.kernel import api as kernel
from tongban.registers.identity import guessing, services
from tongban.registers.identity.contracts import IdentityError, LockedError
from tongban.registers.identity.models import FailedSignIn

pytestmark = pytest.mark.django_db
WRONG = "wrong-password-1"


def attempt(username="zhang", password=WRONG, *, address="10.0.0.1", at=NOON):
    return services.sign_in(username=username, password=password, address=address, at=at)


def fail(times, **given):
    for _each in range(times):
        with pytest.raises(IdentityError):
            attempt(**given)


class TestLockOut:
    def test_after_five_failures_even_the_right_password_waits_fifteen_minutes(self):
        a_citizen()
        fail(5)
        with pytest.raises(LockedError, match="12:15") as caught:
            attempt(password=PASSWORD, address="10.0.0.2", at=NOON + timedelta(minutes=14))
        assert caught.value.until == NOON + timedelta(minutes=15)
        assert attempt(password=PASSWORD, at=NOON + timedelta(minutes=15))

    def test_four_failures_and_a_success_start_again_from_nothing(self):
        a_citizen()
        fail(4)
        attempt(password=PASSWORD)
        fail(4)
        assert attempt(password=PASSWORD)

    def test_old_failures_do_not_count(self):
        a_citizen()
        fail(4)
        fail(1, at=NOON + timedelta(minutes=16))
        assert attempt(password=PASSWORD, at=NOON + timedelta(minutes=17))

    def test_an_address_that_tries_many_names_is_locked_and_others_are_not(self):
        a_citizen()
        for number in range(guessing.ADDRESS_LIMIT):
            fail(1, username=f"somebody{number}")
        with pytest.raises(LockedError):
            attempt(password=PASSWORD)
        assert attempt(password=PASSWORD, address="10.0.0.9")

    def test_a_name_that_does_not_exist_is_answered_alike(self):
        a_citizen()
        words = set()
        for name in ("zhang", "nobody"):
            with pytest.raises(IdentityError) as caught:
                attempt(username=name)
            words.add(str(caught.value))
        assert len(words) == 1
        fail(4, username="nobody")
        with pytest.raises(LockedError):
            attempt(username="nobody")

    def test_what_was_typed_is_kept_nowhere(self):
        fail(1, username="422301198803163153")
        kept = " ".join(FailedSignIn.objects.values_list("subject", flat=True))
        assert "4223" not in kept
        assert guessing.forget_failures(before=NOON + timedelta(days=1)) == 2


class TestPage:
    def test_signing_in_leads_back_and_gives_the_session_a_new_key(self, client):
        a_citizen()
        client.get("/signin?next=/profile")
        session = client.session
        session["draft"] = "kept"
        session.save()
        before = client.session.session_key
        answer = client.post("/signin", {"username": "zhang", "password": PASSWORD, "next": "/profile"})
        assert (answer.status_code, answer["Location"]) == (302, "/profile")
        assert client.session.session_key != before

    def test_nobody_is_sent_to_another_site(self, client):
        a_citizen()
        answer = client.post(
            "/signin", {"username": "zhang", "password": PASSWORD, "next": "https://evil.example/"}
        )
        assert answer["Location"] == "/"

    def test_a_wrong_password_is_told_and_the_name_kept(self, client):
        a_citizen()
        answer = client.post("/signin", {"username": "zhang", "password": WRONG})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert "账号或密码不对" in page
        assert 'value="zhang"' in page
        assert WRONG not in page

    def test_an_empty_form_names_both_fields(self, client):
        page = client.post("/signin", {}).content.decode()
        assert "请填账号。" in page
        assert "请填密码。" in page

    def test_the_sign_in_is_in_the_ledger_without_name_or_address(self, client):
        account = a_citizen()
        client.post("/signin", {"username": "zhang", "password": PASSWORD})
        (entry,) = kernel.history(f"account:{account.pk}", at=timezone.now())
        assert (entry.act, entry.actor, entry.body) == ("signed-in", account.actor_id, {"how": "password"})

    def test_a_link_signs_nobody_out(self, client):
        client.force_login(a_citizen())
        assert client.get("/signout").status_code == 200
        assert client.get("/profile").status_code == 200
        client.post("/signout")
        assert client.get("/profile").status_code == 302

    def test_nothing_personal_is_logged(self, client, caplog):
        caplog.set_level(logging.DEBUG)
        a_citizen("13871010007")
        client.post("/signin", {"username": "13871010007", "password": WRONG})
        client.post("/signin", {"username": "13871010007", "password": PASSWORD})
        client.get("/profile")
        ours = "".join(record.getMessage() for record in caplog.records if record.name.startswith("tongban"))
        assert "13871010007" not in ours
        assert "张小明" not in ours

    def test_a_closed_account_does_not_open(self, client):
        a_citizen(is_active=False)
        assert client.post("/signin", {"username": "zhang", "password": PASSWORD}).status_code == 422


class TestDemonstration:
    def test_accounts_are_listed_with_what_each_is_for_and_open_at_one_tap(self, client, settings):
        settings.DEMO = True
        a_citizen(demo=True, demo_shown=True, purpose="办开饭店", purpose_en="opens a restaurant")
        page = client.get("/signin").content.decode()
        assert '<button class="btn" name="demo" value="zhang">办开饭店</button>' in page
        client.post("/signin", {"demo": "zhang"})
        assert client.get("/profile").status_code == 200

    def test_without_demonstration_there_is_neither_list_nor_tap(self, client, settings):
        settings.DEMO = False
        a_citizen(demo=True, demo_shown=True, purpose="办开饭店")
        assert "办开饭店" not in client.get("/signin").content.decode()
        assert client.post("/signin", {"demo": "zhang"}).status_code == 422

    def test_an_account_that_is_no_demo_does_not_open_at_one_tap(self, client, settings):
        settings.DEMO = True
        a_citizen()
        assert client.post("/signin", {"demo": "zhang"}).status_code == 422

    def test_every_shown_demo_account_signs_in_with_the_published_password(self, demo_city):
        from tongban.registers.identity.selectors import demo_accounts

        shown = demo_accounts()
        assert len(shown) >= 20
        for number, one in enumerate(shown):
            assert services.sign_in(
                username=one.username, password="tongban-demo", address=f"10.0.1.{number}", at=NOON
            )


def test_preferences_follow_the_account(client):
    a_citizen(elder_mode=True, language="en")
    answer = client.post("/signin", {"username": "zhang", "password": PASSWORD})
    assert answer.cookies["tb_mode"].value == "elder"
    client.post("/profile", {"language": "zh-hans", "shortcuts": "on"})
    from tongban.registers.identity.models import Account

    account = Account.objects.get(username="zhang")
    assert (account.language, account.elder_mode, account.shortcuts) == ("zh-hans", False, True)


def test_an_account_of_nobody_can_do_nothing(client):
    client.force_login(an_account("ghost", acts_as="person:424242"))
    assert client.get("/profile").status_code == 302


@pytest.mark.parametrize(("role", "page"), [("handler", "/work"), ("leader", "/screen")])
def test_officers_land_where_they_work(client, role, page):
    account = a_signed_officer(role)
    secret = an_app(account)
    client.post("/signin", {"username": "scjg", "password": PASSWORD})
    answer = client.post("/signin/second", {"code": pyotp.TOTP(secret).now()})
    assert answer["Location"] == page
    assert client.get(page).status_code == 200
