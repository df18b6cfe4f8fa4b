"""The panel of a docket that mends a bad evaluation."""

from __future__ import annotations

from tongban.faces.workbench.panels.base import Asked, Panel, register
from tongban.kernel import api as kernel
from tongban.oversight.appraisal import api as appraisal


@register("mending")
def mending_panels(asked: Asked) -> list[Panel]:
    """What was said, and of which application; a link only when the reader may open it."""
    found = appraisal.evaluation_behind(asked.row.id)
    if found is None:
        return []
    try:
        application: kernel.DocketRow | None = kernel.docket(found.number, actor=asked.actor)
    except kernel.NotFound:
        application = None
    return [Panel("workbench/panels/evaluation.html", {"found": found, "application": application})]
