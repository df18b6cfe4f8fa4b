"""The panel of an objection: what the licence says, what its holder says it should."""

from __future__ import annotations

from django.utils.translation import get_language

from tongban.faces.workbench.panels.base import Asked, Panel, register
from tongban.kernel.privacy import mask
from tongban.registers.licences import api as licences


@register("objection")
def objection_panels(asked: Asked) -> list[Panel]:
    """The entry that is objected to; personal values are masked unless revealed."""
    found = licences.objection_behind(asked.row.id)
    if found is None:
        return []
    hidden = found.personal and not asked.clear
    english = int((get_language() or "").startswith("en"))
    context = {
        "found": found,
        "entry": found.entry_name[english],
        "kind": found.licence.kind_name[english],
        "says": mask(found.says) if hidden else found.says,
        "right": mask(found.right) if hidden else found.right,
        "why": found.why if not hidden else "",
    }
    return [Panel("workbench/panels/objection.html", context)]
