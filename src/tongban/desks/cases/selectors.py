"""Read applications, cases and what belongs to them. The caller has passed the kernel's access."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from tongban.desks.cases.models import Application, Breach, Case, Draft, Material, Survey, Undertaking
from tongban.desks.cases.rules import listed
from tongban.kernel.files.selectors import attachments_of
from tongban.kernel.prepared import Prepared

_DELIVERY = Prepared(
    lambda docket: Application.objects.filter(docket_id=docket).values_list("delivery", flat=True), docket=int
)


def delivery_of(docket: int) -> str:
    """The way of delivery that the applicant chose."""
    return next(_DELIVERY(docket=docket))


def extended(docket: int) -> bool:
    """Whether the decision of a case was extended already."""
    return bool(Case.objects.values_list("extended", flat=True).get(docket_id=docket))


_APPLICATION = Prepared(lambda docket: Application.objects.filter(docket_id=docket), docket=int)


def application_of(docket: int) -> Application:
    """The application row of a docket of kind application.

    :raises Application.DoesNotExist: it is none
    """
    found = _APPLICATION.first(docket=docket)
    if found is None:
        raise Application.DoesNotExist
    return found


def case_of(docket: int) -> Case:
    """The case row of a docket of kind case, with its application."""
    return Case.objects.select_related("application").get(docket_id=docket)


_ONE = Prepared(lambda docket: Case.objects.filter(docket_id=docket), docket=int)
_OF_APPLICATION = Prepared(
    lambda application: (
        Case.objects.filter(application_id=application).select_related("docket").order_by("docket_id")
    ),
    application=int,
)


def cases_by_docket(dockets: Sequence[int]) -> dict[int, Case]:
    """Case rows by docket; one query, which costs little for one docket, the usual number."""
    if len(dockets) != 1:
        return Case.objects.in_bulk(dockets)
    return {row.docket_id: row for row in _ONE(docket=dockets[0])}


def cases_of(application: int) -> list[Case]:
    """The cases of an application with their dockets, in the order of opening."""
    return list(_OF_APPLICATION(application=application))


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


_SURVEYS = Prepared(
    lambda application: (
        Survey.objects.filter(application_id=application).select_related("docket").order_by("docket_id")
    ),
    application=int,
)
_UNDERTAKINGS = Prepared(
    lambda application: (
        Undertaking.objects.filter(application_id=application).select_related("docket").order_by("docket_id")
    ),
    application=int,
)


def surveys_of(application: int) -> list[Survey]:
    return list(_SURVEYS(application=application))


def undertaking_of(docket: int) -> Undertaking:
    return Undertaking.objects.get(docket_id=docket)


def undertakings_of(application: int) -> list[Undertaking]:
    return list(_UNDERTAKINGS(application=application))


def asked_afterwards(undertakings: Collection[int]) -> set[int]:
    """Those of these undertakings that are no promise: papers asked for because a register had no record."""
    rows = Undertaking.objects.filter(docket_id__in=undertakings, kind=Undertaking.Kind.ASKED)
    return set(rows.values_list("docket_id", flat=True))


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the values of a form came from, and what the applicant corrected.

    `origins` by element: (kind, words in Chinese, in English, as-of day as ISO text, reference).
    """

    origins: dict[str, tuple[str, str, str, str, str]]
    corrections: list[dict[str, Any]]


def provenance_of(application: Application) -> Provenance:
    """See `Provenance`. Personal data: for the applicant and who handles the case."""
    content = json.loads(application.provenance or "{}")
    origins = {key: tuple(one) for key, one in content.get("origins", {}).items()}
    return Provenance(origins, content.get("corrections", []))


_MATERIALS = Prepared(
    lambda application: Material.objects.filter(application_id=application).order_by("id"), application=int
)
_PROVENANCE = Prepared(
    lambda docket: Application.objects.filter(docket_id=docket).values_list("provenance", flat=True),
    docket=int,
)


