"""Who proposes and who adopts definitions: officers of the department that answers for one, at the city."""

from __future__ import annotations

from django.conf import settings

from tongban.actors import api as actors
from tongban.actors.api import Bureau, Role
from tongban.kernel.contracts import Actor
from tongban.oversight.insight.access import prefix, scope_of
from tongban.oversight.insight.contracts import Scope

PROPOSING = (Role.SUPERVISOR, Role.HEAD)
ADOPTING = (Role.HEAD, Role.LEADER)
ANYWHERE = (Role.LEADER,)
"""Adopts whatever department answers for it."""


def proposes_as(actor: Actor, *, owner: str) -> str:
    """The unit as which somebody may propose definitions of a department; empty when not."""
    return _city_unit(Bureau(PROPOSING, lambda: owner), actor)


def adopts_as(actor: Actor, *, owner: str) -> str:
    """The unit as which somebody may adopt or refuse definitions of a department; empty when not."""
    return _city_unit(Bureau(ADOPTING, lambda: owner), actor) or _city_unit(Bureau(ANYWHERE), actor)


def owners(actor: Actor) -> tuple[str, ...]:
    """Departments for whose definitions somebody may propose."""
    units = {unit for role in PROPOSING for unit in actor.units_of(role)}
    found = {info.department for unit in units if (info := actors.live_unit(unit)) is not None}
    return tuple(sorted(one for one in found if proposes_as(actor, owner=one)))


def _city_unit(bureau: Bureau, actor: Actor) -> str:
    for region, unit in bureau.divisions(actor).items():
        if region == settings.ROOT_REGION:
            return unit
    return ""


def counts(actor: Actor) -> Scope:
    """Over what the effect of a definition is shown: the whole city to who decides on it, else what the reader oversees."""
    decides = _city_unit(Bureau((*PROPOSING, *ADOPTING)), actor)
    return Scope((prefix(settings.ROOT_REGION),)) if decides else scope_of(actor)
