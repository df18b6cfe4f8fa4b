"""Registering oneself, bringing a company in, and getting back in."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from tongban.kernel.privacy import PrivacyError, decrypt, encrypt, mask_phone
from tongban.registers.identity import recovering
from tongban.registers.identity.access import open_to_all, signed_in_required
from tongban.registers.identity.contracts import ActorRequest, IdentityError
from tongban.registers.identity.realname import services as realname
from tongban.registers.identity.realname.contracts import CheckState, PersonClaim
from tongban.registers.identity.web import entering
from tongban.registers.identity.web.account_forms import (
    CompanyForm,
    HandedForm,
    NameForm,
    PhoneCodeForm,
    RecoverForm,
    RegisterForm,
    WhoForm,
)
from tongban.registers.identity.web.addresses import address_of
from tongban.registers.identity.web.security import account_of

ASKED_FOR = "tb_claim"
_PURPOSE = "identity.claim"


def _keep(request: HttpRequest, what: dict[str, str]) -> None:
    """Between the two pages: encrypted in the session, never in an address or a hidden field."""
    request.session[ASKED_FOR] = encrypt(json.dumps(what, ensure_ascii=False), purpose=_PURPOSE)


def _kept(request: HttpRequest, kind: str) -> dict[str, str] | None:
    try:
        found: dict[str, str] = json.loads(decrypt(request.session.get(ASKED_FOR, ""), purpose=_PURPOSE))
    except PrivacyError:
        return None
    return found if found.get("kind") == kind else None


def _english() -> bool:
    return (get_language() or "").startswith("en")


# Registering -------------------------------------------------------------------------------


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@open_to_all
def register(request: HttpRequest) -> HttpResponse:
    """Name, number, phone and password of somebody new; a code goes to the phone."""
    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given, now = form.cleaned_data, timezone.now()
        try:
            code = recovering.send_code(
                purpose="register",
                phone=given["phone"],
                english=_english(),
                address=address_of(request),
                at=now,
            )
        except IdentityError as error:
            form.add_error(None, str(error))
        else:
            _keep(request, {"kind": "register", "demo": code, **given})
            return redirect("identity:register-code")
    return render(request, "identity/register.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "POST"])
@open_to_all
def register_code(request: HttpRequest) -> HttpResponse:
    """The code from the phone opens the account and signs in."""
    kept = _kept(request, "register")
    if kept is None:
        return redirect("identity:register")
    form, now = PhoneCodeForm(request.POST or None), timezone.now()
    if request.method == "POST" and form.is_valid():
        claim = PersonClaim(kept["name"], kept["number"], kept["phone"])
        try:
            recovering.check_code(
                purpose="register", phone=claim.phone, code=form.cleaned_data["code"], at=now
            )
            check = realname.register_citizen(
                claim=claim, password=kept["password"], language=get_language() or "", at=now
            )
        except IdentityError as error:
            form.add_error(None, str(error))
        else:
            del request.session[ASKED_FOR]
            onward = "/" if check.state == CheckState.VERIFIED else "/profile/real-name"
            words = _("注册好了，您的账号是 %(name)s，也可以用身份证号登录。")
            messages.success(request, words % {"name": check.account.username})
            return entering.enter(request, check.account, how="registered", strong=True, onward=onward)
    return _code_page(request, form, kept, back="identity:register")


def _code_page(request: HttpRequest, form: Any, kept: dict[str, str], *, back: str) -> HttpResponse:
    context = {
        "form": form, "phone": mask_phone(kept["phone"]), "back": back,
        "demo_code": kept.get("demo", "") if settings.DEMO else "", "recovering": kept["kind"] == "recover",
    }  # fmt: skip
    return render(request, "identity/phone_code.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in_required
def real_name(request: ActorRequest) -> HttpResponse:
    """How far the check of one's own name is; a refused one can be corrected."""
    account, now = account_of(request), timezone.now()
    check = realname.standing(account)
    form = NameForm(request.POST or None)
    mend = not account.actor_id and check is not None and check.state == CheckState.REFUSED
    if request.method == "POST" and mend and form.is_valid():
        given = form.cleaned_data
        try:
            realname.check_again(account=account, name=given["name"], number=given["number"], at=now)
        except IdentityError as error:
            form.add_error(None, str(error))
        else:
            return redirect("identity:real-name")
    context = {
        "check": check, "form": form, "mend": mend, "named": bool(account.actor_id),
        "why": realname.words_of(check.reason) if check and check.state == CheckState.REFUSED else "",
    }  # fmt: skip
    return render(request, "identity/real_name.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in_required
def register_company(request: ActorRequest) -> HttpResponse:
    """A legal representative brings the company in."""
    form = CompanyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            check = realname.register_organisation(
                account=account_of(request), name=given["name"], code=given["code"], at=timezone.now()
            )
        except IdentityError as error:
            form.add_error(None, str(error))
        else:
            if check.state == CheckState.VERIFIED:
                messages.success(request, _("单位核验通过，现在可以用它的名义办事。"))
                return redirect("identity:act-for")
            messages.info(request, _("登记库暂时连不上，核验排着队，有结果就告诉您。"))
            return redirect("identity:security")
    return render(request, "identity/company.html", {"form": form}, status=422 if form.errors else 200)


# Getting back in ---------------------------------------------------------------------------


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@open_to_all
def recover(request: HttpRequest) -> HttpResponse:
    """A citizen who lost the password: name, number and registered phone; the code goes there if they fit."""
    form = WhoForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given, now = form.cleaned_data, timezone.now()
        try:
            code = recovering.begin(
                name=given["name"], number=given["number"], phone=given["phone"], english=_english(),
                address=address_of(request), at=now,
            )  # fmt: skip
        except IdentityError as error:
            form.add_error(None, str(error))
        else:
            _keep(request, {"kind": "recover", "demo": code, **given})
            return redirect("identity:recover-code")
    return render(request, "identity/recover.html", {"form": form}, status=422 if form.errors else 200)


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@open_to_all
def recover_code(request: HttpRequest) -> HttpResponse:
    """The code from the phone and a new password."""
    kept = _kept(request, "recover")
    if kept is None:
        return redirect("identity:recover")
    form = RecoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            recovering.finish(
                number=kept["number"], phone=kept["phone"], code=form.cleaned_data["code"],
                password=form.cleaned_data["password"], without_factors=form.cleaned_data["without_factors"],
                at=timezone.now(),
            )  # fmt: skip
        except IdentityError as error:
            form.add_error(None, str(error))
        else:
            del request.session[ASKED_FOR]
            messages.success(request, _("密码重设好了，所有设备都已退出。请用新密码登录。"))
            return redirect(settings.LOGIN_URL)
    return _code_page(request, form, kept, back="identity:recover")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@open_to_all
def recover_officer(request: HttpRequest) -> HttpResponse:
    """An officer begins anew with the code that the unit's admin handed over."""
    form = HandedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            recovering.finish_handed(
                username=given["username"], code=given["code"], password=given["password"],
                address=address_of(request), at=timezone.now(),
            )  # fmt: skip
        except IdentityError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("密码重设好了，第二步验证也清空了。登录后先重新启用。"))
            return redirect(settings.LOGIN_URL)
    return render(
        request, "identity/recover_officer.html", {"form": form}, status=422 if form.errors else 200
    )
