"""Panels of hand-overs to places outside the city, and of applications that such a place received for us."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.desks.cases.partners import api as partners
from tongban.faces.workbench.panels import personal
from tongban.faces.workbench.panels.base import Asked, Panel, register
from tongban.faces.workbench.panels.papers import WAYS, Paper, by_slot
from tongban.kernel import api as kernel
from tongban.kernel.files.selectors import attachments


def _files(asked: Asked) -> set[int]:
    return {one.pk for one in attachments(asked.row.id)}


def may_answer(asked: Asked) -> bool:
    """Whether the reader may answer what the other place asks now."""
    moves = kernel.moves_for(kernel.flow_of("handover"), asked.row, asked.actor)
    return any(one.is_open and one.move.name == "answer" for one in moves)


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
                "answers": [
                    file for slot, found in files.items() if slot.startswith("answer-") for file in found
                ],
                "asks": row.state == "assisting" and may_answer(asked),
                "number": row.number,
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
    kinds = {"package": _("数据包"), "news": _("进展和答复"), "question": _("协查函")}
    return [(one, kinds.get(one.kind, one.kind), str(partners.Fate(one.fate).label)) for one in queue]


def incoming_panels(application: int, asked: Asked) -> list[Panel]:
    """One panel for an application that a partner received for us, none for others; what was asked there."""
    found = partners.incoming_of(application)
    if found is None:
        return []
    shown = {
        "found": found, "place": found.partner.text(get_language() or ""), "fates": _fates(found.queue),
        "inquiries": [(one, _standing(one)) for one in partners.inquiries_of(application)],
        "may_ask": partners.may_ask(asked.row, asked.actor), "number": asked.row.number,
    }  # fmt: skip
    return [Panel("workbench/panels/incoming.html", shown)]


def _standing(one: partners.InquiryView) -> str:
    return str(kernel.flow_of("inquiry").states[one.state].label)


@register("inquiry", files=_files)
def inquiry_panels(asked: Asked) -> list[Panel]:
    """What was asked, by when, what was answered with which files, and the way of the letter."""
    found = partners.inquiry_of(asked.row.id)
    files = by_slot(asked.row.id, asked.row.number).get(partners.ANSWER_SLOT, [])
    shown = {
        "found": found, "place": found.partner.text(get_language() or ""), "files": files,
        "fates": _fates(found.queue),
    }  # fmt: skip
    return [Panel("workbench/panels/inquiry.html", shown)]
