"""Officers who answer for a division because of the unit they work in: the finance bureau for all money of its city, the
service bureau for all policies, the call-back desk for all bad reviews.

A flow takes `scope` and `sees` from a bureau, and `InBureau` names it in `Move.by`. The unit is looked up in the process's
own directory; the docket's rows are not asked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields

from django.db.models import Q
from django.utils.translation import gettext as _

from tongban.actors.access import default_scope, default_sees
from tongban.actors.contracts import NotKnownError, Role
from tongban.actors.selectors import region_chain, unit
from tongban.kernel.contracts import Actor, Capacity, DocketRow


@dataclass(frozen=True, slots=True)
class Bureau:
    """Holders of a role in a unit, who with it answer for the unit's division and all below.

    :param roles: any of them will do
    :param department: slug of the department whose units these are, asked anew each time (it is a setting); None: any
    """

    roles: tuple[Role, ...]
    department: Callable[[], str] | None = None

    def divisions(self, actor: Actor, *, roles: tuple[Role, ...] = ()) -> dict[str, str]:
        """Divisions the actor answers for, with the unit in which; by `roles` alone where some are given."""
        wanted = self.department() if self.department is not None else None
        found: dict[str, str] = {}
        for role in roles or self.roles:
            for unit_id in sorted(actor.units_of(role)):
                try:
                    info = unit(unit_id)
                except NotKnownError:
                    continue
                if wanted is None or info.department == wanted:
                    found.setdefault(info.region, unit_id)
        return found

    def scope(self, actor: Actor) -> Q:
        """The usual rows, and those of the divisions the actor answers for."""
        return default_scope(self._widened(actor))

    def sees(self, actor: Actor, docket: DocketRow) -> bool:
        """The same question for one row."""
        return default_sees(self._widened(actor), docket)

    def _widened(self, actor: Actor) -> Actor:
        regions = frozenset(self.divisions(actor))
        if not regions:
            return actor
        # Field by field: a request's actor is a lazy stand-in that `dataclasses.replace` refuses.
        same = {field.name: getattr(actor, field.name) for field in fields(Actor)}
        return Actor(**{**same, "regions": actor.regions | regions})


@dataclass(frozen=True, slots=True)
class InBureau:
    """Who may make a move: holders of a role in the docket's unit, or in the bureau that answers for its division.

    :param lent: the roles that count in the bureau; the same ones where none are given
    """

    bureau: Bureau
    roles: tuple[Role, ...]
    lent: tuple[Role, ...] = ()

    @property
    def label(self) -> str:
        return _("、").join(str(role.label) for role in self.roles)

    def __call__(self, actor: Actor, docket: DocketRow) -> Capacity | None:
        if any(actor.holds(role, docket.unit) for role in self.roles):
            return Capacity(unit=docket.unit)
        answering = self.bureau.divisions(actor, roles=self.lent or self.roles)
        if not answering:
            return None
        chain = region_chain(docket.region)
        return next((Capacity(unit=answering[one]) for one in chain if one in answering), None)
