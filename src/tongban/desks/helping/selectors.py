"""Reading visits."""

from __future__ import annotations

from tongban.desks.helping.contracts import Visit
from tongban.desks.helping.models import Doorstep


def visit_of(docket: int) -> Visit | None:
    """The visit of a docket, unmasked: for who works on it, and for who asked."""
    row = Doorstep.objects.filter(docket_id=docket).first()
    if row is None:
        return None
    return Visit(
        docket=docket, group=row.group, wish=row.wish, address=row.address, phone=row.phone, visit_at=row.visit_at,
        served=row.served,
    )  # fmt: skip


def groups_of(dockets: list[int]) -> dict[int, str]:
    """The special group of each visit, in one query; for lists, which show nothing else."""
    return dict(Doorstep.objects.filter(docket_id__in=dockets).values_list("docket_id", "group"))
