"""The OpenID provider's pages and doors: discovery, consent, tokens, who it is, signing out."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongban.registers.identity.access import open_to_all, signed_in_required, to_sign_in
from tongban.registers.identity.contracts import ANONYMOUS, ActorRequest, IdentityError
from tongban.registers.identity.factors import sessions
from tongban.registers.identity.middleware import party_of
from tongban.registers.identity.models import Account
from tongban.registers.identity.oidc import claims, keys, selectors, services
from tongban.registers.identity.oidc.models import OidcClient
from tongban.registers.identity.oidc.provider import METHOD, Provider, Visitor, errors
from tongban.registers.identity.web import proof
from tongban.web.csp import POLICY

FRESH = 60
"""Seconds within which somebody has just signed in, when a client asks for that (`prompt=login`)."""


def issuer_of(request: HttpRequest) -> str:
    """The provider's name: `settings.OIDC_ISSUER`, or the address at which it is asked."""
    return str(getattr(settings, "OIDC_ISSUER", "") or f"{request.scheme}://{request.get_host()}")


# What clients read -------------------------------------------------------------------------


@require_GET
@cache_control(max_age=3600, public=True)
@open_to_all
def discovery(request: HttpRequest) -> HttpResponse:
    """OpenID Connect Discovery 1.0."""
    issuer = issuer_of(request)
    document = {
        "issuer": issuer,
        "authorization_endpoint": issuer + reverse("identity:oidc-authorize"),
        "token_endpoint": issuer + reverse("identity:oidc-token"),
        "userinfo_endpoint": issuer + reverse("identity:oidc-userinfo"),
        "jwks_uri": issuer + reverse("identity:oidc-keys"),
        "end_session_endpoint": issuer + reverse("identity:oidc-logout"),
        "scopes_supported": list(claims.SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": [keys.ALGORITHM],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "code_challenge_methods_supported": [METHOD],
        "prompt_values_supported": ["none", "login", "consent"],
        "claims_supported": [
            "sub", "name", "kind", "real_name_checked", "locale", "real_name", "resident_id", "organisation_name",
            "organisation_code",
        ],
        "ui_locales_supported": ["zh-Hans", "en"],
        "claims_parameter_supported": False,
        "request_parameter_supported": False,
        "request_uri_parameter_supported": False,
    }  # fmt: skip
    return JsonResponse(document)


@require_GET
@cache_control(max_age=3600, public=True)
@open_to_all
def key_set(request: HttpRequest) -> HttpResponse:
    """The public keys that identity tokens are signed with."""
    del request
    return JsonResponse(keys.published(at=timezone.now()))


# Consent -----------------------------------------------------------------------------------


def _visitor(request: ActorRequest) -> Visitor | None:
    account = request.user
    if request.actor == ANONYMOUS or not isinstance(account, Account):
        return None
    since = datetime.fromtimestamp(request.session.get(proof.PROVED, 0), tz=UTC)
    strong = str(request.session.get(proof.STRONG, ""))
    amr = ["pwd"] if "password" in strong or not strong else []
    amr += ["otp"] if "totp" in strong else []
    amr += ["swk", "user", "mfa"] if "passkey" in strong else []
    if {"pwd", "otp"} <= set(amr):
        amr.append("mfa")
    return Visitor(account, since, party_of(request), tuple(dict.fromkeys(amr)))


@never_cache
@require_http_methods(["GET", "POST"])
@open_to_all
def authorize(request: ActorRequest) -> HttpResponseBase:
    """Where a client sends the browser: sign in, ask what it may see, send back with a code."""
    now, visitor = timezone.now(), _visitor(request)
    provider = Provider(issuer=issuer_of(request), at=now, visitor=visitor)
    uri = request.build_absolute_uri()
    try:
        scopes, asked = provider.validate_authorization_request(uri, "GET")
    except errors.FatalClientError:
        return _refused(request)
    except errors.OAuth2Error as error:
        return HttpResponseRedirect(error.in_uri(error.redirect_uri))
    prompt = asked.get("prompt") or set()
    if visitor is None or _too_long_ago(request, prompt, now):
        return to_sign_in(request) if visitor is None else _once_more(request)
    client: OidcClient = asked["request"].client
    known = selectors.has_consented(account=visitor.account, client=client, scopes=scopes)
    if request.method == "POST":
        if request.POST.get("decision") != "allow":
            return _back(errors.AccessDeniedError(state=asked["state"]).in_uri(asked["redirect_uri"]))
        services.consent(account=visitor.account, client=client, scopes=scopes, at=now)
    elif not known or "consent" in prompt:
        return _consent_page(request, client, scopes, asked["redirect_uri"], visitor)
    headers, _body, _status = provider.create_authorization_response(uri, "GET", scopes=scopes)
    return _back(headers["Location"])


def _too_long_ago(request: HttpRequest, prompt: set[str], at: datetime) -> bool:
    wished = request.GET.get("max_age", "")
    limits = [FRESH] if "login" in prompt else []
    limits += [max(int(wished), FRESH)] if wished.isascii() and wished.isdecimal() and len(wished) < 9 else []
    return bool(limits) and at.timestamp() - request.session.get(proof.PROVED, 0) > min(limits)


def _once_more(request: HttpRequest) -> HttpResponse:
    return redirect(f"{reverse('identity:again')}?{urlencode({'next': request.get_full_path()})}")


class _Elsewhere(HttpResponseRedirect):
    """To a registered address; an app may have a scheme of its own, which Django would refuse."""

    def __init__(self, target: str) -> None:
        self.allowed_schemes = [urlsplit(target).scheme]
        super().__init__(target)


def _back(target: str) -> HttpResponse:
    return _Elsewhere(target)


def _consent_page(
    request: HttpRequest, client: OidcClient, scopes: list[str], target: str, visitor: Visitor
) -> HttpResponse:
    english = (get_language() or "").startswith("en")
    context = {
        "client": client.name_en if english and client.name_en else client.name,
        "shown": [claims.SCOPES[scope] for scope in scopes],
        "host": urlsplit(target).netloc,
        "account": visitor.account.username,
        "sensitive": claims.REALNAME in scopes,
    }
    response = render(request, "identity/consent.html", context)
    response["Content-Security-Policy"] = _policy_for(target)
    return response


def _policy_for(target: str) -> str:
    """A form's answer may lead to this address too; without it the browser stops the redirect."""
    parts = urlsplit(target)
    source = f"{parts.scheme}:" if "." in parts.scheme else selectors.origin_of(target)
    return POLICY.replace("form-action 'self'", f"form-action 'self' {source}")


def _refused(request: HttpRequest) -> HttpResponse:
    """An unknown client or address: told here, since nobody is sent to an address that is not registered."""
    return render(request, "identity/oidc_refused.html", status=400)


@never_cache
@require_POST
@signed_in_required
def withdraw(request: ActorRequest, client_id: str) -> HttpResponse:
    """Take back what one let another system see."""
    assert isinstance(request.user, Account)
    try:
        services.withdraw(account=request.user, client_id=client_id, at=timezone.now())
    except IdentityError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("授权已收回，那个系统不能再看。"))
    return redirect("identity:security")


