"""How safe one's account is: second factors, recovery codes, sessions, who was let see what."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import segno
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongban.registers.identity.access import account_required, signed_in_required
from tongban.registers.identity.contracts import ActorRequest, IdentityError
from tongban.registers.identity.factors import passkeys, recovery, services, sessions, totp
from tongban.registers.identity.factors.privileged import needs_second
from tongban.registers.identity.models import Account
from tongban.registers.identity.oidc import selectors as oidc
from tongban.registers.identity.realname import services as realname
from tongban.registers.identity.web import proof
from tongban.registers.identity.web.account_forms import ConfirmForm, NewPasswordForm, PasskeyForm
from tongban.registers.identity.web.addresses import passkey_site
from tongban.registers.identity.web.second import ASKED, plain_options
from tongban.web.site import site


def account_of(request: HttpRequest) -> Account:
    """The account of a page that carries a mark."""
    assert isinstance(request.user, Account)
    return request.user


@never_cache
@require_GET
@account_required
def overview(request: ActorRequest) -> HttpResponse:
    """Everything about signing in, on one page."""
    account, now = account_of(request), timezone.now()
    context = {
        "factors": services.factors_of(account),
        "passkeys": passkeys.passkeys_of(account),
        "sessions": sessions.sessions_of(account, current=request.session.get(proof.SIGN_IN), at=now),
        "must": needs_second(account),
        "weak": proof.is_weak(request),
        "consents": oidc.consents_of(account),
        "check": realname.standing(account) if not account.actor_id else None,
        "person": account.actor_id.startswith("person:"),
        "has_password": account.has_usable_password(),
    }
    return render(request, "identity/security.html", context)


# Authenticator app -------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
@account_required
@proof.proof_required
def enrol_totp(request: ActorRequest) -> HttpResponse:
    """Put the secret into an app, by QR code or by hand, and show that it works."""
    account, now = account_of(request), timezone.now()
    form = ConfirmForm(request.POST or None)
    try:
        secret = totp.begin_totp(account=account, at=now)
        if request.method == "POST" and form.is_valid():
            totp.confirm_totp(account=account, code=form.cleaned_data["code"], at=now)
            return _enrolled(request, account, "totp", now)
    except IdentityError as error:
        if request.method == "POST" and form.is_bound:
            form.add_error(None, str(error))
        else:
            messages.error(request, str(error))
            return redirect("identity:security")
    address = totp.provisioning(account=account, secret=secret, issuer=site().name)
    picture = segno.make(address, error="m", micro=False).svg_data_uri(
        scale=5, border=4, dark="black", light="white"
    )
    grouped = " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
    context = {"form": form, "qr": picture, "secret": grouped, "must": needs_second(account)}
    return render(request, "identity/totp.html", context, status=422 if form.errors else 200)


def _enrolled(request: HttpRequest, account: Account, how: str, at: datetime) -> HttpResponse:
    """A new factor proves itself: from now on the session is strong. Who has no codes gets ten to print."""
    proof.prove(request, how=how, strong=True, at=at)
    request.session.cycle_key()
    messages.success(request, _("启用了。下次登录要用它。"))
    if recovery.codes_left(account) == 0:
        return _codes_page(request, recovery.new_codes(account=account, at=at))
    return redirect("identity:security")


@never_cache
@require_POST
@signed_in_required
@proof.proof_required
def remove_totp(request: ActorRequest) -> HttpResponse:
    """Stop using the app."""
    return _tried(
        request,
        lambda: services.remove_totp(account=account_of(request), at=timezone.now()),
        _("动态验证码已停用。"),
    )


# Passkeys ----------------------------------------------------------------------------------


@never_cache
@require_POST
@account_required
@proof.proof_required
def passkey_begin(request: ActorRequest) -> HttpResponse:
    """What the browser asks the authenticator to make."""
    try:
        options, state = passkeys.begin_registration(account=account_of(request), site=passkey_site(request))
    except IdentityError as error:
        return JsonResponse({"detail": str(error)}, status=422)
    request.session[ASKED] = state
    return JsonResponse(plain_options(options))


@never_cache
@require_http_methods(["GET", "POST"])
@account_required
@proof.proof_required
def add_passkey(request: ActorRequest) -> HttpResponse:
    """Make a passkey on this device or a key. The one thing here that needs JavaScript."""
    account, now = account_of(request), timezone.now()
    form = PasskeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            passkeys.finish_registration(
                account=account, site=passkey_site(request), state=request.session.pop(ASKED, None),
                answer=request.POST.get("answer", ""), label=form.cleaned_data["label"], at=now,
            )  # fmt: skip
        except IdentityError as error:
            form.add_error(None, str(error))
        else:
            return _enrolled(request, account, "passkey", now)
    return render(request, "identity/passkey.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@require_POST
@signed_in_required
@proof.proof_required
def remove_passkey(request: ActorRequest, passkey_id: int) -> HttpResponse:
    """Remove one passkey."""
    return _tried(
        request,
        lambda: services.remove_passkey(
            account=account_of(request), passkey_id=passkey_id, at=timezone.now()
        ),
        _("通行密钥已删除。"),
    )


# Recovery codes and password ---------------------------------------------------------------


@never_cache
@require_POST
@signed_in_required
@proof.proof_required
def new_codes(request: ActorRequest) -> HttpResponse:
    """Ten codes, shown on this answer only."""
    return _codes_page(request, recovery.new_codes(account=account_of(request), at=timezone.now()))


def _codes_page(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return render(request, "identity/codes.html", {"codes": codes})


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in_required
@proof.proof_required
def change_password(request: ActorRequest) -> HttpResponse:
    """A new password; every other session ends."""
    account, now = account_of(request), timezone.now()
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        services.change_password(
            account=account,
            password=form.cleaned_data["password"],
            keep=request.session.get(proof.SIGN_IN),
            at=now,
        )
        proof.keep_session(request, account)
        messages.success(request, _("密码改好了，其他设备都已退出。"))
        return redirect("identity:security")
    return render(request, "identity/password.html", {"form": form}, status=422 if form.errors else 200)


# Sessions ----------------------------------------------------------------------------------


@never_cache
@require_POST
@signed_in_required
def end_session(request: ActorRequest, sign_in_id: int) -> HttpResponse:
    """Sign another device out."""
    return _tried(
        request,
        lambda: sessions.end_session(account=account_of(request), sign_in=sign_in_id, at=timezone.now()),
        _("那台设备已退出登录。"),
    )


@never_cache
@require_POST
@signed_in_required
def end_others(request: ActorRequest) -> HttpResponse:
    """Sign every other device out."""
    keep = request.session.get(proof.SIGN_IN)
    count = sessions.end_others(account=account_of(request), keep=keep, at=timezone.now())
    messages.success(request, _("已退出其他%(count)d台设备。") % {"count": count})
    return redirect("identity:security")


def _tried(request: HttpRequest, act: Any, words: str) -> HttpResponse:
    try:
        act()
    except IdentityError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words)
    return redirect("identity:security")
