"""Panels of what surrounds an approval: the rules' review, the licences made, waiting licences, checks afterwards."""

from __future__ import annotations

import json

from django.utils.translation import get_language

from tongban.desks.cases import api as cases
from tongban.faces.workbench.panels import personal
from tongban.faces.workbench.panels.base import Asked, Panel, register
from tongban.kernel import api as kernel
from tongban.registers.licences import api as licences


def review_panels(asked: Asked) -> list[Panel]:
    """What the decision rules came to, beside the materials 预审."""
    found = cases.instant_outlook_of(asked.row.id)
    return [Panel("workbench/panels/review.html", {"review": found})] if found else []


def made_panels(asked: Asked) -> list[Panel]:
    """The licences that the case gave, and those that still wait for an entry 制证."""
    rows = [
        {"made": one, "number": one.making.number if one.making else "", "missing": _missing(one)}
        for one in cases.licences_of_case(asked.row.id)
    ]
    return [Panel("workbench/panels/made.html", {"rows": rows})] if rows else []


def _missing(made: cases.CaseLicence) -> str:
    english = (get_language() or "").startswith("en")
    return "、".join(one.name_en if english else one.name for one in cases.wanted_of(made))


@register("making")
def making_panels(asked: Asked) -> list[Panel]:
    """What the licence still needs, how to write it, and what the application says."""
    made = cases.waiting_of(asked.row.id)
    case = cases.case_of(made.case_id)
    kind = licences.kinds().get(made.kind)
    english = (get_language() or "").startswith("en")
    shown = {
        "made": made, "case": case.docket, "wanted": cases.wanted_of(made),
        "kind": "" if kind is None else kind.name_en if english else kind.name,
    }  # fmt: skip
    filled = personal.fields(
        cases.form_of(case.application),
        clear=asked.clear,
        only=personal.needed_for(case.matter, asked.row.region),
    )
    form = {"fields": filled, "hidden": any(one.hidden for one in filled), "clear": asked.clear}
    return [Panel("workbench/panels/making.html", shown), Panel("workbench/panels/form.html", form)]


@register("sampling")
def sampling_panels(asked: Asked) -> list[Panel]:
    """The case that was drawn, by which rules it was approved, and the licences it gave."""
    own = cases.sampling_of(asked.row.id)
    case = Asked(kernel.docket_by_id(own.case_id, actor=kernel.SYSTEM), asked.actor, asked.at, asked.clear)
    shown = {"own": own, "case": own.case.docket, "decision": json.loads(own.decision or "{}")}
    filled = personal.fields(
        cases.form_of(own.case.application), clear=asked.clear,
        only=personal.needed_for(own.case.matter, asked.row.region),
    )  # fmt: skip
    form = {"fields": filled, "hidden": any(one.hidden for one in filled), "clear": asked.clear}
    return [
        Panel("workbench/panels/sampling.html", shown),
        *review_panels(case),
        *made_panels(case),
        Panel("workbench/panels/form.html", form),
    ]
