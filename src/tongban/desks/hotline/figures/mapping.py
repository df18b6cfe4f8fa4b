"""Where tickets come from: clusters of about a kilometre, and how they stand on the map."""

from __future__ import annotations

from typing import Final

from django.db.models import Avg, Count, F, Min, Q
from django.db.models.functions import Floor

from tongban.desks.hotline.contracts import CONFIDENTIAL
from tongban.desks.hotline.figures import reckoning
from tongban.desks.hotline.figures.contracts import Cluster, Period

CELLS: Final = 100
"""Cells to a degree: one is about 1.1 km from north to south."""
MOST: Final = 40


def clusters(period: Period) -> list[Cluster]:
    """Tickets with a place, gathered by cell, the largest first; confidential ones are not on the map."""
    rows = (
        reckoning.dockets(period).filter(ticket__latitude__isnull=False, ticket__longitude__isnull=False)
        .exclude(subject=CONFIDENTIAL)
        .annotate(row=Floor(F("ticket__latitude") * CELLS), column=Floor(F("ticket__longitude") * CELLS))
        .values("row", "column")
        .annotate(n=Count("id"), place=Min("ticket__place"), y=Avg("ticket__latitude"), x=Avg("ticket__longitude"))
        .order_by("-n", "row", "column")[:MOST]
    )  # fmt: skip
    return [
        Cluster(int(row["row"]), int(row["column"]), row["y"], row["x"], row["place"], row["n"])
        for row in rows
    ]


def in_cell(row: int, column: int) -> Q:
    """The condition on dockets for one cell."""
    return Q(
        ticket__latitude__gte=row / CELLS, ticket__latitude__lt=(row + 1) / CELLS,
        ticket__longitude__gte=column / CELLS, ticket__longitude__lt=(column + 1) / CELLS,
    ) & ~Q(subject=CONFIDENTIAL)  # fmt: skip
