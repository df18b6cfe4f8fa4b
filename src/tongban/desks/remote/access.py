"""Who sees a session and who acts in it: the officer at the window who began it, and the officers of the remote unit."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from tongban.actors.api import Role, by_role, default_scope, default_sees
from tongban.kernel.contracts import Actor, Capacity, DocketRow

far = by_role(Role.HANDLER, Role.APPROVER, Role.WINDOW, Role.HEAD)


@dataclass(frozen=True, slots=True)
class Near:
    """The officer who began it, at the window or in a village hall."""

    @property
    def label(self) -> str:
        return _("发起的窗口人员")

    def __call__(self, actor: Actor, docket: DocketRow) -> Capacity | None:
        return Capacity(unit=actor.unit) if actor.is_officer and docket.agent == actor.id else None


near = Near()


def scope(actor: Actor) -> Q:
    """As everywhere, and what one began oneself."""
    return default_scope(actor) | Q(agent=actor.id) if actor.is_officer else default_scope(actor)


def sees(actor: Actor, docket: DocketRow) -> bool:
    """The same for one row."""
    return default_sees(actor, docket) or (actor.is_officer and docket.agent == actor.id)
