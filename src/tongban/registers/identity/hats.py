"""One hat at a time: an officer who helps a citizen acts for that citizen and as nothing else.

While an agent 帮办代办员 helps, the session names the citizen. The actor of each request is then cut down to what this
citizen entrusted: no roles, no delegations, nobody else's dockets. The pages are those of the citizen; the ledger
names the officer and the authority.
"""

from __future__ import annotations

from dataclasses import replace

from tongban.actors import api as actors
from tongban.kernel.contracts import Actor


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
