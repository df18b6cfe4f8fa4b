"""Who counts what: those who oversee divisions count these; a head counts the own units; nobody else."""

from __future__ import annotations

from django.conf import settings

from tongban.actors.api import Role
from tongban.kernel.contracts import Actor
from tongban.oversight.insight.contracts import InsightError, Scope

READERS = (Role.LEADER, Role.SUPERVISOR, Role.DISPATCHER, Role.HEAD)
_WHOLE = 12


def prefix(region: str) -> str:
    """The digits that the codes of a division and all below it begin with."""
    for length in (2, 4, 6, 9):
        if not region[length:].strip("0"):
            return region[:length]
    return region


def whole_city(scope: Scope) -> bool:
    """Whether a scope holds all that there is."""
    if not scope.regions:
        return not scope.units
    city = prefix(settings.ROOT_REGION)
    return any(city.startswith(region) for region in scope.regions)


def scope_of(actor: Actor, *, region: str = "") -> Scope:
    """What of the facts somebody may count, narrowed to a division where one is given.

    :raises InsightError: a division outside
    """
    regions = tuple(sorted(prefix(one) for one in actor.regions))
    units = tuple(sorted(actor.units_of(Role.HEAD)))
    if not region:
        return Scope(regions, () if regions else units or ("",))
    wanted = prefix(region)
    if regions and any(wanted.startswith(one) for one in regions):
        return Scope((wanted,))
    raise InsightError(region)
