"""Panels of hand-overs to places outside the city, and of applications that such a place received for us."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.desks.cases.partners import api as partners
from tongban.faces.workbench.panels import personal
from tongban.faces.workbench.panels.base import Asked, Panel, register
from tongban.faces.workbench.panels.papers import WAYS, Paper, by_slot
from tongban.kernel.files.selectors import attachments


def _files(asked: Asked) -> set[int]:
    return {one.pk for one in attachments(asked.row.id)}


@register("handover", files=_files)
def handover_panels(asked: Asked) -> list[Panel]:
    """Where it goes, what waits, what came back; the form and papers to be checked before packing."""
    own, row = partners.handover_of(asked.row.id), asked.row
    files = by_slot(row.id, row.number)
    filled = personal.fields(dict(own.form), clear=asked.clear)
    papers = [
        Paper(
            paper["key"], paper["name"], f"{WAYS.get(paper['way'], paper['way'])} {paper['said']}".strip(),
            paper["way"] != "upload" or bool(files.get(paper["key"])), None, files.get(paper["key"], []),
        )
        for paper in own.materials
    ]  # fmt: skip
    result = {
        "own": own, "results": own.result.get("results", []), "files": files.get(partners.RESULT_SLOT, []),
    }  # fmt: skip
    return [
        Panel(
            "workbench/panels/handover.html",
            {
                "own": own,
                "place": own.partner.text(get_language() or ""),
                "clear": asked.clear,
                "fates": _fates(own.queue),
            },
        ),
        *([Panel("workbench/panels/handover_result.html", result)] if own.result else []),
        Panel(
            "workbench/panels/form.html",
            {
                "fields": filled,
                "hidden": any(one.hidden for one in filled),
                "clear": asked.clear,
                "corrected": [],
            },
        ),
        Panel("workbench/panels/materials.html", {"papers": papers}),
    ]


def _fates(queue: tuple[partners.ParcelView, ...]) -> list[tuple[partners.ParcelView, str, str]]:
    kinds = {"package": _("数据包"), "news": _("进展和答复")}
    return [(one, kinds.get(one.kind, one.kind), str(partners.Fate(one.fate).label)) for one in queue]


def incoming_panels(application: int) -> list[Panel]:
    """One panel for an application that a partner received for us, none for others."""
    found = partners.incoming_of(application)
    if found is None:
        return []
    shown = {"found": found, "place": found.partner.text(get_language() or ""), "fates": _fates(found.queue)}
    return [Panel("workbench/panels/incoming.html", shown)]
