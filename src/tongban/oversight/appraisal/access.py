"""Who sees and who moves a docket that mends a bad evaluation."""

from __future__ import annotations

from dataclasses import dataclass

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.kernel.contracts import Actor, Capacity, DocketRow

_DESK = actors.Bureau((Role.CALLBACK,))
scope, sees = _DESK.scope, _DESK.sees


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
