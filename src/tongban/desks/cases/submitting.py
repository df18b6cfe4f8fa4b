"""One submission becomes an application, its cases and its undertakings: all of them or none."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.cases import crossing, instant
from tongban.desks.cases.contracts import (
    CaseAsked,
    Check,
    Evidence,
    MaterialGiven,
    Submission,
    SubmissionRefused,
    Submitted,
)
from tongban.desks.cases.models import Application, Case, Material, Undertaking
from tongban.desks.cases.rules import correction_slot, ready
from tongban.desks.cases.selectors import open_breaches
from tongban.kernel import api as kernel
from tongban.kernel.files.services import attach_many
from tongban.kernel.ledger.rules import canonical
from tongban.kernel.privacy import sealed

APPLICATION_COLUMNS = (
    "docket_id", "theme", "theme_version", "form", "answers", "notice", "delivery", "delivery_to",
    "promised_on", "tracking", "delivered_at", "provenance",
)  # fmt: skip
CASE_COLUMNS = (
    "docket_id", "application_id", "matter", "situation", "case_kind", "implementation_code", "promised_days",
    "legal_days", "after", "objection", "survey", "results", "missing", "opinion", "decision", "extended",
)  # fmt: skip
MATERIAL_COLUMNS = (
    "application_id", "key", "name", "way", "matters", "given_by", "due_on", "met_at", "evidence", "reference",
    "said", "check_state", "check_at",
)  # fmt: skip
AT_HAND = frozenset({"upload", "known", "form", "earlier", "paper"})
"""Ways in which a paper is there at once (unless it is still to be looked up)."""
UNDERTAKING_COLUMNS = ("docket_id", "application_id", "kind", "material", "name", "text", "signed_at")
WAY_OPENS = {"later": "tolerate", "commit": "commit"}


def submit(asked: Submission, *, actor: kernel.Actor, at: datetime, key: str = "") -> Submitted:
    """Take a submission: one application, a case per matter, an undertaking per paper that follows.

    One transaction: after a crash at any instant it is wholly there or not at all.

    :param key: idempotency key; the same key with the same content gives the first receipt again
    :raises SubmissionRefused: it cannot be taken; says what is missing
    :raises kernel.Conflict: the key was used for another submission
    """
    _check(asked)
    asked = crossing.received_elsewhere(asked, actor)
    planned = frozenset(case.matter for case in asked.cases)
    by = actors.authority_for(actor, asked.applicant, [case.matter for case in asked.cases])
    children = [_case_opening(asked, case, planned) for case in asked.cases]
    promises = [material for material in asked.materials if material.way in WAY_OPENS]
    children += [_undertaking_opening(asked, material) for material in promises]
    children = [replace(child, authority=by) for child in children] if by else children
    opening = kernel.Opening(
        kind="application", way="submit", title=asked.title, unit=asked.unit, applicant=asked.applicant,
        agent=asked.agent, region=asked.region, channel=asked.channel, subject=asked.subject,
        data=_said(asked), derived=_promised(asked), children=tuple(children), authority=by,
    )  # fmt: skip
    with kernel.writing():
        (row,), replayed = kernel.open_dockets([opening], actor=actor, at=at, key=key)
        opened = kernel.children_of([row.id], actor=kernel.SYSTEM)[row.id]
        cases = [child for child in opened if child.kind == "case"]
        if not replayed:
            _write_rows(asked, row, cases, [c for c in opened if c.kind == "undertaking"], promises, at=at)
            _attach(asked, row.id, actor=actor, at=at)
            if crossing.is_crossing(asked):
                crossing.write(asked, row.id, at=at)
    if not replayed:
        instant.decide_quietly(row.id, [case.matter for case in asked.cases], region=asked.region, at=at)
    return Submitted(row.number, row.id, tuple(child.number for child in cases), replayed)


def _check(asked: Submission) -> None:
    if not asked.cases:
        raise SubmissionRefused(_("没有要办的事项。"), possible=_("请从办事指南或一件事开始。"))
    fields = {
        f"material:{material.key}": _("请上传%s。") % material.name
        for material in asked.materials
        if material.way == "upload" and not material.files
    }
    fields |= {
        f"material:{material.key}": _("%s没有指明凭据，请换一种方式交。") % material.name
        for material in asked.materials
        if material.way in {"known", "earlier"} and material.evidence is None
    }
    if fields:
        raise SubmissionRefused(_("还差%d份材料。") % len(fields), fields=fields)
    promised = [material for material in asked.materials if material.way in WAY_OPENS]
    if promised and open_breaches(asked.applicant):
        raise SubmissionRefused(
            _("有未修复的失信承诺，暂时不能再用容缺或告知承诺。"),
            fields={f"material:{m.key}": _("这次需要直接提交%s。") % m.name for m in promised},
            possible=_("直接提交这些材料，或者先补齐上次承诺的材料。"),
        )


def _said(asked: Submission) -> dict[str, Any]:
    """The public facts of the submission. The form enters as a digest: it is personal."""
    return {
        "theme": asked.theme,
        "theme_version": asked.theme_version,
        "matters": [case.matter for case in asked.cases],
        "materials": {material.key: material.way for material in asked.materials},
        "delivery": asked.delivery,
        "form_digest": hashlib.sha256(canonical(asked.form).encode()).hexdigest(),
        **(crossing.places(asked) if crossing.is_crossing(asked) else {}),
    }


def _promised(asked: Submission) -> dict[str, Any]:
    """What followed from the day: the promise, and what stood in for papers (the same key may come again later)."""
    shown = {
        material.key: material.evidence.reference
        for material in asked.materials
        if material.evidence is not None and material.evidence.kind in {"licence", "shared"}
    }
    promised = {"promised_on": asked.promised_on.isoformat()} if asked.promised_on else {}
    return {**promised, **({"evidence": shown} if shown else {}), **_spared(asked)}


def _spared(asked: Submission) -> dict[str, int]:
    """What the applicant had to bring, and what was spared against doing the matters one by one 四减."""
    said = asked.notice.get("saved", {})
    brought = sum(material.way in {"upload", "later", "paper"} for material in asked.materials)
    saved = {f"saved_{name}": before - here for name, (before, here) in said.items()}
    return {"brought": brought, "papers": len(asked.materials), **saved}


def _case_opening(asked: Submission, case: CaseAsked, planned: frozenset[str]) -> kernel.Opening:
    way = "receive" if ready(case.after, frozenset(), planned) else "queue"
    return kernel.Opening(
        kind="case", way=way, title=case.name, unit=case.unit, applicant=asked.applicant, agent=asked.agent,
        region=asked.region, channel=asked.channel, subject=case.matter,
        data={"matter": case.matter, "situation": case.situation},
        derived={"promised_days": case.promised_days, "department": actors.unit(case.unit).department},
    )  # fmt: skip


def _undertaking_opening(asked: Submission, material: MaterialGiven) -> kernel.Opening:
    using = next((case for case in asked.cases if case.matter in material.matters), asked.cases[0])
    return kernel.Opening(
        kind="undertaking", way=WAY_OPENS[material.way], title=material.name, unit=using.unit,
        applicant=asked.applicant, agent=asked.agent, region=asked.region, channel=asked.channel,
        subject=using.matter, data={"material": material.key, "matters": list(material.matters)},
    )  # fmt: skip


def _write_rows(
    asked: Submission,
    row: kernel.DocketRow,
    cases: list[kernel.DocketRow],
    undertakings: list[kernel.DocketRow],
    promises: list[MaterialGiven],
    *,
    at: datetime,
) -> None:
    kernel.insert_rows(Application._meta.db_table, APPLICATION_COLUMNS, [_application_values(asked, row)])
    kernel.insert_rows(
        Case._meta.db_table,
        CASE_COLUMNS,
        [_case_values(row.id, docket, case) for docket, case in zip(cases, asked.cases, strict=True)],
    )
    kernel.insert_rows(
        Material._meta.db_table,
        MATERIAL_COLUMNS,
        [_material_values(row.id, material, at) for material in asked.materials],
    )
    kernel.insert_rows(
        Undertaking._meta.db_table,
        UNDERTAKING_COLUMNS,
        [
            (
                docket.id, row.id, "tolerance" if promise.way == "later" else "commitment", promise.key,
                promise.name, asked.undertaking_text or _("我承诺所述属实，愿意承担不实的后果。"), at,
            )
            for docket, promise in zip(undertakings, promises, strict=True)
        ],
    )  # fmt: skip


def _application_values(asked: Submission, row: kernel.DocketRow) -> tuple[Any, ...]:
    notice = {
        **asked.notice,
        "surveys": [
            {"name": s.name, "lead": s.lead, "matters": list(s.matters), "days": s.days}
            for s in asked.surveys
        ],
    }
    return (
        row.id, asked.theme, asked.theme_version, _sealed("form", asked.form),
        json.dumps(asked.answers, ensure_ascii=False), json.dumps(notice, ensure_ascii=False),
        asked.delivery, _sealed("delivery_to", asked.delivery_to), asked.promised_on, "", None,
        _provenance(asked),
    )  # fmt: skip


def _material_values(application: int, given: MaterialGiven, at: datetime) -> tuple[Any, ...]:
    shown = given.evidence
    met = given.way in AT_HAND and (shown is None or shown.check != Check.QUEUED)
    values: tuple[Any, ...] = (
        application, given.key, given.name, given.way, canonical(list(given.matters)), given.given_by,
        given.due_on, at if met else None,
    )  # fmt: skip
    if shown is None:
        return (*values, "", "", "", "", None)
    # What is said of it is kept with the provenance of the whole: sealed once.
    return (*values, shown.kind, shown.reference, "", shown.check, at)


def words_of(shown: Evidence) -> dict[str, str]:
    """What a paper's row says of its evidence; kept as JSON."""
    said = {
        "zh": shown.zh, "en": shown.en, "unit": shown.unit,
        "as_of": shown.as_of.isoformat() if shown.as_of else "",
        "until": shown.until.isoformat() if shown.until else "",
    }  # fmt: skip
    return {key: value for key, value in said.items() if value}


