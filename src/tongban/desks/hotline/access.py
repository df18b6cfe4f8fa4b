"""Who sees which tickets, and who may make which moves.

Desks of the hotline (operators, dispatchers, callers-back of a unit) see the tickets of the division their unit belongs to
and of those below it. Other units see what they have or had a turn with. A confidential ticket is seen by those named in
it, by its caller and by nobody else, whatever their role (信访工作条例 第三十条；监督举报人保护).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tongban.actors.api import Role, default_scope, default_sees, live_unit, region_chain
from tongban.desks.hotline.contracts import CENTRE, CONFIDENTIAL, KIND
from tongban.desks.hotline.models import Confidant, Turn
from tongban.kernel.contracts import Actor, Capacity, DocketRow
from tongban.kernel.prepared import Prepared

DESK_ROLES: Final = (Role.OPERATOR.value, Role.DISPATCHER.value, Role.CALLBACK.value)


def _turns(docket: int) -> QuerySet[Turn, Any]:
    return Turn.objects.filter(docket=docket).values_list("unit")


def _confidants(docket: int, actor: str) -> QuerySet[Confidant, Any]:
    return Confidant.objects.filter(docket=docket, actor=actor).values_list("id")


_TURNS = Prepared(_turns, docket=int)
_CONFIDANTS = Prepared(_confidants, docket=int)


def desk_regions(actor: Actor, roles: Collection[str] = DESK_ROLES) -> dict[str, str]:
    """The divisions whose tickets an actor sees as an officer of the hotline, each with the desk it is seen from."""
    found = {}
    for grant in sorted(actor.grants, key=lambda one: one.unit):
        desk = live_unit(grant.unit) if grant.role in roles else None
        if desk is not None and desk.department == CENTRE:
            found[desk.region] = grant.unit
    return found


def _at_desk(actor: Actor) -> Actor:
    # Field by field: a request's actor is a lazy stand-in that `dataclasses.replace` refuses.
    same = {field.name: getattr(actor, field.name) for field in fields(Actor)}
    return Actor(**{**same, "regions": actor.regions | set(desk_regions(actor))})


def _reports(actor: Actor) -> bool:
    """A grid worker sees what he or she reported, whoever has it now."""
    return any(grant.role == Role.GRID.value for grant in actor.grants)


def ticket_scope(actor: Actor) -> Q:
    """The tickets an actor sees, as a condition on docket rows; `ticket_sees` answers the same for one."""
    if actor.is_system:
        return Q()
    found = default_scope(_at_desk(actor))
    units = sorted({grant.unit for grant in actor.grants})
    if actor.is_officer:  # only officers are named in a confidential ticket; its caller sees it as applicant
        found |= Q(pk__in=Confidant.objects.filter(actor=actor.id).values("docket_id"))
    if _reports(actor):
        found |= Q(applicant=actor.id)
    if units:
        found |= Q(pk__in=Turn.objects.filter(unit__in=units).values("docket_id"))
    return found


def hidden_from(actor: Actor) -> Q:
    """The confidential tickets that an actor may not see although a reason of `ticket_scope` shows them."""
    if actor.is_system:
        return Q(pk__in=())
    named = Confidant.objects.filter(actor=actor.id).values("docket_id")
    own = Q(pk__in=named) | Q(applicant__in=sorted({*actor.parties, actor.id}))
    return Q(kind=KIND, subject=CONFIDENTIAL) & ~own


def ticket_sees(actor: Actor, docket: DocketRow) -> bool:
    """Whether the actor sees this ticket; asks the database only for units that had a turn, and for confidential ones."""
    if actor.is_system:
        return True
    if docket.subject == CONFIDENTIAL:
        return bool(docket.applicant and docket.applicant in {actor.id, *actor.parties}) or any(
            _CONFIDANTS(docket=docket.id, actor=actor.id)
        )
    if default_sees(actor, docket) or default_sees(_at_desk(actor), docket):
        return True
    if _reports(actor) and docket.applicant == actor.id:
        return True
    units = {grant.unit for grant in actor.grants}
    return bool(units) and any(of in units for (of,) in _TURNS(docket=docket.id))


@dataclass(frozen=True, slots=True)
class AtDesk:
    """Holders of a role at a desk of the hotline at or above the ticket's division, wherever the ticket is now."""

    roles: tuple[str, ...]

    @property
    def label(self) -> str:
        return _("热线%(roles)s") % {"roles": _("、").join(str(Role(role).label) for role in self.roles)}

    def __call__(self, actor: Actor, docket: DocketRow) -> Capacity | None:
        chain = region_chain(docket.region)
        units = {at for region, at in desk_regions(actor, self.roles).items() if region in chain}
        if not units:
            return None
        return Capacity(unit=actor.unit if actor.unit in units else min(units))


def at_desk(*roles: Role) -> AtDesk:
    """Holders of `roles` at a desk of the hotline."""
    return AtDesk(tuple(role.value for role in roles))
