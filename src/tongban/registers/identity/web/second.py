"""The second step of signing in, passkeys, and showing once more who one is."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tongban.registers.identity import guessing, ledger
from tongban.registers.identity.access import account_required, open_to_all
from tongban.registers.identity.contracts import ActorRequest, IdentityError
from tongban.registers.identity.factors import passkeys, totp
from tongban.registers.identity.factors.privileged import needs_second
from tongban.registers.identity.factors.services import factors_of, prove
from tongban.registers.identity.models import Account
from tongban.registers.identity.web import entering, proof
from tongban.registers.identity.web.account_forms import AgainForm, CodeForm
from tongban.registers.identity.web.addresses import passkey_site
from tongban.web.views import safe_next

ASKED = "tb_passkey"


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@open_to_all
def second_step(request: HttpRequest) -> HttpResponse:
    """After a right password: a code from the app, a recovery code or a passkey."""
    now = timezone.now()
    owed = entering.pending_of(request, at=now)
    if owed is None:
        return redirect(settings.LOGIN_URL)
    pending, account = owed
    form = CodeForm(request.POST or None)
    if request.method == "POST":
        try:
            if request.POST.get("answer"):
                how = "passkey"
                _proven_passkey(request, account, now)
            elif not form.is_valid():
                return _second_page(request, account, form, now, status=422)
            else:
                how = prove(account=account, code=form.cleaned_data["code"], at=now)
        except IdentityError as error:
            form.is_valid()
            form.add_error(None, str(error))
            return _second_page(request, account, form, now, status=422)
        return entering.enter(
            request,
            account,
            how=f"{pending.how}+{how}",
            strong=True,
            onward=pending.onward,
            party=pending.party,
        )
    return _second_page(request, account, form, now)


def _second_page(
    request: HttpRequest, account: Account, form: CodeForm, at: datetime, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "factors": factors_of(account),
        "demo_code": totp.demo_code(account=account, at=at),
        "officer": needs_second(account),
    }
    return render(request, "identity/second.html", context, status=status)


# Passkeys ----------------------------------------------------------------------------------


@never_cache
@require_POST
@open_to_all
def passkey_options(request: HttpRequest) -> HttpResponse:
    """What the browser asks the authenticator for: a passkey of who is known here, else any of this site."""
    owed = entering.pending_of(request, at=timezone.now())
    account = owed[1] if owed else request.user if request.user.is_authenticated else None
    options, state = passkeys.begin_proof(
        site=passkey_site(request), account=account if isinstance(account, Account) else None
    )
    request.session[ASKED] = state
    return JsonResponse(plain_options(options))


@never_cache
@require_POST
@open_to_all
def passkey_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in by a passkey alone: it is two factors, the device and its PIN or finger."""
    from tongban.registers.identity.web.views import sign_in_page

    try:
        account = _proven_passkey(request, None, timezone.now())
    except IdentityError as error:
        return sign_in_page(request, status=422, error=str(error))
    onward = safe_next(request, request.POST["next"]) if request.POST.get("next") else ""
    return entering.enter(request, account, how="passkey", strong=True, onward=onward)


def _proven_passkey(request: HttpRequest, expected: Account | None, at: datetime) -> Account:
    state: dict[str, Any] | None = request.session.pop(ASKED, None)
    if state is None:
        raise IdentityError(_("等得太久了，请再点一次。"))
    row = passkeys.finish_proof(
        site=passkey_site(request), state=state, answer=request.POST.get("answer", ""), at=at
    )
    if expected is not None and row.account_id != expected.pk:
        raise IdentityError(_("这个通行密钥是另一个账号的。"))
    return row.account


def plain_options(options: dict[str, Any]) -> dict[str, Any]:
    """Plain JSON values: the library's own dataclasses know how to become mappings."""
    found: dict[str, Any] = json.loads(json.dumps(options, default=dict))
    return found


# Once more ---------------------------------------------------------------------------------


@never_cache
@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "POST"])
@account_required
def again(request: ActorRequest) -> HttpResponse:
    """Show who one is before something that an unlocked screen must not be enough for."""
    account, now = request.user, timezone.now()
    assert isinstance(account, Account)
    form = AgainForm(request.POST or None)
    onward = safe_next(request, request.POST.get("next") or request.GET.get("next") or "/profile/security")
    if request.method == "POST":
        try:
            how = _shown(request, account, form, now)
        except IdentityError as error:
            form.add_error(None, str(error))
        else:
            if how:
                proof.prove(request, how=how, strong=how != "password", at=now)
                ledger.note_own(account=account, act="proved-again", at=now, data={"how": how})
                return entering.onward_to(request, onward)
    for one in form.fields.values():
        one.required = True  # one of the two is; neither should read “optional”
    context = {
        "form": form, "next": onward, "factors": factors_of(account),
        "demo_code": totp.demo_code(account=account, at=now), "has_password": account.has_usable_password(),
    }  # fmt: skip
    return render(request, "identity/again.html", context, status=422 if form.errors else 200)


def _shown(request: ActorRequest, account: Account, form: AgainForm, at: datetime) -> str:
    """How somebody showed who they are; empty when the form is not filled in."""
    if request.POST.get("answer"):
        form.is_valid()
        _proven_passkey(request, account, at)
        return "passkey"
    if not form.is_valid():
        return ""
    if form.cleaned_data["code"]:
        return prove(account=account, code=form.cleaned_data["code"], at=at)
    subject = guessing.subject("again", str(account.pk))
    guessing.refuse_locked(subject, guessing.ACCOUNT_LIMIT, at)
    if not account.check_password(form.cleaned_data["password"]):
        guessing.count([subject], at)
        raise IdentityError(_("密码不对，请再试一次。"))
    return "password"
