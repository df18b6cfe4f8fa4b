"""Who reads warnings, who explains, who appeals, who judges.

Whoever oversees a division reads those of its dockets, a head or handler those of the own unit. A head explains and
appeals. The supervisor of the division above judges, never one of the unit that appeals: nobody judges in the own cause.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q

from tongban.actors import api as actors
from tongban.actors.api import Role, default_scope, default_sees
from tongban.kernel.contracts import Actor, Capacity, DocketRow
from tongban.oversight.insight.api import Scope, scope_of
from tongban.oversight.supervision.contracts import KIND

READERS = (Role.LEADER, Role.SUPERVISOR, Role.HEAD, Role.HANDLER, Role.APPROVER)
OWN = (Role.HEAD, Role.HANDLER, Role.APPROVER)


def units_of(actor: Actor) -> list[str]:
    """Units in which the actor answers for limits."""
    return sorted({unit for role in OWN for unit in actor.units_of(role)})


def readable(actor: Actor) -> Q:
    """The warnings somebody reads, as a condition on `Mark`."""
    found = Q(unit__in=units_of(actor))
    overseen: Scope = scope_of(actor)
    for prefix in overseen.regions:
        found |= Q(region__gte=prefix.ljust(12, "0"), region__lte=prefix.ljust(12, "9"))
    return found


def may_count(actor: Actor, unit: str) -> bool:
    """Whether the actor reads a unit's figures: of the own unit, and of units of a division that is overseen.

    Who reads one of its warnings, since the docket is of an overseen division, does not read all that the unit does.
    """
    found = actors.live_unit(unit)
    overseen = scope_of(actor).regions
    return unit in units_of(actor) or (found is not None and found.region.startswith(overseen))


def may_explain(actor: Actor, unit: str) -> bool:
    """Whether the actor may give a unit's reason, or appeal for it."""
    return actor.holds(Role.HEAD, unit)


def scope(actor: Actor) -> Q:
    """Appeals: the usual rows, and those that the own unit lodged (the docket's subject)."""
    own = units_of(actor)
    return default_scope(actor) | Q(kind=KIND, subject__in=own) if own else default_scope(actor)


def sees(actor: Actor, docket: DocketRow) -> bool:
    """The same question for one row."""
    return default_sees(actor, docket) or docket.subject in units_of(actor)


def judging_regions(region: str) -> tuple[str, ...]:
    """Divisions whose supervisors judge what a unit of `region` appeals; at the top its own, since none is above."""
    chain = actors.region_chain(region)
    return chain[1:] or chain


@dataclass(frozen=True, slots=True)
class Judge:
    """A supervisor of a division above the one whose unit appeals."""

    @property
    def label(self) -> str:
        return str(actors.supervisor_of_region().label)

    def __call__(self, actor: Actor, docket: DocketRow) -> Capacity | None:
        above = judging_regions(docket.region)
        for unit_id in sorted(actor.units_of(Role.SUPERVISOR), key=lambda one: one != actor.unit):
            if unit_id == docket.subject:
                continue
            try:
                if actors.unit(unit_id).region in above:
                    return Capacity(unit=unit_id)
            except actors.NotKnownError:
                continue
        return None


@dataclass(frozen=True, slots=True)
class Appellant:
    """A head of the unit that appeals."""

    @property
    def label(self) -> str:
        return str(Role.HEAD.label)

    def __call__(self, actor: Actor, docket: DocketRow) -> Capacity | None:
        return Capacity(unit=docket.subject) if may_explain(actor, docket.subject) else None


judge, appellant = Judge(), Appellant()
