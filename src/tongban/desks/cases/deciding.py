"""How many cases rules decided and how many humans: counted from the dockets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from tongban.actors import api as actors
from tongban.desks.cases.models import Case


@dataclass(frozen=True, slots=True)
class InstantShare:
    """Cases decided by rules alone and by humans."""

    instant: int
    human: int

    @property
    def share(self) -> float | None:
        """0 to 1; None when nothing was decided."""
        total = self.instant + self.human
        return self.instant / total if total else None


def instant_share(*, region: str, since: datetime, until: datetime, matter: str = "") -> InstantShare:
    """Cases of a region and below that were decided from `since` (inclusive) to `until` (exclusive)."""
    rows = Case.objects.filter(
        docket__region__in=actors.regions_within(region), docket__closed_at__gte=since,
        docket__closed_at__lt=until,
    ).exclude(decided="")  # fmt: skip
    if matter:
        rows = rows.filter(matter=matter)
    found = dict(rows.values_list("decided").annotate(Count("docket_id")))
    return InstantShare(found.get("instant", 0), found.get("human", 0))


def instant_shares(*, region: str, since: datetime, until: datetime) -> dict[str, InstantShare]:
    """Likewise by code of the matter; matters of which none was decided are absent. One query."""
    rows = Case.objects.filter(
        docket__region__in=actors.regions_within(region), docket__closed_at__gte=since,
        docket__closed_at__lt=until,
    ).exclude(decided="")  # fmt: skip
    found: dict[str, dict[str, int]] = {}
    for matter, decided, count in rows.values_list("matter", "decided").annotate(Count("docket_id")):
        found.setdefault(matter, {})[decided] = count
    return {matter: InstantShare(one.get("instant", 0), one.get("human", 0)) for matter, one in found.items()}
