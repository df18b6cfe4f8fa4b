"""The platform as an OpenID provider, asked by an unmodified client library (Authlib) over HTTP."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from tests.actors.factories import NOON, a_person, an_organisation
from tests.registers.identity.factories import a_citizen, a_signed_officer, an_account
from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.registers.identity.contracts import IdentityError
from tongban.registers.identity.models import OidcClient, OidcGrant, OidcKey
from tongban.registers.identity.oidc import keys, services

REDIRECT = "https://parks.example.gov.cn/back"
AFTER = "https://parks.example.gov.cn/bye"


def registered(client_id="parks", *, redirect=REDIRECT, public=False, scopes=("profile", "realname")):
    return services.register_client(
        client_id=client_id, name="园林系统", name_en="Parks", redirect_uris=[redirect], logout_uris=[AFTER],
        scopes=scopes, public=public, at=NOON,
    )  # fmt: skip


class Relying:
    """Another system of the city with the client library, and somebody's browser."""

    def __init__(
        self, live, account, *, client_id="parks", secret="", scope="openid profile", redirect=REDIRECT
    ):
        self.metadata = requests.get(f"{live.url}/.well-known/openid-configuration", timeout=10).json()
        self.library = OAuth2Session(
            client_id, secret or None, scope=scope, redirect_uri=redirect, code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_basic" if secret else "none",
        )  # fmt: skip
        live.libraries.append(self.library)
        self.browser = Client(headers={"Host": urlsplit(live.url).netloc})
        if account:
            self.browser.force_login(account)
        self.verifier = "v" * 50

    def asks(self, **more):
        url, self.state = self.library.create_authorization_url(
            self.metadata["authorization_endpoint"], code_verifier=self.verifier, nonce="n-1", **more
        )
        self.path = url.removeprefix(self.metadata["issuer"])
        return self.browser.get(self.path)

    def allowed(self, **more):
        """Ask, agree where asked, and give the address to which the browser is sent."""
        answer = self.asks(**more)
        if answer.status_code == 200:
            answer = self.browser.post(self.path, {"decision": "allow"})
        assert answer.status_code == 302, answer.content.decode()
        return answer["Location"]

    def tokens(self, location, **more):
        return self.library.fetch_token(
            self.metadata["token_endpoint"], authorization_response=location, state=self.state,
            **{"code_verifier": self.verifier, **more},
        )  # fmt: skip

    def claims(self, tokens):
        """The identity token, checked as a client does."""
        found = KeySet.import_key_set(requests.get(self.metadata["jwks_uri"], timeout=10).json())
        told = jwt.decode(tokens["id_token"], found, algorithms=["RS256"])
        jwt.JWTClaimsRegistry(
            iss={"essential": True, "value": self.metadata["issuer"]},
            aud={"essential": True, "value": self.library.client_id},
            nonce={"essential": True, "value": "n-1"}, exp={"essential": True},
        ).validate(told.claims)  # fmt: skip
        return told.claims

    def userinfo(self):
        return self.library.get(self.metadata["userinfo_endpoint"], timeout=10)


@pytest.fixture
def live(live_server, settings):
    settings.ALLOWED_HOSTS = ["*"]
    live_server.libraries = []
    yield live_server
    for library in live_server.libraries:
        library.close()


