"""Who sees a session and who acts in it: the officer at the window who began it, and the officers of the remote unit."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from tongban.actors.api import Role, applicant, by_role, default_scope, default_sees
from tongban.kernel.contracts import Actor, Capacity, DocketRow

far = by_role(Role.HANDLER, Role.APPROVER, Role.WINDOW, Role.HEAD)


HOME = "web"
"""Channel of a session that an applicant began without a window."""


def begun_by(docket: DocketRow) -> str:
    """Who began it: an officer, or at home the applicant or who acts for them."""
    return docket.agent or (docket.applicant if docket.channel == HOME else "")


@dataclass(frozen=True, slots=True)
class Near:
    """Who began it: the officer at the window or in a village hall, at home the applicant."""

    @property
    def label(self) -> str:
        return _("发起人（窗口人员，或在家的申请人）")

    def __call__(self, actor: Actor, docket: DocketRow) -> Capacity | None:
        if begun_by(docket) != actor.id:
            return None
        held = applicant(actor, docket)
        if actor.is_officer:
            return Capacity(unit=actor.unit, authority=held.authority if held else "")
        return held


near = Near()


@dataclass(frozen=True, slots=True)
class Applying:
    """The applicant's own yes: who began it, as the applicant or by the applicant's authority that still holds."""

    @property
    def label(self) -> str:
        return _("申请人，或受托替他填的人")

    def __call__(self, actor: Actor, docket: DocketRow) -> Capacity | None:
        held = applicant(actor, docket) if begun_by(docket) == actor.id else None
        if held is None or not actor.is_officer:
            return held
        return Capacity(unit=actor.unit, authority=held.authority)


applying = Applying()


def scope(actor: Actor) -> Q:
    """As everywhere, and what one began oneself."""
    return default_scope(actor) | Q(agent=actor.id) if actor.is_officer else default_scope(actor)


def sees(actor: Actor, docket: DocketRow) -> bool:
    """The same for one row."""
    return default_sees(actor, docket) or (actor.is_officer and docket.agent == actor.id)
