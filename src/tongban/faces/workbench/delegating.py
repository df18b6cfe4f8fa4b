"""Delegations 授权 as a list for officers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongban.actors import api as actors
from tongban.actors.api import DelegationInfo, Role
from tongban.faces.workbench import words
from tongban.kernel import api as kernel
from tongban.registers.catalogue import api as catalogue

# What may be exercised in another unit's name; heads and administrators are appointed, not delegated.
ROLES = (Role.WINDOW, Role.HANDLER, Role.SURVEYOR, Role.APPROVER)


@dataclass(frozen=True, slots=True)
class Line:
    """One delegation in words."""

    info: DelegationInfo
    unit: str
    officer_unit: str
    matters: list[str]
    roles: list[str]
    number: int = 0
    may_revoke: bool = False


def of_concern(actor: kernel.Actor, *, at: datetime) -> list[Line]:
    """What `actors.delegations_of` finds, with the names of units, matters and roles."""
    gives = units_to_give(actor)
    return [_line(info, gives) for info in actors.delegations_of(actor, at=at)]


def units_to_give(actor: kernel.Actor) -> list[str]:
    """Units whose authority the actor may delegate: where he is head or administrator."""
    return sorted({grant.unit for grant in actor.grants if grant.role in {Role.HEAD, Role.ADMIN}})


def matters_of(unit: str) -> list[tuple[str, str]]:
    """Code and name of the matters that a unit's department handles in its region."""
    known = actors.unit(unit)
    return catalogue.matters_of_unit(unit, department=known.department, region=known.region)


def _line(info: DelegationInfo, gives: list[str]) -> Line:
    region = actors.unit(info.unit).region
    known = catalogue.matters(list(info.matters), region) if info.matters else {}
    return Line(
        info=info, unit=words.unit_name(info.unit), officer_unit=words.unit_name(info.officer_unit),
        matters=[known[code].name if code in known else code for code in info.matters],
        roles=[str(Role(role).label) for role in info.roles if role in Role.values],
        number=int(info.id.rpartition(":")[2]), may_revoke=info.in_force and info.unit in gives,
    )  # fmt: skip
