"""Who sees affairs: like tickets; and which groups a page lists."""

from __future__ import annotations

from django.conf import settings
from django.db.models import Q

from tongban.actors import api as actors
from tongban.desks.hotline.access import desk_regions
from tongban.kernel.contracts import Actor


def groups_of(actor: Actor) -> Q:
    """The groups an actor sees: those of the divisions of a hotline desk or a supervisor, and those of the own units."""
    if actor.is_system:
        return Q()
    regions = {*desk_regions(actor), *actor.regions}
    if settings.ROOT_REGION in regions:
        return Q()
    within = {code for region in regions for code in actors.regions_within(region)}
    units = sorted({grant.unit for grant in actor.grants})
    return Q(region__in=sorted(within)) | Q(unit__in=units)