def _provenance(asked: Submission) -> str:
    """Where values and papers came from, and what the applicant corrected; empty when all was typed and handed in."""
    papers = {
        material.key: words_of(material.evidence)
        for material in asked.materials
        if material.evidence is not None
    }
    if not asked.origins and not asked.corrections and not papers:
        return ""
    content = {
        "papers": papers,
        "origins": {
            one.element: [one.kind, one.zh, one.en, one.as_of.isoformat() if one.as_of else "", one.reference]
            for one in asked.origins
        },
        "corrections": [
            {
                "element": one.element, "label": one.label, "old": one.old, "new": one.new,
                "source": one.source, "reason": one.reason,
            }
            for one in asked.corrections
        ],
    }  # fmt: skip
    return _sealed("provenance", content)


def _sealed(field: str, value: dict[str, Any]) -> str:
    """A value as the encrypted column keeps it."""
    return sealed(Application, field, json.dumps(value, ensure_ascii=False))


def _case_values(application: int, docket: kernel.DocketRow, case: CaseAsked) -> tuple[Any, ...]:
    return (
        docket.id, application, case.matter, case.situation, case.case_kind, case.implementation_code,
        case.promised_days, case.legal_days, json.dumps(list(case.after)), case.objection, case.survey,
        json.dumps(list(case.results), ensure_ascii=False), "[]", "", "{}", False,
    )  # fmt: skip


def _attach(asked: Submission, docket: int, *, actor: kernel.Actor, at: datetime) -> None:
    given = [(material.key, digest, name) for material in asked.materials for digest, name in material.files]
    given += [
        (correction_slot(one.element), digest, name)
        for one in asked.corrections
        for digest, name in one.files
    ]
    for key, name in attach_many(given, docket_id=docket, by=actor.id, at=at):
        raise SubmissionRefused(
            _("文件“%s”没有保存下来。") % name, fields={f"material:{key}": _("请重新上传。")}
        )
