"""From a right password to an open session: the second step, where one is due, and where to go then."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.registers.identity import selectors
from tongban.registers.identity.contracts import AccountKind
from tongban.registers.identity.factors import sessions
from tongban.registers.identity.factors.privileged import needs_second
from tongban.registers.identity.factors.services import factors_of
from tongban.registers.identity.middleware import SESSION_PARTY
from tongban.registers.identity.models import Account
from tongban.registers.identity.web import proof
from tongban.registers.identity.web.addresses import address_of
from tongban.web import preferences
from tongban.web.views import safe_next

_BACKEND = "tongban.registers.identity.backend.Accounts"
PENDING = "tb_pending"
PENDING_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Pending:
    """Somebody gave a right password and owes the second step. Lies in the session of a visitor."""

    account: int
    how: str
    onward: str
    party: str
    since: float


def begin(request: HttpRequest, account: Account, *, how: str, onward: str, party: str = "") -> HttpResponse:
    """After the first step: in, or on to the second step where the account has one."""
    now = timezone.now()
    if factors_of(account).any:
        pending = Pending(account.pk, how, onward, party, now.timestamp())
        request.session[PENDING] = asdict(pending)
        return redirect("identity:second")
    return enter(request, account, how=how, strong=not needs_second(account), onward=onward, party=party)


def pending_of(request: HttpRequest, *, at: datetime) -> tuple[Pending, Account] | None:
    """Who owes the second step in this session; None when nobody does or it took too long."""
    kept = request.session.get(PENDING)
    if not kept:
        return None
    pending = Pending(**kept)
    if at.timestamp() - pending.since > PENDING_FOR.total_seconds():
        del request.session[PENDING]
        return None
    account = Account.objects.filter(pk=pending.account, is_active=True).first()
    return (pending, account) if account else None


def enter(
    request: HttpRequest, account: Account, *, how: str, strong: bool, onward: str, party: str = ""
) -> HttpResponse:
    """Open the session and go on: where one came from, else where one works.

    :param strong: a second factor was passed, or none is needed
    :param party: in whose name a person signed in, empty for the own
    """
    now = timezone.now()
    with kernel.writing():  # one turn in the queue of writers for all that signing in writes
        request.session.pop(PENDING, None)
        login(request, account, backend=_BACKEND)  # gives the session a new key
        proof.prove(request, how=how, strong=strong, at=now)
        if party:
            request.session[SESSION_PARTY] = party
        _write_down(request, account, how, now)
    if needs_second(account) and not strong:
        messages.warning(request, _("工作人员要先启用第二步验证，才能办理。"))
        return redirect("identity:security")
    return _with_habits(account, onward_to(request, onward or landing(account, at=now)))


def _write_down(request: HttpRequest, account: Account, how: str, at: datetime) -> None:
    if not request.session.session_key:
        request.session.save()
    key = str(request.session.session_key)
    request.session[proof.SIGN_IN] = sessions.begin_session(
        account=account,
        session_key=key,
        how=how,
        user_agent=request.headers.get("User-Agent", ""),
        address=address_of(request),
        at=at,
    )
    request.session[proof.KEY] = hashlib.sha256(key.encode()).hexdigest()
    request.session[proof.SEEN] = at.timestamp()


def onward_to(request: HttpRequest, target: str) -> HttpResponse:
    """To a page of this site. On to another system goes a page of its own: a policy of forms (`form-action`) would
    stop a chain of redirects that begins with a form and ends elsewhere.
    """
    safe = safe_next(request, target)
    if safe.startswith("/oidc/"):
        return render(request, "identity/onward.html", {"target": safe})
    return redirect(safe)


def _with_habits(account: Account, response: HttpResponse) -> HttpResponse:
    if account.elder_mode:
        preferences.write(response, name="mode", value="elder")
    if account.language:
        preferences.write(response, name="language", value=account.language)
    return response


def landing(account: Account, *, at: datetime) -> str:
    """Where somebody goes after signing in when they came from nowhere in particular."""
    if account.kind == AccountKind.ADMIN:
        return "/admin/"
    if account.kind != AccountKind.OFFICER:
        return "/" if account.actor_id else "/profile/real-name"
    actor = selectors.actor_of_account(account=account, at=at)
    leads = actor.grants and all(grant.role == actors.Role.LEADER for grant in actor.grants)
    return "/screen" if leads else "/work"
