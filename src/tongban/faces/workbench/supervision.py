"""Late and soon late, unit by unit, for those who oversee them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.faces.workbench import words
from tongban.kernel import api as kernel
from tongban.kernel.models import Clock
from tongban.kernel.web.clocks import late_by_unit

SOON = timedelta(days=21)  # no warning comes earlier than that


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit: how many of its open dockets are late, and how many will be soon."""

    unit: str
    name: str
    late: int
    near: int


def units_overseen(actor: kernel.Actor) -> list[str]:
    """Units of the regions that the actor oversees, and those that the actor heads."""
    found = {grant.unit for grant in actor.grants if grant.role == Role.HEAD}
    for region in actor.regions:
        found |= {unit.id for unit in actors.units_in(region=region, below=True, ended=True)}
    return sorted(found)


def by_unit(units: Sequence[str], *, at: datetime) -> list[UnitLine]:
    """Units with something late or near, the most late first; reads the index of open work by unit."""
    late = late_by_unit(units, at=at)
    near = _near(units, at=at)
    lines = [
        UnitLine(unit, words.unit_name(unit), late.get(unit, 0), near.get(unit, 0)) for unit in {*late, *near}
    ]
    return sorted(lines, key=lambda line: (-line.late, -line.near, line.unit))


def _near(units: Sequence[str], *, at: datetime) -> dict[str, int]:
    rows = (
        Clock.objects.filter(
            docket__unit__in=units, docket__closed_at=None, docket__due_at__gt=at, docket__due_at__lt=at + SOON,
            stopped_at=None, suspended_at=None, warn_at__lte=at, due_at__gt=at,
        )
        .values("docket__unit")
        .annotate(n=Count("docket", distinct=True))
        .order_by("docket__unit")
        .values_list("docket__unit", "n")
    )  # fmt: skip
    return dict(rows)


def filters(units: Sequence[str], unit: str, *, near: bool, at: datetime) -> kernel.Filters:
    """The rows of one unit, or of all overseen ones."""
    chosen = (unit,) if unit in units else tuple(units)
    if near:
        return kernel.Filters(units=chosen, near_at=at)
    return kernel.Filters(units=chosen, due_before=at + timedelta(microseconds=1))
