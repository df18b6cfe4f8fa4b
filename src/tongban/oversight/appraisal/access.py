"""Who sees and who moves a docket that mends a bad evaluation."""

from __future__ import annotations

from dataclasses import dataclass, fields

from django.db.models import Q

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.kernel.contracts import Actor, Capacity, DocketRow


def _called_regions(actor: Actor) -> frozenset[str]:
    """Regions whose bad evaluations the actor calls back: those of the units where that is the job."""
    found = set()
    for unit_id in actor.units_of(Role.CALLBACK):
        try:
            found.add(actors.unit(unit_id).region)
        except actors.NotKnownError:
            continue
    return frozenset(found)


def _widened(actor: Actor) -> Actor:
    regions = _called_regions(actor)
    if not regions:
        return actor
    # Field by field: a request's actor is a lazy stand-in that `dataclasses.replace` refuses.
    same = {field.name: getattr(actor, field.name) for field in fields(Actor)}
    return Actor(**{**same, "regions": actor.regions | regions})


def scope(actor: Actor) -> Q:
    """The usual rows, and for call-back officers those of their unit's region and below."""
    return actors.default_scope(_widened(actor))


def sees(actor: Actor, docket: DocketRow) -> bool:
    """The same question for one row."""
    return actors.default_sees(_widened(actor), docket)


@dataclass(frozen=True, slots=True)
class CallbackOfRegion:
    """A call-back officer of the docket's region or of one above it; acts as the own unit."""

    @property
    def label(self) -> str:
        return str(Role.CALLBACK.label)

    def __call__(self, actor: Actor, docket: DocketRow) -> Capacity | None:
        chain = actors.region_chain(docket.region)
        for unit_id in sorted(actor.units_of(Role.CALLBACK), key=lambda one: one != actor.unit):
            try:
                if actors.unit(unit_id).region in chain:
                    return Capacity(unit=unit_id)
            except actors.NotKnownError:
                continue
        return None


callback = CallbackOfRegion()
