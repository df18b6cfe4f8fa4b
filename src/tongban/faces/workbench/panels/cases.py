"""Panels of the cases desk: form, materials, sibling cases, survey, undertakings, decision."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from tongban.desks.cases import api as cases
from tongban.faces.workbench import words
from tongban.faces.workbench.panels import personal
from tongban.faces.workbench.panels.base import Asked, Panel, register
from tongban.faces.workbench.panels.crossing import crossing_panels
from tongban.faces.workbench.panels.evidence import shown_for
from tongban.faces.workbench.panels.handovers import incoming_panels
from tongban.faces.workbench.panels.instant import made_panels, review_panels
from tongban.faces.workbench.panels.papers import WAYS, Paper, by_slot
from tongban.kernel import api as kernel
from tongban.kernel.files.selectors import attachments
from tongban.kernel.web import clocks
from tongban.oversight.appraisal import api as appraisal
from tongban.web.contracts import ClockView

ILL = frozenset(
    {"rejected", "refused", "withdrawn", "stopped", "cancelled", "breached", "lapsed", "declined"}
)
"""Outcomes that get no ✓."""


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another docket of the same application: its state only; a link when the reader may open it."""

    title: str
    unit: str
    state: str
    number: str
    open: bool
    well: bool
    clock: ClockView | None
    current: bool


class Family:
    """The dockets of one application, read once: handling side by side needs the others' states."""

    def __init__(self, application: int, asked: Asked) -> None:
        self._asked = asked
        self.rows = kernel.children_of([application], actor=kernel.SYSTEM)[application]
        self._clocks = kernel.clocks_of([row.id for row in self.rows]) if self.rows else {}

    def of(self, kind: str, *, only: set[int] | None = None) -> list[Sibling]:
        """Those of one kind, in the order of opening; `only` keeps some ids."""
        wanted = [row for row in self.rows if row.kind == kind and (only is None or row.id in only)]
        return [self._sibling(row) for row in wanted]

    def _sibling(self, row: kernel.DocketRow) -> Sibling:
        flow, clock = kernel.flow_of(row.kind), clocks.nearest(self._clocks[row.id])
        return Sibling(
            title=row.title, unit=words.unit_name(row.unit), state=words.state_label(row), number=row.number,
            open=flow.sees(self._asked.actor, row), well=flow.states[row.state].final and row.outcome not in ILL,
            clock=clocks.view_of(clock, at=self._asked.at), current=row.id == self._asked.row.id,
        )  # fmt: skip


def _shown_materials(application: int, matter: str) -> list[Any]:
    """The papers of an application; for one case those of its matter only."""
    rows = cases.materials_of(application)
    return [row for row in rows if not matter or matter in json.loads(row.matters or "[]")]


def _papers(own: Any, matter: str, asked: Asked) -> list[Paper]:
    """The papers of an application, those of one matter only where one is named, with what stands in for them."""
    application, number = own.docket_id, asked.row.number
    form, day = cases.form_of(own), timezone.localtime(asked.at).date()
    slots = by_slot(application, number)
    papers = []
    for row in _shown_materials(application, matter):
        files = slots.get(row.key, [])
        papers.append(
            Paper(
                row.key,
                row.name,
                str(WAYS.get(row.way, row.way)),
                row.met_at is not None or bool(files),
                row.due_on,
                files,
                shown_for(row, form, on=day, clear=asked.clear),
            )
        )
    return papers


def _application_id(row: kernel.DocketRow) -> int:
    return row.id if row.kind == "application" else row.parent or 0


def _files(asked: Asked) -> set[int]:
    """Attachments of the application that the page shows: for a case those of its own matter."""
    application = _application_id(asked.row)
    matter = asked.row.subject if asked.row.kind == "case" else ""
    slots = {row.key for row in _shown_materials(application, matter)}
    if asked.row.kind == "undertaking":
        slots = {cases.undertaking_of(asked.row.id).material}
    elif asked.row.kind in {"case", "application"}:
        slots |= _fixed(cases.application_of(application), matter, asked)
    return {one.pk for one in attachments(application) if one.slot in slots}


def _fixed(application: Any, matter: str, asked: Asked) -> set[str]:
    """Slots of what proves the corrections that the reader sees."""
    only = personal.needed_for(matter, asked.row.region) if matter else None
    return {one.slot for one in personal.corrected(cases.provenance_of(application), clear=False, only=only)}


