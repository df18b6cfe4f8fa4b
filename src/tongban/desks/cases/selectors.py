"""Read applications, cases and what belongs to them. The caller has passed the kernel's access."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from django.db.models import QuerySet

from tongban.desks.cases.models import Application, Breach, Case, Draft, Material, Survey, Undertaking
from tongban.desks.cases.rules import listed
from tongban.kernel.prepared import Prepared


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


_COLUMNS = [column.attname for column in Case._meta.concrete_fields]
_ONE = Prepared(lambda docket: Case.objects.filter(docket_id=docket).values_list(*_COLUMNS), docket=int)


def cases_by_docket(dockets: Sequence[int]) -> dict[int, Case]:
    """Case rows by docket; one query, which costs little for one docket, the usual number."""
    if len(dockets) != 1:
        return Case.objects.in_bulk(dockets)
    rows = [Case.from_db(DEFAULT_DB_ALIAS, _COLUMNS, row) for row in _ONE(docket=dockets[0])]
    return {row.docket_id: row for row in rows}


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


def _sibling_rows(cases: QuerySet[Case]) -> QuerySet[Case, Any]:
    columns = ("application_id", "docket_id", "docket__state", "matter", "after", "objection", "survey")
    return cases.order_by("docket_id").values_list(*columns)


_OF_ONE = Prepared(
    lambda application: _sibling_rows(Case.objects.filter(application_id=application)), application=int
)


def siblings(applications: Sequence[int]) -> dict[int, list[Sibling]]:
    """The cases of many applications in the order of opening, without their whole rows; one query."""
    found: dict[int, list[Sibling]] = {application: [] for application in applications}
    if not applications:
        return found
    if len(applications) == 1:
        rows = _OF_ONE(application=applications[0])
    else:
        rows = iter(_sibling_rows(Case.objects.filter(application_id__in=applications)))
    for application, docket, state, matter, after, objection, survey in rows:
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
