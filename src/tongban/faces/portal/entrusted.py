"""授权与代办: what a person or company entrusted to whom, and who did what under it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.themes import api as themes
from tongban.desks.themes.contracts import PartyKind
from tongban.faces.portal.things import unit_name
from tongban.kernel import api as kernel

LOOKED_THROUGH = 50
MOST_DEEDS = 40
UNDER = ("acting:", "representative:")


@dataclass(frozen=True, slots=True)
class Line:
    """One authority in words. `number` is that of its addresses."""

    mandate: actors.Mandate
    number: int
    matters: list[str]
    unit: str
    tie: str
    basis: str
    standing: str


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that somebody did in the principal's name."""

    at: datetime
    who: str
    what: str
    title: str
    number: str
    authority: str


def kind_of(party: str) -> PartyKind:
    return "organisation" if party.startswith("organisation:") else "person"


def principal_of(actor: kernel.Actor, party: str) -> str:
    """For whom the reader may give authority: the company that he represents by law, else himself."""
    by_law = any(one.id == f"representative:{party}" for one in actor.authorities)
    return party if by_law else actor.id


def line(mandate: actors.Mandate) -> Line:
    """One authority in words."""
    kind = kind_of(mandate.principal)
    return Line(
        mandate=mandate, number=int(mandate.id.rpartition(":")[2]),
        matters=themes.told(mandate.matters, kind=kind, region=settings.ROOT_REGION) if mandate.matters else [],
        unit=unit_name(mandate.agent_unit) if mandate.agent_unit else "", tie=str(actors.Tie(mandate.tie).label),
        basis=str(actors.Basis(mandate.basis).label), standing=str(actors.Standing(mandate.standing).label),
    )  # fmt: skip


def deeds(principal: str, *, actor: kernel.Actor, at: datetime) -> list[Deed]:
    """Who acted in the principal's name, newest first: from the ledger of the latest applications that had an agent."""
    page = kernel.page(
        actor, kernel.Filters(applicant=principal, kind="application", open_only=False), size=LOOKED_THROUGH
    )
    rows = [row for row in page.rows if row.agent and row.agent != principal]
    found = []
    for row in rows:
        flow = kernel.flow_of(row.kind)
        for entry in kernel.history(row.number, at=at):
            if not entry.authority.startswith(UNDER):
                continue
            move, way = flow.moves.get(entry.act), flow.opens.get(entry.act)
            label = str(move.label) if move else str(way.label) if way else entry.act
            found.append((entry, row, label))
    names = actors.names({entry.actor for entry, _row, _label in found})
    made = [
        Deed(entry.at, names.get(entry.actor, ""), label, row.title, row.number, entry.authority)
        for entry, row, label in found
    ]
    return sorted(made, key=lambda one: one.at, reverse=True)[:MOST_DEEDS]


def tell(mandate: str, *, template: str, at: datetime) -> None:
    """Let the one who may act know of it."""
    from tongban.registers.messages import api as messages

    told = actors.mandate(mandate, at=at)
    until = told.until or {"zh": _("撤回"), "en": "taken back"}
    context: dict[str, object] = {"principal": told.principal_name, "n": len(told.matters), "until": until}
    messages.send(to=told.agent, template=template, context=context, at=at, key=f"{mandate}:{template}")  # type: ignore[arg-type]  # values of a template
