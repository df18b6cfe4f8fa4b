"""Bearer tokens and sessions for the REST doors; both give `request.actor`.

@router.get("/dockets", auth=signed_in)
"""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from tongban.registers.identity import selectors, services
from tongban.registers.identity.contracts import ANONYMOUS, ActorRequest
from tongban.registers.identity.models import Account


class BearerToken(HttpBearer):
    """``Authorization: Bearer tb_…``; the token's account is `request.user`, its actor `request.actor`."""

    def authenticate(self, request: HttpRequest, token: str) -> Account | None:
        now = timezone.now()
        account = services.account_of_token(secret=token, at=now)
        if account is None:
            return None
        request.user = account
        actor = selectors.actor_of_account(account=account, at=now)
        if actor == ANONYMOUS:
            return None
        cast("ActorRequest", request).actor = actor
        return account


signed_in = BearerToken()
