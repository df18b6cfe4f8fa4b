"""Putting on a citizen's hat for this session, and taking it off; see `identity.hats`."""

from __future__ import annotations

from datetime import datetime

from tongban.registers.identity import services
from tongban.registers.identity.contracts import ActorRequest
from tongban.registers.identity.middleware import SESSION_PARTY
from tongban.registers.identity.models import Account


def begin_helping(request: ActorRequest, *, principal: str, at: datetime) -> None:
    """From the next page on the officer acts in the name of `principal`.

    :raises IdentityError: nothing (or nothing any more) is entrusted; says since when and what is possible
    """
    assert isinstance(request.user, Account)
    services.switch_party(account=request.user, party=principal, at=at)
    request.session[SESSION_PARTY] = principal
    request.session.cycle_key()


def end_helping(request: ActorRequest) -> None:
    """Back to being an officer."""
    if request.session.pop(SESSION_PARTY, None) is not None:
        request.session.cycle_key()
