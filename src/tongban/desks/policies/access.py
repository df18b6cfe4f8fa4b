"""Who collects, splits, checks and publishes policies.

An editor of the department that issued it, or of the government-service bureau of a division above it, which collects
for all (a department may have nobody who splits policies).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from django.conf import settings
from django.db.models import Q

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.kernel.contracts import Actor, Capacity, DocketRow

EDITORS = (Role.POLICY_EDITOR,)
CHECKERS = (Role.POLICY_EDITOR, Role.APPROVER, Role.HEAD)


def _collecting(actor: Actor, roles: tuple[Role, ...]) -> dict[str, str]:
    """Divisions for whose departments the actor may act, with the unit in which: those of service bureaus."""
    found: dict[str, str] = {}
    for role in roles:
        for unit_id in sorted(actor.units_of(role)):
            try:
                unit = actors.unit(unit_id)
            except actors.NotKnownError:
                continue
            if unit.department == settings.POLICIES_DEPARTMENT:
                found.setdefault(unit.region, unit_id)
    return found


def _widened(actor: Actor) -> Actor:
    regions = frozenset(_collecting(actor, EDITORS))
    if not regions:
        return actor
    # Field by field: a request's actor is a lazy stand-in that `dataclasses.replace` refuses.
    same = {field.name: getattr(actor, field.name) for field in fields(Actor)}
    return Actor(**{**same, "regions": actor.regions | regions})


def scope(actor: Actor) -> Q:
    """The usual rows, and for editors of the service bureau those of its division and below."""
    return actors.default_scope(_widened(actor))


def sees(actor: Actor, docket: DocketRow) -> bool:
    """The same question for one row."""
    return actors.default_sees(_widened(actor), docket)


@dataclass(frozen=True, slots=True)
class InDepartment:
    """Holders of a role in the policy's unit, and policy editors of the service bureau above it."""

    roles: tuple[Role, ...]

    @property
    def label(self) -> str:
        return "、".join(str(role.label) for role in self.roles)

    def __call__(self, actor: Actor, docket: DocketRow) -> Capacity | None:
        if any(actor.holds(role, docket.unit) for role in self.roles):
            return Capacity(unit=docket.unit)
        collecting = _collecting(actor, EDITORS)
        if not collecting:
            return None
        chain = actors.region_chain(docket.region)
        return next((Capacity(unit=collecting[one]) for one in chain if one in collecting), None)


editor = InDepartment(EDITORS)
checker = InDepartment(CHECKERS)


def edits_for(actor: Actor) -> list[actors.UnitInfo]:
    """Units whose policies the actor may collect, by id."""
    own = {one: actors.unit(one) for role in EDITORS for one in actor.units_of(role)}
    for region in _collecting(actor, EDITORS):
        own.update({one.id: one for one in actors.units_in(region=region)})
    return sorted((one for one in own.values() if one.ended_on is None), key=lambda one: one.id)


def splits_here(actor: Actor) -> bool:
    """Whether the workbench shows this officer the way to the policies: those who split them."""
    return bool(actor.units_of(Role.POLICY_EDITOR))
