"""The panel of a visit at home: address and phone are masked like any personal data."""

from __future__ import annotations

from tongban.desks.helping import api as helping
from tongban.faces.workbench.panels.base import Asked, Panel, register
from tongban.web import formats


@register("doorstep")
def doorstep_panels(asked: Asked) -> list[Panel]:
    """What is wanted where; who works on it sees the address for a minute, with a reason."""
    visit = helping.visit_of(asked.row.id)
    if visit is None:
        return []
    clear = asked.clear
    return [
        Panel(
            "workbench/panels/doorstep.html",
            {
                "group": str(helping.Group(visit.group).label), "first": visit.group in helping.PRIORITY,
                "wish": visit.wish, "address": visit.address if clear else visit.address[:6] + "****",
                "phone": visit.phone if clear else formats.mask_phone(visit.phone), "visit_at": visit.visit_at,
                "served": visit.served, "clear": clear, "hidden": not clear,
            },
        )
    ]  # fmt: skip