@pytest.mark.django_db(transaction=True)
class TestByLibrary:
    def test_somebody_signs_in_to_another_system(self, live):
        account = a_citizen()
        relying = Relying(live, account, secret=registered())
        asked = relying.asks()
        page = asked.content.decode()
        assert "园林系统" in page
        assert "form-action 'self' https://parks.example.gov.cn" in asked["Content-Security-Policy"]
        tokens = relying.tokens(relying.allowed())
        claims = relying.claims(tokens)
        told = relying.userinfo().json()
        assert told["sub"] == claims["sub"]
        assert told["name"] == "张*明"
        assert "real_name" not in told
        assert "refresh_token" not in tokens
        assert relying.asks().status_code == 302  # agreed once, not asked again

    def test_the_whole_name_and_number_with_consent_only(self, live):
        account = a_citizen()
        relying = Relying(live, account, secret=registered(), scope="openid realname")
        assert "完整的姓名和身份证号" in relying.asks().content.decode()
        relying.tokens(relying.allowed())
        facts = actors.party_facts(account.actor_id)
        assert relying.userinfo().json()["resident_id"] == facts.number
        consents = [
            one
            for one in kernel.history(f"account:{account.pk}", at=timezone.now())
            if one.act == "consent-given"
        ]
        assert consents[0].body == {"client": "parks", "scopes": ["openid", "realname"]}

    def test_systems_of_two_sectors_cannot_compare_whom_they_know(self, live):
        account = a_citizen()
        subjects = []
        for name, host in (("parks", "a.example"), ("pools", "a.example"), ("buses", "b.example")):
            redirect = f"https://{host}/{name}"
            secret = registered(name, redirect=redirect)
            relying = Relying(live, account, client_id=name, secret=secret, redirect=redirect)
            subjects.append(relying.claims(relying.tokens(relying.allowed()))["sub"])
        assert subjects[0] == subjects[1]
        assert subjects[0] != subjects[2]

    def test_a_phone_app_without_a_secret_has_its_verifier(self, live):
        registered("app", redirect="cn.gov.xianning.app:/back", public=True)
        relying = Relying(live, a_citizen(), client_id="app", redirect="cn.gov.xianning.app:/back")
        location = relying.allowed()
        with pytest.raises(OAuthError):
            relying.tokens(location, code_verifier="w" * 50)
        relying.tokens(relying.allowed())

    def test_a_code_is_good_once_and_a_second_use_ends_the_token(self, live):
        relying = Relying(live, a_citizen(), secret=registered())
        location = relying.allowed()
        relying.tokens(location)
        assert relying.userinfo().status_code == 200
        with pytest.raises(OAuthError):
            relying.tokens(location)
        assert relying.userinfo().status_code == 401

    def test_a_wrong_secret_gets_nothing(self, live):
        registered()
        relying = Relying(live, a_citizen(), secret="wrong")
        with pytest.raises(OAuthError, match="invalid_client"):
            relying.tokens(relying.allowed())

    def test_a_code_is_too_old_after_a_minute(self, live):
        relying = Relying(live, a_citizen(), secret=registered())
        location = relying.allowed()
        OidcGrant.objects.update(code_expires_at=timezone.now() - timedelta(seconds=1))
        with pytest.raises(OAuthError, match="invalid_grant"):
            relying.tokens(location)

    def test_keys_can_be_replaced_while_tokens_live(self, live):
        relying = Relying(live, a_citizen(), secret=registered())
        tokens = relying.tokens(relying.allowed())
        call_command("oidc", "key", "rotate")
        assert relying.claims(tokens)
        OidcKey.objects.filter(retired_at__isnull=False).update(retired_at=timezone.now() - timedelta(days=2))
        with pytest.raises((JoseError, ValueError)):
            relying.claims(tokens)

    def test_a_company_is_told_when_somebody_acts_for_it(self, live):
        owner = a_person()
        company = an_organisation(led_by=owner)
        account = an_account("xing", acts_as=owner, default_party=str(company))
        secret = registered(scopes=["organisation"])
        relying = Relying(live, account, secret=secret, scope="openid organisation")
        relying.tokens(relying.allowed())
        assert relying.userinfo().json()["organisation_name"] == "咸宁星河商贸有限公司"

    def test_taking_a_consent_back_ends_the_token(self, live):
        account = a_citizen()
        relying = Relying(live, account, secret=registered())
        relying.tokens(relying.allowed())
        assert "园林系统" in relying.browser.get("/profile/security").content.decode()
        relying.browser.post("/profile/security/consents/parks/withdraw")
        assert relying.userinfo().status_code == 401
        assert relying.asks().status_code == 200  # asked anew

    def test_signing_out_there_and_here(self, live):
        relying = Relying(live, a_citizen(), secret=registered())
        tokens = relying.tokens(relying.allowed())
        given = {"id_token_hint": tokens["id_token"], "post_logout_redirect_uri": AFTER, "state": "s"}
        page = relying.browser.get("/oidc/logout", given)
        assert "也退出" in page.content.decode()
        assert relying.browser.get("/profile").status_code == 200
        assert relying.browser.post("/oidc/logout", given)["Location"] == f"{AFTER}?state=s"
        assert relying.browser.get("/profile").status_code == 302


