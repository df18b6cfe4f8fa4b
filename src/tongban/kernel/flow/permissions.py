"""Who may make a move, as far as the kernel itself can say; roles are the actors context's."""

from __future__ import annotations

from tongban.kernel.contracts import Actor, Capacity, DocketRow
from tongban.kernel.flow.declaration import Permission


def system_only(actor: Actor, _docket: DocketRow) -> Capacity | None:
    """The platform itself: a due clock, a hook, a nested move."""
    return Capacity() if actor.is_system else None


def any_of(*permissions: Permission) -> Permission:
    """The first permission that gives a capacity."""

    def check(actor: Actor, docket: DocketRow) -> Capacity | None:
        for permission in permissions:
            capacity = permission(actor, docket)
            if capacity is not None:
                return capacity
        return None

    check.__name__ = "_or_".join(getattr(p, "__name__", "permission") for p in permissions)
    return check


def applicant(actor: Actor, docket: DocketRow) -> Capacity | None:
    """The applicant, or the agent whom the docket names."""
    mine = docket.applicant in actor.parties or (docket.agent != "" and docket.agent in actor.parties)
    return Capacity() if mine else None
