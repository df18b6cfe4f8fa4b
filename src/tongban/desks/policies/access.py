"""Who collects, splits, checks and publishes policies.

An editor of the department that issued it, or of the government-service bureau of a division above it, which collects
for all (a department may have nobody who splits policies).
"""

from __future__ import annotations

from django.conf import settings

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.kernel.contracts import Actor

EDITORS = (Role.POLICY_EDITOR,)
CHECKERS = (Role.POLICY_EDITOR, Role.APPROVER, Role.HEAD)


COLLECTING = actors.Bureau(EDITORS, lambda: settings.POLICIES_DEPARTMENT)
scope, sees = COLLECTING.scope, COLLECTING.sees
editor = actors.InBureau(COLLECTING, EDITORS)
checker = actors.InBureau(COLLECTING, CHECKERS, lent=EDITORS)


def edits_for(actor: Actor) -> list[actors.UnitInfo]:
    """Units whose policies the actor may collect, by id."""
    own = {one: actors.unit(one) for role in EDITORS for one in actor.units_of(role)}
    for region in COLLECTING.divisions(actor):
        own.update({one.id: one for one in actors.units_in(region=region)})
    return sorted((one for one in own.values() if one.ended_on is None), key=lambda one: one.id)


def splits_here(actor: Actor) -> bool:
    """Whether the workbench shows this officer the way to the policies: those who split them."""
    return bool(actor.units_of(Role.POLICY_EDITOR))
