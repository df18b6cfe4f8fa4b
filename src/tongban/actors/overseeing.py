"""Who looks over a division: its supervisors and leaders, or those of the nearest one above that has any."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from tongban.actors.models import Appointment
from tongban.actors.selectors import day_of, holds_on, region_chain


def overseers(*, role: str, region: str, at: datetime) -> list[tuple[str, str]]:
    """Actor ids and units of those who hold a role in a unit of the division, or of the nearest one above that has any.

    One query. For roles that look over a division: its supervisors, its leaders.
    """
    day = day_of(at)
    chain = region_chain(region)
    rows = (
        Appointment.objects.filter(holds_on(day), role=role, unit__region_id__in=chain)
        .filter(Q(officer__ended_on__isnull=True) | Q(officer__ended_on__gt=day))
        .values_list("unit__region_id", "officer_id", "unit_id")
    )
    found: dict[str, set[tuple[int, str]]] = {}
    for code, officer, unit_id in rows:
        found.setdefault(code, set()).add((officer, unit_id))
    nearest = next((found[code] for code in chain if code in found), set())
    return [(f"officer:{officer}", unit_id) for officer, unit_id in sorted(nearest)]
