"""Who sees and who moves what payments keep.

Money is separated from deciding: the unit that collects or grants asks, the finance bureau of the division keeps the
books and gives back, and of its officers one checks 财务经办 and another approves 财务复核 (会计法 第三十五条: who keeps the
money keeps no books of it; 预算法 第六十一条: takings and payments of government are made centrally).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from django.conf import settings
from django.db.models import Q

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.kernel.contracts import Actor, Capacity, DocketRow

MONEY = (Role.FINANCE, Role.TREASURER)


def treasury(region: str, *, otherwise: str) -> str:
    """The finance bureau that answers for a division; `otherwise` where a city has named none."""
    found = actors.unit_for(department=settings.PAYMENTS_DEPARTMENT, region=region)
    return found.id if found is not None else otherwise


def _kept(actor: Actor, roles: tuple[Role, ...] = MONEY) -> dict[str, str]:
    """Divisions whose books the actor keeps, with the unit in which: those of finance bureaus."""
    found: dict[str, str] = {}
    for role in roles:
        for unit_id in sorted(actor.units_of(role)):
            try:
                unit = actors.unit(unit_id)
            except actors.NotKnownError:
                continue
            if unit.department == settings.PAYMENTS_DEPARTMENT:
                found.setdefault(unit.region, unit_id)
    return found


def _widened(actor: Actor) -> Actor:
    regions = frozenset(_kept(actor))
    if not regions:
        return actor
    # Field by field: a request's actor is a lazy stand-in that `dataclasses.replace` refuses.
    same = {field.name: getattr(actor, field.name) for field in fields(Actor)}
    return Actor(**{**same, "regions": actor.regions | regions})


def scope(actor: Actor) -> Q:
    """The usual rows, and for a finance bureau's money officers those of its division and below."""
    return actors.default_scope(_widened(actor))


def sees(actor: Actor, docket: DocketRow) -> bool:
    """The same question for one row."""
    return actors.default_sees(_widened(actor), docket)


@dataclass(frozen=True, slots=True)
class Money:
    """Holders of a money role in the docket's unit, or in the finance bureau of its division."""

    roles: tuple[Role, ...]

    @property
    def label(self) -> str:
        return "、".join(str(role.label) for role in self.roles)

    def __call__(self, actor: Actor, docket: DocketRow) -> Capacity | None:
        if any(actor.holds(role, docket.unit) for role in self.roles):
            return Capacity(unit=docket.unit)
        kept = _kept(actor, self.roles)
        if not kept:
            return None
        return next(
            (Capacity(unit=kept[one]) for one in actors.region_chain(docket.region) if one in kept), None
        )


clerk = Money((Role.FINANCE,))
treasurer = Money((Role.TREASURER,))
money = Money(MONEY)
