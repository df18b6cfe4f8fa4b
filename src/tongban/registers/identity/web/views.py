"""Signing in and out, and switching in whose name or for which unit one acts."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
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
from tongban.registers.identity.factors import sessions
from tongban.registers.identity.middleware import SESSION_PARTY, SESSION_UNIT, lost_party, party_of
from tongban.registers.identity.models import Account
from tongban.registers.identity.outside import services as outside
from tongban.registers.identity.web import entering, proof
from tongban.registers.identity.web.addresses import address_of
from tongban.registers.identity.web.forms import OrganisationSignInForm, SignInForm
from tongban.registers.identity.web.hats import end_helping
from tongban.web.views import safe_next


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
@open_to_all
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page for persons, for organisations (a person in its name) and officers; demo accounts at one tap."""
    if request.method == "GET":
        return sign_in_page(request)
    onward = safe_next(request, request.POST["next"]) if request.POST.get("next") else ""
    try:
        if request.POST.get("demo"):
            account = services.sign_in_demo(username=request.POST["demo"])
            return entering.enter(request, account, how="demo", strong=True, onward=onward)
        form = _form_of(request)
        if not form.is_valid():
            return sign_in_page(request, form, status=422)
        now = timezone.now()
        account = services.sign_in(
            username=form.cleaned_data["username"],
            password=form.cleaned_data["password"],
            address=address_of(request),
            at=now,
        )
        code = form.cleaned_data.get("organisation", "")
        party = services.organisation_of(account=account, code=code, at=now) if code else ""
    except IdentityError as error:
        return sign_in_page(request, status=422, error=str(error))
    return entering.begin(request, account, how="password", onward=onward, party=party)


def _form_of(request: HttpRequest) -> SignInForm:
    data = request.POST if request.method == "POST" else None
    return OrganisationSignInForm(data) if _as_organisation(request) else SignInForm(data)


def _as_organisation(request: HttpRequest) -> bool:
    return (request.POST.get("as") or request.GET.get("as")) == "organisation"


def sign_in_page(
    request: HttpRequest, form: SignInForm | None = None, *, status: int = 200, error: str = ""
) -> HttpResponse:
    """The page itself, with what was wrong."""
    form = form or _form_of(request)
    if error:
        typed = "username" in request.POST
        form = form if typed else SignInForm({})
        form.full_clean()
        if not typed:  # came back by a passkey or from elsewhere: empty fields are no fault
            form.errors.clear()
        form.add_error(None, error)
    given = request.POST.get("next") or request.GET.get("next") or ""
    context = {
        "form": form,
        "next": safe_next(request, given) if given else "",
        "organisation": _as_organisation(request),
        "outside": outside.offered(),
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


@never_cache
@require_http_methods(["GET", "POST"])
@open_to_all
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out on POST; a GET asks first, since a link must not sign anybody out."""
    if request.method == "POST":
        sign_in_id = request.session.get(proof.SIGN_IN)
        if sign_in_id is not None and isinstance(request.user, Account):
            sessions.end_session(account=request.user, sign_in=sign_in_id, at=timezone.now())
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
        end_helping(request)
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
