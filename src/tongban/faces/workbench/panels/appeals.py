"""The panel of an appeal against a late mark."""

from __future__ import annotations

from django.utils.translation import gettext as _

from tongban.faces.workbench import words
from tongban.faces.workbench.panels.base import Asked, Panel, register
from tongban.kernel.files.selectors import attachments
from tongban.oversight.supervision import api as supervision


@register(supervision.KIND)
def appeal_panels(asked: Asked) -> list[Panel]:
    """Who was late with what, what the unit says, and its evidence."""
    found = supervision.appealed(asked.row.id)
    if found is None:
        return []
    context = {
        "found": found, "number": asked.row.number, "limit": _(found.limit), "unit": words.unit_name(found.unit),
        "files": attachments(asked.row.id), "due": supervision.last_day(found.due_at),
    }  # fmt: skip
    return [Panel("workbench/panels/appeal.html", context)]
