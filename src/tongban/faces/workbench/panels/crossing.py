"""The panel that says where an application was received and where it is decided, when these differ."""

from __future__ import annotations

from collections.abc import Collection

from tongban.desks.cases import api as cases
from tongban.desks.cases.contracts import OUTSIDE
from tongban.faces.workbench import words
from tongban.faces.workbench.panels.base import Panel


def crossing_panels(applications: Collection[int]) -> list[Panel]:
    """One panel for an application received elsewhere, none for others; one query."""
    return [
        Panel(
            "workbench/panels/crossing.html",
            {
                "received": words.unit_name(one.received_unit), "received_at": one.received_at,
                "decided": words.region_name(one.decided_region),
            },
        )
        for one in cases.crossed(applications).values()
        if one.received_unit != OUTSIDE  # a partner's window has a panel of its own
    ]  # fmt: skip
