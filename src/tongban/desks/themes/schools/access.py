"""Who keeps the lists of schools."""

from __future__ import annotations

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.kernel.contracts import Actor

KEEPERS = (Role.HANDLER, Role.APPROVER, Role.HEAD)
DEPARTMENT = "jyj"


def may_keep_lists(actor: Actor) -> bool:
    """Whether the officer holds a keeper's role in an education unit; in memory, no query."""
    units = {unit for role in KEEPERS for unit in actor.units_of(role)}
    return any(actors.unit(unit).department == DEPARTMENT for unit in units)
