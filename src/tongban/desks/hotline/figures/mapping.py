"""Where tickets come from: clusters of about a kilometre in a county, of about five over the city."""

from __future__ import annotations

from typing import Final

from django.db.models import Avg, Count, F, Min, Q
from django.db.models.functions import Floor

from tongban.desks.hotline.contracts import CONFIDENTIAL
from tongban.desks.hotline.figures import reckoning
from tongban.desks.hotline.figures.contracts import Cluster, Period

WIDE: Final = 20
NEAR: Final = 100
"""Cells to a degree, over the city and in a county: one is about 5.5 or 1.1 km from north to south."""
MOST: Final = 40


def cells_of(period: Period) -> int:
    """How fine the cells are for a period's division."""
    return WIDE if reckoning.within(period.region) is None else NEAR


def clusters(period: Period) -> list[Cluster]:
    """Tickets with a place, gathered by cell, the largest first; confidential ones are not on the map."""
    cells = cells_of(period)
    rows = (
        reckoning.dockets(period).filter(ticket__latitude__isnull=False, ticket__longitude__isnull=False)
        .exclude(subject=CONFIDENTIAL)
        .annotate(row=Floor(F("ticket__latitude") * cells), column=Floor(F("ticket__longitude") * cells))
        .values("row", "column")
        .annotate(n=Count("id"), place=Min("ticket__place"), y=Avg("ticket__latitude"), x=Avg("ticket__longitude"))
        .order_by("-n", "row", "column")[:MOST]
    )  # fmt: skip
    return [
        Cluster(int(row["row"]), int(row["column"]), row["y"], row["x"], row["place"], row["n"])
        for row in rows
    ]


def in_cell(row: int, column: int, cells: int) -> Q:
    """The condition on dockets for one cell."""
    return Q(
        ticket__latitude__gte=row / cells, ticket__latitude__lt=(row + 1) / cells,
        ticket__longitude__gte=column / cells, ticket__longitude__lt=(column + 1) / cells,
    ) & ~Q(subject=CONFIDENTIAL)  # fmt: skip
