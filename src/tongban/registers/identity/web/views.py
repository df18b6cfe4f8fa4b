"""Signing in and out, and switching in whose name or for which unit one acts."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from tongban.actors import api as actors
from tongban.registers.identity import hats, selectors, services
from tongban.registers.identity.access import officer_required, open_to_all, signed_in_required
from tongban.registers.identity.contracts import AccountKind, ActorRequest, DemoAccount, IdentityError
from tongban.registers.identity.middleware import SESSION_PARTY, SESSION_UNIT, lost_party, party_of
from tongban.registers.identity.models import Account
from tongban.registers.identity.web.forms import SignInForm
from tongban.web import preferences
from tongban.web.views import safe_next

_BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@open_to_all
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; in a demonstration with the demo accounts, one tap each."""
    if request.method == "GET":
        return _sign_in_page(request, SignInForm())
    address = address_of(request)
    form = SignInForm(request.POST)
    try:
        if request.POST.get("demo"):
            account = services.sign_in_demo(username=request.POST["demo"], at=timezone.now())
        elif form.is_valid():
            account = services.sign_in(
                username=form.cleaned_data["username"],
                password=form.cleaned_data["password"],
                address=address,
                at=timezone.now(),
            )
        else:
            return _sign_in_page(request, form, status=422)
    except IdentityError as error:
        form.is_valid()
        form.add_error(None, str(error))
        return _sign_in_page(request, form, status=422)
    return _enter(request, account)


def _enter(request: HttpRequest, account: Account) -> HttpResponse:
    login(request, account, backend=_BACKEND)  # gives the session a new key
    given = request.POST.get("next", "")
    response = redirect(safe_next(request, given) if given else landing(account, at=timezone.now()))
    if account.elder_mode:
        preferences.write(response, name="mode", value="elder")
    if account.language:
        preferences.write(response, name="language", value=account.language)
    return response


def _sign_in_page(request: HttpRequest, form: SignInForm, *, status: int = 200) -> HttpResponse:
    given = request.POST.get("next") or request.GET.get("next") or ""
    context = {
        "form": form,
        "next": safe_next(request, given) if given else "",
        "groups": _demo_groups() if settings.DEMO else [],
    }
    return render(request, "identity/signin.html", context, status=status)


def _demo_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    english = (get_language() or "").startswith("en")

    def rows(accounts: list[DemoAccount]) -> list[tuple[str, str]]:
        return [
            (one.username, one.purpose_en if english and one.purpose_en else one.purpose) for one in accounts
        ]

    shown = selectors.demo_accounts()
    citizens = [one for one in shown if one.kind != AccountKind.OFFICER]
    officers = [one for one in shown if one.kind == AccountKind.OFFICER]
    return [
        (title, rows(found)) for title, found in ((_("办事人"), citizens), (_("工作人员"), officers)) if found
    ]


def landing(account: Account, *, at: datetime) -> str:
    """Where somebody goes after signing in when they came from nowhere in particular."""
    if account.kind == AccountKind.ADMIN:
        return "/admin/"
    if account.kind != AccountKind.OFFICER:
        return "/"
    actor = selectors.actor_of_account(account=account, at=at)
    leads = actor.grants and all(grant.role == actors.Role.LEADER for grant in actor.grants)
    return "/screen" if leads else "/work"


def address_of(request: HttpRequest) -> str:
    """The client's address, past as many own proxies as `settings.TRUSTED_PROXIES` says (default none)."""
    proxies = int(getattr(settings, "TRUSTED_PROXIES", 0))
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(chain) >= proxies:
        return chain[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


@never_cache
@require_http_methods(["GET", "POST"])
@open_to_all
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out on POST; a GET asks first, since a link must not sign anybody out."""
    if request.method == "POST":
        logout(request)
        messages.success(request, _("您已退出登录。"))
        return redirect("/")
    return render(request, "identity/signout.html")


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in_required
def act_for(request: ActorRequest) -> HttpResponse:
    """Choose in whose name one asks: the own, a company's, a child's; or end helping as an agent."""
    account = request.user
    assert isinstance(account, Account)
    if request.method == "POST":
        return _switch(request, account)
    open_to = selectors.parties_open_to(request.actor)
    lost, names = lost_party(request), actors.names(open_to)
    limited = {one.unit: one.matters for one in request.actor.authorities if one.matters}
    choices = [
        {"id": one, "name": names[one], "own": one == request.actor.id, "limited": one in limited}
        for one in open_to
    ]
    context = {
        "choices": choices, "current": party_of(request), "next": request.GET.get("next", ""),
        "why": actors.why_not(agent=request.actor.id, principal=lost, at=timezone.now()) if lost else (),
        "helping": hats.is_helping(request.actor), "officer": request.actor.is_officer,
        "party_name": actors.party_name(party_of(request)) if party_of(request) else "",
    }  # fmt: skip
    return render(request, "identity/act_for.html", context)


def _switch(request: ActorRequest, account: Account) -> HttpResponse:
    if request.actor.is_officer and not request.POST.get("party"):
        hats.end_helping(request)
        messages.success(request, _("帮办结束了，您又以工作人员的身份办理。"))
        return redirect(safe_next(request, request.POST.get("next") or "/work"))
    try:
        party = services.switch_party(account=account, party=request.POST.get("party", ""), at=timezone.now())
    except IdentityError as error:
        messages.error(request, str(error))
        return redirect("identity:act-for")
    request.session[SESSION_PARTY] = party
    request.session.cycle_key()
    messages.success(request, _("现在以%(name)s的名义办事。") % {"name": actors.party_name(party)})
    return redirect(safe_next(request, request.POST.get("next") or "/"))


@never_cache
@require_POST
@officer_required()
def switch_unit(request: ActorRequest) -> HttpResponse:
    """Choose for which of one's units one works now."""
    account = request.user
    assert isinstance(account, Account)
    try:
        unit = services.switch_unit(account=account, unit=request.POST.get("unit", ""), at=timezone.now())
    except IdentityError as error:
        messages.error(request, str(error))
    else:
        request.session[SESSION_UNIT] = unit
        request.session.cycle_key()
        messages.success(request, _("现在以%(name)s的身份办理。") % {"name": actors.unit_name(unit_id=unit)})
    return redirect(safe_next(request, request.POST.get("next") or "/profile"))