@pytest.mark.django_db
class TestRefusals:
    def ask(self, account=None, **changed):
        client = Client()
        if account:
            client.force_login(account)
        given = {
            "client_id": "parks", "redirect_uri": REDIRECT, "response_type": "code", "scope": "openid",
            "state": "s", "code_challenge": "c" * 43, "code_challenge_method": "S256", **changed,
        }  # fmt: skip
        return client.get("/oidc/authorize", {key: value for key, value in given.items() if value})

    def error(self, answer):
        assert answer.status_code == 302, answer.content.decode()[:300]
        assert answer["Location"].startswith(REDIRECT)
        return parse_qs(urlsplit(answer["Location"]).query)["error"][0]

    def test_nobody_is_sent_to_an_address_that_is_not_registered(self):
        registered()
        for changed in ({"redirect_uri": "https://evil.example/back"}, {"client_id": "nobody"}):
            answer = self.ask(a_citizen(changed.get("client_id", "x")), **changed)
            assert answer.status_code == 400
            assert "没有在这里登记" in answer.content.decode()

    def test_what_the_client_did_wrong_is_told_to_the_client(self):
        registered()
        account = a_citizen()
        for changed, error in (
            ({"code_challenge": ""}, "invalid_request"),
            ({"code_challenge_method": "plain"}, "invalid_request"),
            ({"response_type": "token"}, "unsupported_response_type"),
            ({"scope": "openid organisation"}, "invalid_scope"),
            ({"scope": "profile"}, "invalid_scope"),
        ):
            assert self.error(self.ask(account, **changed)) == error, changed

    def test_without_a_question_only_who_is_in_and_has_agreed(self):
        registered()
        assert self.error(self.ask(prompt="none")) == "login_required"
        assert self.error(self.ask(a_citizen(), prompt="none")) == "consent_required"

    def test_a_visitor_signs_in_first_and_comes_back(self):
        registered()
        assert self.ask()["Location"].startswith("/signin?next=/oidc/authorize")

    def test_after_signing_in_a_page_leads_on_since_forms_must_not_redirect_elsewhere(self, client):
        a_citizen()
        told = {"username": "zhang", "password": "chang-an-jie-8", "next": "/oidc/authorize?client_id=parks"}
        answer = client.post("/signin", told)
        assert 'content="0;url=/oidc/authorize?client_id=parks"' in answer.content.decode()

    def test_a_fresh_sign_in_is_asked_for_when_a_client_wants_one(self):
        registered()
        client = Client()
        client.force_login(a_citizen())
        session = client.session
        session["tb_proved"] -= 120
        session.save()
        given = {
            "client_id": "parks", "redirect_uri": REDIRECT, "response_type": "code", "scope": "openid",
            "code_challenge": "c" * 43, "code_challenge_method": "S256", "prompt": "login",
        }  # fmt: skip
        assert client.get("/oidc/authorize", given)["Location"].startswith("/signin/again")

    def test_saying_no_gives_nothing(self):
        registered()
        client = Client()
        client.force_login(a_citizen())
        query = f"client_id=parks&redirect_uri={REDIRECT}&response_type=code&scope=openid&code_challenge={'c' * 43}"
        answer = client.post(f"/oidc/authorize?{query}&code_challenge_method=S256", {"decision": "deny"})
        assert self.error(answer) == "access_denied"
        assert not OidcGrant.objects.exists()

    def test_an_officer_without_a_second_factor_is_nobody_here_too(self, client):
        registered()
        a_signed_officer("handler")
        client.post("/signin", {"username": "scjg", "password": "chang-an-jie-8"})
        assert self.ask()["Location"].startswith("/signin")

    def test_a_closed_system_gets_nothing_more(self):
        registered()
        call_command("oidc", "client", "end", "parks")
        assert self.ask(a_citizen()).status_code == 400

    def test_logging_out_leads_to_registered_addresses_only(self, client):
        registered()
        told = {"client_id": "parks", "post_logout_redirect_uri": "https://evil.example/"}
        assert client.post("/oidc/logout", told)["Location"] == "/"


@pytest.mark.django_db
class TestCommand:
    def test_a_secret_is_printed_once_and_its_digest_kept(self, capsys):
        call_command("oidc", "client", "add", "parks", "--name", "园林系统", "--redirect", REDIRECT)
        secret = capsys.readouterr().out.strip()
        row = OidcClient.objects.get()
        assert secret not in (row.secret_digest, "")
        call_command("oidc", "client", "secret", "parks")
        assert capsys.readouterr().out.strip() != secret
        call_command("oidc", "client", "list")
        assert "parks\t园林系统\tsecret\topenid" in capsys.readouterr().out
        with pytest.raises(CommandError):
            call_command("oidc", "client", "end", "nobody")

    def test_addresses_are_whole_and_safe(self):
        for wrong in ("http://parks.example/", "https://*.example/", "https://a.example/#x", "parks"):
            with pytest.raises(IdentityError):
                registered(redirect=wrong)

    def test_the_key_lies_encrypted(self):
        from django.db import connection

        keys.signing_key(at=NOON)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pem FROM identity_oidckey")
            assert "PRIVATE KEY" not in cursor.fetchone()[0]
