"""Who sees and who moves benefits and claims.

The unit that owns a measure answers for its lists and claims; its officers who decide are its approvers and its head. A
party sees its own claims; a published list everybody sees on its public page, never through the docket. Money is moved by
the finance bureau alone (registers/payments).
"""

from __future__ import annotations

from django.db.models import Q

from tongban.actors import api as actors
from tongban.actors.api import Role, by_role
from tongban.kernel.contracts import Actor, DocketRow

DESK = (Role.HANDLER, Role.POLICY_EDITOR, Role.APPROVER, Role.HEAD)
READERS = (*DESK, Role.SUPERVISOR, Role.LEADER, Role.FINANCE, Role.TREASURER)
"""Whoever may trace a payment of a docket that he sees."""

desk = by_role(*DESK)
decider = by_role(Role.APPROVER, Role.HEAD)


def scope(actor: Actor) -> Q:
    """The usual rows."""
    return actors.default_scope(actor)


def sees(actor: Actor, docket: DocketRow) -> bool:
    """The same question for one row."""
    return actors.default_sees(actor, docket)
