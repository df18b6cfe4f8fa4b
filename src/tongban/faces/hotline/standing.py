"""Who stands at the hotline's desk, and who works on its tickets: asked at every page, so from the grants alone."""

from __future__ import annotations

from typing import Any, Final

from tongban.actors.api import Role

DESK: Final = (Role.OPERATOR, Role.DISPATCHER)
WORKERS: Final = (
    *DESK,
    Role.CALLBACK,
    Role.HANDLER,
    Role.APPROVER,
    Role.HEAD,
    Role.SUPERVISOR,
    Role.LEADER,
    Role.GRID,
)


def at_desk(actor: Any) -> bool:
    """Whether somebody takes messages."""
    return any(actor.units_of(role) for role in DESK)


def works_on_tickets(actor: Any) -> bool:
    """Whether somebody has a part in tickets."""
    return any(actor.units_of(role) for role in WORKERS)


def on_rounds(actor: Any) -> bool:
    """Whether somebody is a grid worker."""
    return bool(actor.units_of(Role.GRID))
