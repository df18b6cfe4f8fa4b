"""Read applications, cases and what belongs to them. The caller has passed the kernel's access."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tongban.desks.cases.models import Application, Breach, Case, Draft, Material, Survey, Undertaking
from tongban.desks.cases.rules import listed


def delivery_of(docket: int) -> str:
    """The way of delivery that the applicant chose."""
    return Application.objects.values_list("delivery", flat=True).get(docket_id=docket)


def extended(docket: int) -> bool:
    """Whether the decision of a case was extended already."""
    return bool(Case.objects.values_list("extended", flat=True).get(docket_id=docket))


def application_of(docket: int) -> Application:
    """The application row of a docket of kind application."""
    return Application.objects.get(docket_id=docket)


def case_of(docket: int) -> Case:
    """The case row of a docket of kind case, with its application."""
    return Case.objects.select_related("application").get(docket_id=docket)


def cases_of(application: int) -> list[Case]:
    """The cases of an application with their dockets, in the order of opening."""
    return list(
        Case.objects.filter(application_id=application).select_related("docket").order_by("docket_id")
    )


@dataclass(frozen=True, slots=True)
class Sibling:
    """What the cases of one application must know of each other; `after` are codes of matters."""

    docket: int
    state: str
    matter: str
    after: tuple[str, ...]
    objection: str
    survey: str


def siblings(applications: Sequence[int]) -> dict[int, list[Sibling]]:
    """The cases of many applications in the order of opening, without their whole rows; one query."""
    found: dict[int, list[Sibling]] = {application: [] for application in applications}
    if not applications:
        return found
    rows = Case.objects.filter(application_id__in=applications).order_by("docket_id")
    columns = ("application_id", "docket_id", "docket__state", "matter", "after", "objection", "survey")
    for application, docket, state, matter, after, objection, survey in rows.values_list(*columns):
        found[application].append(Sibling(docket, state, matter, tuple(listed(after)), objection, survey))
    return found


def survey_of(docket: int) -> Survey:
    return Survey.objects.get(docket_id=docket)


def surveys_of(application: int) -> list[Survey]:
    return list(
        Survey.objects.filter(application_id=application).select_related("docket").order_by("docket_id")
    )


def undertaking_of(docket: int) -> Undertaking:
    return Undertaking.objects.get(docket_id=docket)


def undertakings_of(application: int) -> list[Undertaking]:
    rows = Undertaking.objects.filter(application_id=application)
    return list(rows.select_related("docket").order_by("docket_id"))


def materials_of(application: int) -> list[Material]:
    """The papers of an application in the order of the notice."""
    return list(Material.objects.filter(application_id=application).order_by("id"))


def form_of(application: Application) -> dict[str, Any]:
    """The merged form as filled in. Personal data: show it only to who handles the case."""
    filled: dict[str, Any] = json.loads(application.form or "{}")
    return filled


def open_breaches(party: str) -> int:
    """How many broken undertakings of a party have not been mended."""
    return Breach.objects.filter(party=party, mended_at=None).count()


def drafts_of(owner: str) -> list[Draft]:
    """What somebody has begun, newest first."""
    return list(Draft.objects.filter(owner=owner).order_by("-updated_at"))


def draft(*, owner: str, subject: str, region: str) -> dict[str, Any] | None:
    """The content of a draft, or None."""
    found = Draft.objects.filter(owner=owner, subject=subject, region=region).first()
    return json.loads(found.content) if found else None
