"""Which places an officer sees and may make: those of the divisions whose desk of the hotline one works at."""

from __future__ import annotations

from typing import Final

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.hotline.access import desk_regions
from tongban.kernel import api as kernel

MAKERS: Final = (Role.OPERATOR, Role.DISPATCHER, Role.HEAD)
_MAKING: Final = tuple(role.value for role in MAKERS)


def divisions(actor: kernel.Actor) -> frozenset[str]:
    """Codes of the divisions in which an actor sees and makes places."""
    found: frozenset[str] = frozenset()
    for region in desk_regions(actor, _MAKING):
        found |= actors.regions_within(region)
    return found


def desk_for(actor: kernel.Actor, region: str) -> str:
    """The desk as which an actor makes a place in a division; empty for none."""
    held = desk_regions(actor, _MAKING)
    return next((held[one] for one in actors.region_chain(region) if one in held), "")