def _form_panel(application: Any, asked: Asked, matter: str) -> Panel:
    form, came = cases.form_of(application), cases.provenance_of(application)
    only = personal.needed_for(matter, asked.row.region) if matter else None
    filled = personal.fields(form, clear=asked.clear, only=only, origins=came.origins)
    corrected = personal.corrected(came, clear=asked.clear, only=only)
    proofs = by_slot(application.docket_id, asked.row.number) if corrected else {}
    return Panel(
        "workbench/panels/form.html",
        {
            "fields": filled,
            "hidden": any(one.hidden for one in filled) or any(one.hidden for one in corrected),
            "clear": asked.clear,
            "corrected": [(one, proofs.get(one.slot, [])) for one in corrected],
        },
    )


def _decided(case: Any) -> dict[str, Any]:
    decision = json.loads(case.decision or "{}")
    missing = json.loads(case.missing or "[]")
    return {
        "decision": decision,
        "missing": missing if isinstance(missing, dict) else {},
        "opinion": case.opinion,
    }


@register("case", files=_files)
def case_panels(asked: Asked) -> list[Panel]:
    """What a handler needs to decide one case."""
    row = asked.row
    case = cases.case_of(row.id)
    family = Family(case.application_id, asked)
    surveys = [
        one for one in cases.surveys_of(case.application_id) if case.survey and one.name == case.survey
    ]
    seen = {one.number for one in family.of("survey") if one.open}
    found = [
        *crossing_panels([case.application_id]),
        *incoming_panels(case.application_id, asked),
        Panel("workbench/panels/decision.html", {"case": case, **_decided(case)}),
        *made_panels(asked),
        *review_panels(asked),
        _form_panel(case.application, asked, row.subject),
        Panel(
            "workbench/panels/materials.html",
            {"papers": _papers(case.application, row.subject, asked)},
        ),
    ]
    if surveys:
        found.append(
            Panel(
                "workbench/panels/survey.html",
                {
                    "survey": surveys[-1],
                    "docket": surveys[-1].docket,
                    "open": surveys[-1].docket.number in seen,
                },
            )
        )
    if promises := family.of("undertaking"):
        found.append(Panel("workbench/panels/family.html", {"title": _("承诺"), "rows": promises}))
    shown = {
        "title": _("同一申请的各部门"),
        "rows": family.of("case"),
        "promised_on": case.application.promised_on,
    }
    return [*found, Panel("workbench/panels/family.html", shown)]


@register("application", files=_files)
def application_panels(asked: Asked) -> list[Panel]:
    """What the window needs: every department's state, the papers, the delivery, the evaluation."""
    row = asked.row
    own = cases.application_of(row.id)
    family = Family(row.id, asked)
    shown = {"title": _("各部门"), "rows": family.of("case"), "promised_on": own.promised_on}
    found = [
        *crossing_panels([row.id]),
        *incoming_panels(row.id, asked),
        Panel("workbench/panels/family.html", shown),
    ]
    for kind, title in (("survey", _("联合勘验")), ("undertaking", _("承诺"))):
        if rows := family.of(kind):
            found.append(Panel("workbench/panels/family.html", {"title": title, "rows": rows}))
    return [
        *found,
        Panel("workbench/panels/materials.html", {"papers": _papers(own, "", asked)}),
        _form_panel(own, asked, ""),
        Panel("workbench/panels/delivery.html", {"own": own, "evaluation": appraisal.evaluation_of(row.id)}),
    ]


@register("survey", files=_files)
def survey_panels(asked: Asked) -> list[Panel]:
    """When and where, for which cases, and what was found."""
    own = cases.survey_of(asked.row.id)
    linked = set(kernel.linked(asked.row.id, "surveys"))
    rows = Family(own.application_id, asked).of("case", only=linked)
    application = cases.application_of(own.application_id)
    return [
        Panel("workbench/panels/survey.html", {"survey": own, "docket": asked.row, "own_page": True}),
        Panel("workbench/panels/family.html", {"title": _("一起勘验的办件"), "rows": rows}),
        _form_panel(application, asked, ""),
        Panel("workbench/panels/materials.html", {"papers": _papers(application, "", asked)}),
    ]


@register("undertaking", files=_files)
def undertaking_panels(asked: Asked) -> list[Panel]:
    """What was promised, and the paper once it is there."""
    own = cases.undertaking_of(asked.row.id)
    application = cases.application_of(own.application_id)
    papers = [one for one in _papers(application, "", asked) if one.key == own.material]
    rows = Family(own.application_id, asked).of("case")
    return [
        Panel("workbench/panels/undertaking.html", {"own": own, "kind": own.get_kind_display()}),
        Panel("workbench/panels/materials.html", {"papers": papers}),
        Panel("workbench/panels/family.html", {"title": _("同一申请的各部门"), "rows": rows}),
    ]
