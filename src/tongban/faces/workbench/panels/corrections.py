"""The panel of a correction of a portrait: what the file says, what its holder says it should."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language

from tongban.faces.workbench.panels.base import Asked, Panel, register
from tongban.faces.workbench.panels.papers import by_slot
from tongban.kernel.files.selectors import attachments
from tongban.kernel.privacy import mask
from tongban.registers.portraits import api as portraits
from tongban.registers.portraits.contracts import PERSON, CorrectionInfo


def _files(asked: Asked) -> set[int]:
    return {one.pk for one in attachments(asked.row.id)}


@register("correction", files=_files)
def correction_panels(asked: Asked) -> list[Panel]:
    """The fact that is said to be wrong and what proves it; what is personal is masked unless revealed."""
    found = portraits.correction_behind(asked.row.id)
    if found is None:
        return []
    personal = found.info is None or found.info.personal or found.party.startswith(PERSON)
    hidden = personal and not asked.clear
    context = {
        "found": found,
        "name": found.info.name_in(get_language() or "") if found.info else found.element,
        "said": _text(found, found.said, hidden=hidden),
        "right": _text(found, found.right, hidden=hidden),
        "why": "" if hidden else found.why,
        "files": [file for held in by_slot(asked.row.id, asked.row.number).values() for file in held],
    }
    return [Panel("workbench/panels/correction.html", context)]


def _text(found: CorrectionInfo, value: Any, *, hidden: bool) -> str:
    if value is None:
        return ""
    said = portraits.value_text(found.info, value, get_language() or "") if found.info else str(value)
    return mask(said) if hidden else said
