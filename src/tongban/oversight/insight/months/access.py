"""Who publishes months: the head of the bureau that answers for the city's figures, or a leader there."""

from __future__ import annotations

from django.conf import settings

from tongban.actors.api import Bureau, Role
from tongban.kernel.contracts import Actor

PUBLISHING = (Role.HEAD, Role.LEADER)
_BUREAU = Bureau(PUBLISHING, lambda: settings.INSIGHT_DEPARTMENT)


def publishes_as(actor: Actor) -> str:
    """The unit as which somebody may publish the city's months; empty when not."""
    for region, unit in _BUREAU.divisions(actor).items():
        if region == settings.ROOT_REGION:
            return unit
    return ""
