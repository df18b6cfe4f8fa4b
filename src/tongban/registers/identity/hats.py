"""One hat at a time: an officer who helps a citizen acts for that citizen and as nothing else.

While an agent 帮办代办员 helps, the session names the citizen. The actor of each request is then cut down to what this
citizen entrusted: no roles, no delegations, nobody else's dockets. The pages are those of the citizen; the ledger
names the officer and the authority.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from tongban.actors import api as actors
from tongban.kernel.contracts import Actor

if TYPE_CHECKING:
    from tongban.registers.identity.contracts import ActorRequest


def put_on(actor: Actor, party: str) -> Actor:
    """The actor as agent of `party`; unchanged for citizens and where nothing is entrusted."""
    held = tuple(actors.held_for(actor, party)) if actor.is_officer and party else ()
    if not held:
        return actor
    return replace(
        actor, grants=frozenset(), authorities=held, regions=frozenset(), parties=frozenset({actor.id})
    )


def is_helping(actor: Actor) -> bool:
    """Whether an officer acts for a citizen now."""
    return actor.is_officer and bool(actor.parties)


def begin_helping(request: ActorRequest, *, principal: str, at: datetime) -> None:
    """From the next page on the officer acts in the name of `principal`.

    :raises IdentityError: nothing (or nothing any more) is entrusted; says since when and what is possible
    """
    from tongban.registers.identity import services
    from tongban.registers.identity.middleware import SESSION_PARTY
    from tongban.registers.identity.models import Account

    assert isinstance(request.user, Account)
    services.switch_party(account=request.user, party=principal, at=at)
    request.session[SESSION_PARTY] = principal
    request.session.cycle_key()


def end_helping(request: ActorRequest) -> None:
    """Back to being an officer."""
    from tongban.registers.identity.middleware import SESSION_PARTY

    if request.session.pop(SESSION_PARTY, None) is not None:
        request.session.cycle_key()