# Doors for clients -------------------------------------------------------------------------


@csrf_exempt  # a client's own call, with its own proof
@never_cache
@require_POST
@open_to_all
def token(request: HttpRequest) -> HttpResponse:
    """A code and its verifier for tokens."""
    body = dict(request.POST.lists())
    if any(len(values) > 1 for values in body.values()):
        return JsonResponse({"error": "invalid_request"}, status=400)
    flat = {key: values[0] for key, values in body.items()} | _basic(request)
    provider = Provider(issuer=issuer_of(request), at=timezone.now())
    headers, answer, status = provider.create_token_response(
        request.build_absolute_uri(reverse("identity:oidc-token")), "POST", urlencode(flat), {}
    )
    return _answer(headers, answer, status)


def _basic(request: HttpRequest) -> dict[str, str]:
    """Client id and secret of HTTP Basic, form-encoded as RFC 6749 section 2.3.1 has it."""
    kind, _space, value = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "basic":
        return {}
    try:
        name, _colon, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return {}
    return {"client_id": unquote(name), "client_secret": unquote(secret)}


@csrf_exempt  # a client's own call, with its token
@never_cache
@require_http_methods(["GET", "POST"])
@open_to_all
def userinfo(request: HttpRequest) -> HttpResponse:
    """What the scopes of a token say of its person."""
    provider = Provider(issuer=issuer_of(request), at=timezone.now())
    uri = request.build_absolute_uri(reverse("identity:oidc-userinfo"))
    given = {"Authorization": request.headers.get("Authorization", "")}
    try:
        headers, answer, status = provider.create_userinfo_response(uri, "GET", None, given)
    except errors.OAuth2Error as error:
        return _answer({"Content-Type": "application/json", **error.headers}, error.json, error.status_code)
    return _answer(headers, answer, status)


def _answer(headers: dict[str, str], body: str | None, status: int) -> HttpResponse:
    response = HttpResponse(body or "", status=status)
    for name, value in headers.items():
        response[name] = value
    response["Cache-Control"] = "no-store"
    return response


# Signing out -------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
@open_to_all
def end_session(request: HttpRequest) -> HttpResponse:
    """A client asks to sign out here as well: confirmed by hand, then back to an address it registered."""
    given = request.POST if request.method == "POST" else request.GET
    client, target = _leaving(given, issuer_of(request))
    if request.method == "POST":
        sign_in_id = request.session.get(proof.SIGN_IN)
        if sign_in_id is not None and isinstance(request.user, Account):
            sessions.end_session(account=request.user, sign_in=sign_in_id, at=timezone.now())
        logout(request)
        return _back(target) if target else redirect("/")
    context = {
        "client": client,
        "kept": [
            (name, given[name])
            for name in ("client_id", "id_token_hint", "post_logout_redirect_uri", "state")
            if given.get(name)
        ],
    }
    response = render(request, "identity/oidc_logout.html", context)
    if target:
        response["Content-Security-Policy"] = _policy_for(target)
    return response


def _leaving(given: Any, issuer: str) -> tuple[OidcClient | None, str]:
    """The client that asks, and the registered address to go back to; empty when none fits."""
    told = keys.read(given.get("id_token_hint", ""), issuer=issuer) or {}
    client = selectors.client_of(str(told.get("aud") or given.get("client_id", "")))
    target = given.get("post_logout_redirect_uri", "")
    if client is None or target not in client.logout_uris:
        return client, ""
    state = given.get("state", "")
    joint = "&" if parse_qs(urlsplit(target).query) else "?"
    return client, f"{target}{joint}{urlencode({'state': state})}" if state else target
