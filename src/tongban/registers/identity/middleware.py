"""Every request carries `request.actor`, worked out when first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from tongban.kernel.contracts import Actor
from tongban.registers.identity import hats, selectors
from tongban.registers.identity.contracts import ANONYMOUS, ActorRequest
from tongban.registers.identity.web.proof import is_weak

SESSION_UNIT = "tb_unit"
SESSION_PARTY = "tb_party"


class CurrentActor:
    """Sets `request.actor` lazily: a page that never asks costs no query, one that does at most three."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        cast("ActorRequest", request).actor = cast("Actor", SimpleLazyObject(lambda: _actor(request)))
        return self.get_response(request)


def _actor(request: HttpRequest) -> Actor:
    account = request.user
    if not account.is_authenticated or is_weak(request):
        return ANONYMOUS
    actor = selectors.actor_of_account(
        account=account, at=timezone.now(), unit=request.session.get(SESSION_UNIT, "")
    )
    return hats.put_on(actor, request.session.get(SESSION_PARTY, ""))


def party_of(request: HttpRequest) -> str:
    """In whose name a citizen asks now: ``person:7`` or ``organisation:3``; empty for everybody else.

    What was chosen at `/identity/act-for` as long as it is still allowed, else what the account
    begins with, else the own id. Nobody, when what was chosen is no longer allowed (see `lost_party`): what was
    begun in one name does not go on in another by itself.
    """
    actor = cast("ActorRequest", request).actor
    allowed = selectors.parties_open_to(actor)
    chosen = request.session.get(SESSION_PARTY, "") if hasattr(request, "session") else ""
    if chosen not in allowed and (chosen or actor.is_officer):
        return ""
    wishes = (chosen, getattr(request.user, "default_party", ""))
    return next((wish for wish in wishes if wish in allowed), allowed[0] if allowed else "")


def lost_party(request: HttpRequest) -> str:
    """In whose name somebody wanted to ask who no longer lets them; empty when all is well."""
    chosen: str = request.session.get(SESSION_PARTY, "") if hasattr(request, "session") else ""
    return chosen if chosen and not party_of(request) else ""


def draft_owner(request: HttpRequest) -> str:
    """Under whose name drafts are kept: one's own apart from those begun for each other person or company.

    Empty for visitors and for officers who help nobody.
    """
    actor, party = cast("ActorRequest", request).actor, party_of(request)
    if not party:
        return ""
    return actor.id if party == actor.id else f"{actor.id}/{party}"
