"""Run decision rules wherever a case becomes ready for them, and tell holders what became of a check."""

from __future__ import annotations

import json

from tongban.actors import api as actors
from tongban.desks.cases import instant
from tongban.desks.cases.models_after import CaseLicence, InstantCheck, Sampling
from tongban.kernel.models import Docket
from tongban.kernel.outbox.relay import News, on
from tongban.registers.messages import api as messages


@on("case.opened", "case.release", "case.resupplied")
def look(news: News) -> None:
    """Decide by rules what was not decided right after the submission: a crash, a failure, a later release."""
    row = Docket.objects.get(pk=news.docket or 0)
    if row.state != "received" or row.parent_id is None:
        return
    if InstantCheck.objects.filter(case_id=row.pk, revision=row.revision).exists():
        return
    case = row.case
    asked = instant.asked_of(
        matter=case.matter, code=case.implementation_code, situation=case.situation, region=row.region,
        survey=case.survey,
    )  # fmt: skip
    if asked is not None:
        instant.decide(row.parent_id, at=news.at)


@on("application.look_up")
def look_again(news: News) -> None:
    """A register that was away has told of a paper: what waited only for that may be decided now."""
    row = _docket(news)
    if InstantCheck.objects.filter(case__application_id=row.pk, case__docket__state="received").exists():
        instant.decide(row.pk, at=news.at, anew=True)


@on("making.complete")
def made(news: News) -> None:
    """The licence that waited for an entry is there."""
    row = Docket.objects.get(pk=news.docket or 0)
    own = CaseLicence.objects.filter(making_id=row.pk).first()
    if own is not None and row.applicant:
        _tell(news, row, "licence.made", result=own.name)


@on("sampling.find_fault")
def fault_found(news: News) -> None:
    """The holder is heard before anything is taken (行政许可法 第七条)."""
    _tell(news, _docket(news), "sampling.fault")


@on("sampling.correct", "sampling.revoke", "sampling.keep")
def settled(news: News) -> None:
    """What was decided, why, and the remedies."""
    row = _docket(news)
    template = {"corrected": "sampling.corrected", "revoked": "sampling.revoked"}.get(
        row.state, "sampling.kept"
    )
    _tell(news, row, template, reason=_reason(row.pk))


def _docket(news: News) -> Docket:
    return Docket.objects.get(pk=news.docket or 0)


def _reason(docket: int) -> str:
    text = Sampling.objects.values_list("decision", flat=True).get(docket_id=docket)
    said = json.loads(text or "{}")
    law = said.get("law", "")
    return f"{said.get('reason', '')}（{law}）" if law else str(said.get("reason", ""))


def _tell(news: News, row: Docket, template: str, **more: str) -> None:
    if not row.applicant:
        return
    unit = actors.unit_name(unit_id=row.unit)
    messages.send(
        to=row.applicant, template=template, docket=row.number, at=news.at, key=f"event:{news.id}",
        context={"title": row.title, "number": row.number, "unit": unit, **more},
    )  # fmt: skip
