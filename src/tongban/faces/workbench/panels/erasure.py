"""The panel of a request to erase: what is open, what stays and why, what went."""

from __future__ import annotations

from tongban.faces.workbench.panels.base import Asked, Panel, register
from tongban.registers.identity.privacy import api as privacy


@register("erasure")
def erasure_panels(asked: Asked) -> list[Panel]:
    """What the keeper has to know before deciding."""
    found = privacy.erasure_of(asked.row.id)
    return [Panel("workbench/panels/erasure.html", {"found": found})] if found else []
