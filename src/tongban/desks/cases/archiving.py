"""What an application adds to its package: form, answers, notice, papers, decisions, surveys, undertakings, letters."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.desks.cases import selectors
from tongban.desks.cases.models import Application, Case
from tongban.desks.cases.models_after import CaseLicence
from tongban.kernel.api import DocketRow
from tongban.kernel.ledger.rules import canonical
from tongban.registers.archive.api import ArchiveError, Contribution, Member, contributor
from tongban.registers.licences import api as licences
from tongban.registers.seals import api as seals

RETENTION_YEARS = 30
"""Unless the schedule of the city's archive says otherwise: 机关文件材料归档范围和文书档案保管期限规定, 30 years."""


@contributor("application")
def contribute(row: DocketRow, family: Sequence[DocketRow], at: datetime) -> Contribution:
    """Everything of an application and its cases."""
    own = selectors.application_of(row.id)
    cases = selectors.cases_of(row.id)
    facts = [(str(_("事项")), "、".join(case.docket.title for case in cases))]
    return Contribution(
        facts=tuple(facts),
        metadata={
            "theme": own.theme, "theme_version": own.theme_version, "promised_on": own.promised_on,
            "delivery": own.delivery, "delivered_at": own.delivered_at, "tracking": own.tracking,
            "matters": [case.matter for case in cases],
        },
        documents=(
            *_application(own), *map(_case, cases), *_around(row.id), *_letters(family), *_licences(row.id, at),
        ),
        retention_years=RETENTION_YEARS,
    )  # fmt: skip


def _json(path: str, value: Any) -> Member:
    text = json.dumps(json.loads(canonical(value)), ensure_ascii=False, sort_keys=True, indent=1)
    return Member(path, text.encode() + b"\n")


def _application(own: Application) -> list[Member]:
    origins = selectors.provenance_of(own)
    return [
        _json("application/form.json", selectors.form_of(own)),
        _json("application/origins.json", {"origins": origins.origins, "corrections": origins.corrections}),
        _json("application/answers.json", json.loads(own.answers or "{}")),
        _json("application/notice.json", json.loads(own.notice or "{}")),
        _json("application/delivery.json", json.loads(own.delivery_to or "{}")),
        _json("application/materials.json", [
            {
                "key": paper.key, "name": paper.name, "way": paper.way, "matters": json.loads(paper.matters),
                "given_by": paper.given_by, "due_on": paper.due_on, "met_at": paper.met_at,
                "evidence": paper.evidence, "reference": paper.reference, "said": paper.said,
                "check": paper.check_state, "check_at": paper.check_at,
            }
            for paper in selectors.materials_of(own.docket_id)
        ]),
    ]  # fmt: skip


def _case(case: Case) -> Member:
    return _json(f"cases/{case.docket.number}.json", {
        "matter": case.matter, "situation": case.situation, "kind": case.case_kind,
        "implementation_code": case.implementation_code, "promised_days": case.promised_days,
        "legal_days": case.legal_days, "after": json.loads(case.after), "missing": json.loads(case.missing or "[]"),
        "opinion": case.opinion, "decision": json.loads(case.decision or "{}"), "results": json.loads(case.results),
        "extended": case.extended, "decided_by": case.decided,
    })  # fmt: skip


def _around(application: int) -> list[Member]:
    """Joint surveys with their reports, and undertakings with their words."""
    surveys = [
        _json(f"surveys/{one.docket.number}.json", {
            "name": one.name, "held_at": one.held_at, "place": one.place, "findings": one.findings,
            "passed": one.passed,
        })
        for one in selectors.surveys_of(application)
    ]  # fmt: skip
    promises = [
        _json(f"undertakings/{one.docket.number}.json", {
            "kind": one.kind, "material": one.material, "name": one.name, "text": one.text,
            "signed_at": one.signed_at,
        })
        for one in selectors.undertakings_of(application)
    ]  # fmt: skip
    return [*surveys, *promises]


def _letters(family: Sequence[DocketRow]) -> list[Member]:
    """The sealed decisions that were handed out, as they were handed out."""
    found: list[Member] = []
    for one in family:
        if one.kind == "case":
            kept = seals.papers(f"decision/{one.number}/")
            found += [
                Member(f"decisions/{key.removeprefix('decision/').replace('/', '-')}.pdf", content)
                for key, content in kept.items()
            ]
    return found


def _licences(application: int, at: datetime) -> list[Member]:
    """What came out of the cases: the licences as sealed PDF and as signed facts, in their version of today.

    :raises ArchiveError: one cannot be sealed now
    """
    found: list[Member] = []
    rows = CaseLicence.objects.filter(case__application_id=application).exclude(identifier="")
    for one in dict.fromkeys(rows.order_by("id").values_list("identifier", flat=True)):
        try:
            statement, paper = licences.statement(one, at=at), licences.paper(one, at=at)
        except licences.NotMadeError as fault:
            raise ArchiveError(str(fault)) from fault
        found += [
            Member(f"licences/{one}.json", canonical(statement).encode()),
            Member(f"licences/{one}.pdf", paper),
        ]
    return found