def materials_of(application: int) -> list[Material]:
    """The papers of an application in the order of the notice, each with what is said of its evidence."""
    rows = list(_MATERIALS(application=application))
    if any(row.evidence and not row.said for row in rows):
        kept = _PROVENANCE.first(docket=application)
        papers = json.loads(kept or "{}").get("papers", {})
        for row in rows:
            row.said = row.said or json.dumps(papers.get(row.key, {}), ensure_ascii=False)
    return rows


def form_of(application: Application) -> dict[str, Any]:
    """The merged form as filled in. Personal data: show it only to who handles the case."""
    filled: dict[str, Any] = json.loads(application.form or "{}")
    return filled


@dataclass(frozen=True, slots=True)
class FormBefore:
    """What somebody filled in for an earlier application. Personal: for that somebody only."""

    number: str
    title: str
    opened_at: datetime
    form: dict[str, Any]


MOST_BEFORE = 3
"""How many earlier applications are looked through."""
_BEFORE = Prepared(
    lambda applicant: (
        Application.objects.filter(docket__applicant=applicant, docket__kind="application")
        .order_by("-docket_id")
        .values_list("docket__number", "docket__title", "docket__opened_at", "form")[:MOST_BEFORE]
    )
)


def forms_before(applicant: str) -> list[FormBefore]:
    """The forms of an applicant's last few applications, newest first; one query."""
    return [
        FormBefore(number, title, opened_at, json.loads(form or "{}"))
        for number, title, opened_at, form in _BEFORE(applicant=applicant)
    ]


@dataclass(frozen=True, slots=True)
class PaperBefore:
    """A paper that came with an earlier application; `files` are (digest, name)."""

    key: str
    number: str
    title: str
    handed_in: datetime
    files: tuple[tuple[str, str], ...]


_HANDED_IN = Prepared(
    lambda applicant, keys, since: (
        Material.objects.filter(
            key__in=keys, way="upload", met_at__gte=since, application__docket__applicant=applicant
        )
        .select_related("application__docket")
        .order_by("met_at", "id")
    ),
    since=datetime,
)


def papers_before(applicant: str, keys: Collection[str], *, since: datetime) -> dict[str, PaperBefore]:
    """The newest files that an applicant handed in for each of these papers since an instant; two queries."""
    if not keys:
        return {}
    rows = _HANDED_IN(applicant=applicant, keys=sorted(keys), since=since)
    newest = {row.key: row for row in rows}
    files = attachments_of({row.application_id for row in newest.values()}) if newest else {}
    found = {}
    for key, row in newest.items():
        own = [one for one in files.get(row.application_id, ()) if one.slot == key]
        if own and row.met_at is not None:
            docket, given = row.application.docket, tuple((one.file.digest, one.name) for one in own)
            found[key] = PaperBefore(key, docket.number, docket.title, row.met_at, given)
    return found


_BROKEN = Prepared(
    lambda party: Breach.objects.filter(party=party, mended_at=None).order_by().values_list("pk", flat=True)
)


def open_breaches(party: str) -> int:
    """How many broken undertakings of a party have not been mended."""
    return len(list(_BROKEN(party=party)))


def drafts_of(owner: str) -> list[Draft]:
    """What somebody has begun, newest first."""
    return list(Draft.objects.filter(owner=owner).order_by("-updated_at"))


def draft(*, owner: str, subject: str, region: str) -> dict[str, Any] | None:
    """The content of a draft, or None."""
    found = Draft.objects.filter(owner=owner, subject=subject, region=region).first()
    return json.loads(found.content) if found else None


_BEGUN = Prepared(
    lambda owner, subject: (
        Draft.objects.filter(owner=owner, subject=subject)
        .order_by("-updated_at", "-pk")
        .values_list("content", flat=True)
    )
)


def begun(*, owner: str, subject: str) -> list[dict[str, Any]]:
    """The contents of somebody's drafts of one subject, in whichever regions, newest first; one query."""
    return [json.loads(content) for content in _BEGUN(owner=owner, subject=subject)]
