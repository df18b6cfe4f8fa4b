"""Every request carries `request.actor`, worked out when first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from tongban.kernel.contracts import Actor
from tongban.registers.identity import selectors
from tongban.registers.identity.contracts import ANONYMOUS, ActorRequest

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
    if not account.is_authenticated:
        return ANONYMOUS
    return selectors.actor_of_account(
        account=account, at=timezone.now(), unit=request.session.get(SESSION_UNIT, "")
    )


def party_of(request: HttpRequest) -> str:
    """In whose name a citizen asks now: ``person:7`` or ``organisation:3``; empty for everybody else.

    What was chosen at `/identity/act-for` as long as it is still allowed, else what the account
    begins with, else the own id.
    """
    allowed = selectors.parties_open_to(cast("ActorRequest", request).actor)
    wishes = (
        request.session.get(SESSION_PARTY, "") if hasattr(request, "session") else "",
        getattr(request.user, "default_party", ""),
    )
    return next((wish for wish in wishes if wish in allowed), allowed[0] if allowed else "")
