"""Papers that a shared register could not tell of when they were handed in: asked again until it answers.

The applicant was told "to be checked". When the register is back the result arrives at the application as a move of
the system; what it does not know is asked for once, as one paper with a limit of its own, and a paper that does not
come is no breach: nobody promised it.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from tongban.desks.cases.contracts import Check, Evidence
from tongban.desks.cases.flow import APPLICATION
from tongban.desks.cases.models import Case, Material, Undertaking
from tongban.desks.cases.rules import listed
from tongban.desks.cases.submitting import words_of
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step
from tongban.kernel.jobs.declaration import every, job
from tongban.registers.exchange import api as exchange

MINUTE = timedelta(minutes=1)
AGAIN = timedelta(minutes=5)
BATCH = 100
OPEN = frozenset({"handling", "supplement", "delivering", "sent"})
"""States of an application in which the result of a look-up still matters."""


@job("cases.look-up", every=every(MINUTE))
def look_up_papers(at: datetime) -> None:
    """Ask the shared registers again for papers that they could not tell of when they were handed in."""
    for material in due(at=at):
        look_up(material, at=at)


def due(*, at: datetime, limit: int = BATCH) -> list[int]:
    """Ids of the papers that are to be looked up now, the longest waiting first."""
    rows = Material.objects.filter(check_state=Check.QUEUED, check_at__lte=at).order_by("check_at", "id")
    return list(rows.values_list("id", flat=True)[:limit])


def look_up(material: int, *, at: datetime) -> Check:
    """Ask the register once more for one paper; gives how far it is now."""
    row = Material.objects.select_related("application__docket").get(pk=material)
    docket = row.application.docket
    if docket.state not in OPEN:
        Material.objects.filter(pk=material).update(check_state=Check.NONE, check_at=at)
        return Check.NONE
    answer = exchange.facts(
        party=docket.applicant, elements=(), papers=(row.key,), purpose=_("补查“%s”的材料") % docket.title,
        docket=docket.number, at=at,
    )  # fmt: skip
    if answer.unavailable:
        Material.objects.filter(pk=material).update(check_at=at + AGAIN)
        return Check.QUEUED
    fact = answer.papers.get(row.key)
    given = {
        "material": row.key, "found": fact is not None, "register_key": row.reference.partition(":")[0],
        "reference": reference_of(row.key, fact) if fact else "",
    }  # fmt: skip
    with kernel.writing():
        if fact is not None:
            _keep(row, evidence_of(row.key, fact), at=at)
        # The move is the notice to everybody; its effect settles the paper.
        kernel.perform(
            docket.pk, "look_up", actor=kernel.SYSTEM, at=at, key=f"look-up:{material}", data=given
        )
    return Check.PASSED if fact else Check.FAILED


def reference_of(material: str, fact: exchange.SharedFact) -> str:
    """The pointer that is kept for a shared record: where and as of when, not what it says."""
    return f"{fact.register}:{material}@{fact.as_of.isoformat()}"


def evidence_of(material: str, fact: exchange.SharedFact) -> Evidence:
    """A shared record as evidence for a paper."""
    record = str(fact.value)
    return Evidence(
        kind="shared", reference=reference_of(material, fact), zh=f"{fact.source_zh}：{record}",
        en=f"{fact.source_en}: {record}", as_of=fact.as_of,
    )  # fmt: skip


def _keep(row: Material, shown: Evidence, *, at: datetime) -> None:
    row.said = json.dumps(words_of(shown), ensure_ascii=False)
    row.reference, row.check_at = shown.reference, at
    row.save(update_fields=["said", "reference", "check_at"])


@APPLICATION.effect("look_up")
def _settle(step: Step) -> None:
    given = step.data.model_dump()
    row = Material.objects.get(application_id=step.docket.id, key=given["material"])
    if row.check_state != Check.QUEUED:
        return
    row.check_state = Check.PASSED if given["found"] else Check.FAILED
    row.check_at, row.met_at = step.at, step.at if given["found"] else None
    row.save(update_fields=["check_state", "check_at", "met_at"])
    if not given["found"]:
        _ask_once(step, row)


def _ask_once(step: Step, row: Material) -> None:
    """One paper, asked of the applicant by the unit of the first case that needs it and is still open."""
    wanted = Case.objects.filter(application_id=step.docket.id, matter__in=listed(row.matters))
    case = wanted.filter(docket__closed_at=None).select_related("docket").order_by("docket_id").first()
    if case is None:
        return
    parent = step.docket
    opening = kernel.Opening(
        kind="undertaking", way="ask", title=row.name, unit=case.docket.unit, applicant=parent.applicant,
        agent=parent.agent, region=parent.region, channel=parent.channel, subject=case.matter,
        data={"material": row.key, "matters": listed(row.matters)},
    )  # fmt: skip
    (opened,) = kernel.open_children([opening], parent=parent, actor=kernel.SYSTEM, at=step.at)
    Undertaking.objects.create(
        docket_id=opened.id, application_id=parent.id, kind=Undertaking.Kind.ASKED, material=row.key,
        name=row.name, text=_("共享数据里没有查到“%s”，请补交一份。") % row.name, signed_at=step.at,
    )  # fmt: skip


def waiting() -> int:
    """How many papers wait for a register."""
    return Material.objects.filter(check_state=Check.QUEUED).count()
