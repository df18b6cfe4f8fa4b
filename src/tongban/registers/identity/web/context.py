"""What every template may read of identity: for whom an agent acts."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from tongban.actors import api as actors
from tongban.registers.identity import hats
from tongban.registers.identity.middleware import SESSION_PARTY, party_of


def hat(request: HttpRequest) -> dict[str, Any]:
    """``hat``: the name of the citizen whom the officer at the screen helps now; empty for everybody else."""

    def name() -> str:
        # Pages of everybody else ask neither the session nor the database for it.
        if not hasattr(request, "session") or SESSION_PARTY not in request.session:
            return ""
        actor = getattr(request, "actor", None)
        return actors.party_name(party_of(request)) if actor is not None and hats.is_helping(actor) else ""

    return {"hat": SimpleLazyObject(name)}
