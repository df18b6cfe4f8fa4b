"""Delegations 授权 as a list for officers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tongban.actors import api as actors
from tongban.actors.api import DelegationInfo, Role
from tongban.faces.workbench import words
from tongban.kernel import api as kernel
from tongban.registers.catalogue import api as catalogue


@dataclass(frozen=True, slots=True)
class Line:
    """One delegation in words."""

    info: DelegationInfo
    unit: str
    officer_unit: str
    matters: list[str]
    roles: list[str]


def of_concern(actor: kernel.Actor, *, at: datetime) -> list[Line]:
    """What `actors.delegations_of` finds, with the names of units, matters and roles."""
    return [_line(info) for info in actors.delegations_of(actor, at=at)]


def _line(info: DelegationInfo) -> Line:
    region = actors.unit(info.unit).region
    known = catalogue.matters(list(info.matters), region) if info.matters else {}
    return Line(
        info=info, unit=words.unit_name(info.unit), officer_unit=words.unit_name(info.officer_unit),
        matters=[known[code].name if code in known else code for code in info.matters],
        roles=[str(Role(role).label) for role in info.roles if role in Role.values],
    )  # fmt: skip
