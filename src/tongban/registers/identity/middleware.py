"""Every request carries `request.actor`, worked out when first asked for."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from tongban.kernel.contracts import Actor
from tongban.registers.identity import selectors
from tongban.registers.identity.contracts import ANONYMOUS


class CurrentActor:
    """Sets `request.actor` lazily: a page that never asks costs no query."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]  # ActorRequest
        return self.get_response(request)


def _actor(request: HttpRequest) -> Actor:
    account = request.user
    if not account.is_authenticated:
        return ANONYMOUS
    return selectors.actor_of_account(
        account=account, at=timezone.now(), unit=request.session.get(selectors.SESSION_UNIT, "")
    )
