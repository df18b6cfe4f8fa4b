"""Who may make a move: predicates that a flow names in `Move.by`.

Each is called with the actor and the docket and gives the capacity in which the actor would act,
or None for "not this one". `label` says in words who may, for drawings, buttons and refusals.
They ask no database: what holds at the instant is already in the actor.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from tongban.actors.contracts import APPLICANT_ROLE, Role
from tongban.actors.selectors import region_chain
from tongban.kernel.contracts import Actor, Capacity, DocketRow


class Permission(Protocol):
    """What `Move.by` takes."""

    @property
    def label(self) -> str: ...

    def __call__(self, actor: Actor, docket: DocketRow) -> Capacity | None: ...


@dataclass(frozen=True, slots=True)
class ByRole:
    """Holders of one of the roles in the docket's unit, or those to whom that unit delegated it."""

    roles: tuple[str, ...]

    @property
    def label(self) -> str:
        return _("、").join(str(Role(role).label) for role in self.roles)

    def __call__(self, actor: Actor, docket: DocketRow) -> Capacity | None:
        if not docket.unit:
            return None
        if any(actor.holds(role, docket.unit) for role in self.roles):
            return Capacity(unit=docket.unit)
        for authority in actor.authorities:
            if authority.unit != docket.unit or authority.roles.isdisjoint(self.roles):
                continue
            if not authority.matters or docket.subject in authority.matters:
                return Capacity(unit=docket.unit, authority=authority.id)
        return None


@dataclass(frozen=True, slots=True)
class Applicant:
    """The applicant, or whom the applicant lets act: in what was entrusted, and in what one filed under it."""

    @property
    def label(self) -> str:
        return _("申请人")

    def __call__(self, actor: Actor, docket: DocketRow) -> Capacity | None:
        if docket.applicant and docket.applicant == actor.id:
            return Capacity()
        for authority in actor.authorities:
            if authority.unit != docket.applicant or APPLICANT_ROLE not in authority.roles:
                continue
            if not authority.matters or docket.subject in authority.matters:
                return Capacity(authority=authority.id)
        if docket.applicant and docket.applicant in actor.parties:
            return Capacity()
        # What one filed for somebody one may also withdraw, as long as the authority holds.
        held = [
            one for one in actor.authorities if one.unit == docket.applicant and APPLICANT_ROLE in one.roles
        ]
        filed = bool(held) and bool(docket.applicant) and docket.agent == actor.id
        return Capacity(authority=held[0].id) if filed else None


@dataclass(frozen=True, slots=True)
class SystemOnly:
    """Nobody but the platform itself: clocks that fall due, effects of other moves."""

    @property
    def label(self) -> str:
        return _("系统")

    def __call__(self, actor: Actor, docket: DocketRow) -> Capacity | None:  # noqa: ARG002  # one shape for all
        return Capacity() if actor.is_system else None


@dataclass(frozen=True, slots=True)
class SupervisorOfRegion:
    """A supervisor of the docket's region or of one above it; acts as the own unit."""

    roles: tuple[str, ...]

    @property
    def label(self) -> str:
        return _("上级%(roles)s") % {"roles": _("、").join(str(Role(role).label) for role in self.roles)}

    def __call__(self, actor: Actor, docket: DocketRow) -> Capacity | None:
        if actor.regions.isdisjoint(region_chain(docket.region)):
            return None
        held = sorted(grant.unit for grant in actor.grants if grant.role in self.roles)
        if not held:
            return None
        return Capacity(unit=actor.unit if actor.unit in held else held[0])


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Whoever one of several predicates permits; the first that does gives the capacity."""

    among: tuple[Permission, ...]

    @property
    def label(self) -> str:
        return _("或").join(dict.fromkeys(one.label for one in self.among))

    def __call__(self, actor: Actor, docket: DocketRow) -> Capacity | None:
        for one in self.among:
            capacity = one(actor, docket)
            if capacity is not None:
                return capacity
        return None


def by_role(*roles: Role) -> ByRole:
    """Holders of any of `roles` in the docket's unit, by appointment or by delegation."""
    return ByRole(tuple(role.value for role in roles))


def any_of(*among: Permission) -> AnyOf:
    """Whoever one of `among` permits."""
    return AnyOf(among)


def supervisor_of_region(*roles: Role) -> SupervisorOfRegion:
    """Holders of `roles` (default: supervisor) anywhere above the docket's region."""
    return SupervisorOfRegion(tuple(role.value for role in roles) or (Role.SUPERVISOR.value,))


applicant = Applicant()
system_only = SystemOnly()
