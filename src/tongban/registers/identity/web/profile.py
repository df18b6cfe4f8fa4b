"""One's own account: preferences, units and parties, tokens."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from tongban.actors import api as actors
from tongban.registers.identity import selectors, services
from tongban.registers.identity.access import signed_in_required
from tongban.registers.identity.contracts import ActorRequest, IdentityError, IssuedToken
from tongban.registers.identity.middleware import party_of
from tongban.registers.identity.models import Account
from tongban.registers.identity.web.forms import PreferencesForm, TokenForm
from tongban.registers.identity.web.proof import proof_required
from tongban.web import preferences


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in_required
def profile(request: ActorRequest) -> HttpResponse:
    """Preferences that follow the account to every device."""
    account = _account(request)
    form = PreferencesForm(
        request.POST or None,
        initial={
            "language": account.language,
            "elder_mode": account.elder_mode,
            "shortcuts": account.shortcuts,
        },
    )
    if request.method == "POST" and form.is_valid():
        services.save_preferences(account=account, **form.cleaned_data)
        messages.success(request, _("设置已保存，换一台设备登录也一样。"))
        response = redirect("identity:profile")
        preferences.write(response, name="mode", value="elder" if account.elder_mode else "")
        if account.language:
            preferences.write(response, name="language", value=account.language)
        return response
    return _page(request, form=form, token_form=TokenForm())


@never_cache
@require_POST
@signed_in_required
@proof_required
def new_token(request: ActorRequest) -> HttpResponse:
    """Make a bearer token; shown on this answer only, never in a URL or a session."""
    account = _account(request)
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, token_form=form, status=422)
    issued = services.issue_token(
        username=account.username, label=form.cleaned_data["label"], at=timezone.now()
    )
    return _page(request, token_form=TokenForm(), issued=issued)


@require_POST
@signed_in_required
def revoke_token(request: ActorRequest, token_id: int) -> HttpResponse:
    """Revoke one of one's own tokens."""
    try:
        services.revoke_token(token_id=token_id, account=_account(request), at=timezone.now())
    except IdentityError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("令牌已吊销，用它的程序不能再访问。"))
    return redirect("identity:profile")


def _page(
    request: ActorRequest,
    *,
    token_form: TokenForm,
    form: PreferencesForm | None = None,
    issued: IssuedToken | None = None,
    status: int = 200,
) -> HttpResponse:
    account, actor, now = _account(request), request.actor, timezone.now()
    units = (
        actors.units_of_officer(officer_id=int(actor.id.partition(":")[2]), at=now)
        if actor.is_officer
        else []
    )
    delegations = [
        {"unit": actors.unit_name(unit_id=one.unit), "matters": sorted(one.matters), "id": one.id}
        for one in actor.authorities
        if one.id.startswith("delegation:")
    ]
    initial = {"language": account.language, "elder_mode": account.elder_mode, "shortcuts": account.shortcuts}
    party = party_of(request)
    context = {
        "form": form or PreferencesForm(initial=initial),
        "token_form": token_form,
        "tokens": selectors.tokens_of(account),
        "issued": issued,
        "units": units,
        "unit_admin": any(one.role == actors.Role.ADMIN and one.unit == actor.unit for one in actor.grants),
        "delegations": delegations,
        "unit": actors.unit_name(unit_id=actor.unit) if actor.unit else "",
        "party": actors.party_name(party) if party else "",
        "others": len(selectors.parties_open_to(actor)) > 1,
    }
    return render(request, "identity/profile.html", context, status=status)


def _account(request: ActorRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user
