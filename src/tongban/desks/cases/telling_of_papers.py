"""What applicants and officers are told of papers that nobody handed in, and what holders see of their licences' use.

Handlers of the outbox: once per event, in the relay's transaction.
"""

from __future__ import annotations

import json
from typing import Any

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.cases.contracts import Check
from tongban.desks.cases.models import Application, Case, Material
from tongban.desks.cases.rules import listed
from tongban.kernel.models import Docket
from tongban.kernel.outbox.relay import News, on
from tongban.registers.exchange import api as exchange
from tongban.registers.licences import api as licences
from tongban.registers.messages import api as messages


@on("application.opened")
def licences_used(news: News) -> None:
    """Every licence that stood in for a paper or filled in a field is noted as used, for its holder to see."""
    row = Docket.objects.get(pk=news.docket or 0)
    papers = Material.objects.filter(application_id=row.pk, evidence="licence")
    used = dict.fromkeys(papers.order_by("id").values_list("reference", flat=True))
    own = Application.objects.only("provenance").get(docket=row)
    origins = json.loads(own.provenance or "{}").get("origins", {})
    used |= dict.fromkeys(one[4] for one in origins.values() if one[0] == "licence")
    if not used:
        return
    by = actors.actor(actor_id=row.agent or row.applicant, at=news.at)
    for identifier in used:
        licences.note_use(identifier=identifier, by=by, purpose=row.title, docket=row.number, at=news.at)


@on("application.look_up")
def looked_up(news: News) -> None:
    """The applicant, and who handles the cases that need the paper, learn what a late look-up gave."""
    row = Docket.objects.get(pk=news.docket or 0)
    settled = Material.objects.filter(
        application_id=row.pk,
        evidence="shared",
        check_at=news.at,
        check_state__in=(Check.PASSED, Check.FAILED),
    )
    for paper in settled:
        _tell(row, paper, news)


def _tell(row: Docket, paper: Material, news: News) -> None:
    info = exchange.registers().get(paper.reference.partition(":")[0])
    register = {"zh": info.name, "en": info.name_en} if info else {"zh": "共享库", "en": "shared register"}
    context: dict[str, Any] = {
        "title": row.title, "number": row.number, "paper": paper.name, "register": register,
    }  # fmt: skip
    template = "paper.found" if paper.check_state == Check.PASSED else "paper.asked"
    to = dict.fromkeys(_handling(row, paper, news), f"{template}-officer")
    to |= {row.applicant: template} if row.applicant else {}
    for who, words in to.items():
        messages.send(
            to=who, template=words, docket=row.number, at=news.at, key=f"look-up:{paper.pk}", context=context
        )


def _handling(row: Docket, paper: Material, news: News) -> list[str]:
    """Officers of the open cases that need the paper: who has the case, else the unit's handlers."""
    cases = Case.objects.filter(
        application_id=row.pk, matter__in=listed(paper.matters), docket__closed_at=None
    )
    found: dict[str, None] = {}
    for case in cases.select_related("docket").order_by("docket_id"):
        docket = case.docket
        own = [docket.officer] if docket.officer else []
        found |= dict.fromkeys(
            own or actors.officers_with(role=Role.HANDLER, unit_id=docket.unit, at=news.at)
        )
    return list(found)
