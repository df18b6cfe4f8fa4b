"""帮办: an agent's people, what may be begun for each, and who waits for a visit at home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.helping import api as helping
from tongban.desks.themes import api as themes
from tongban.desks.themes.contracts import PartyKind
from tongban.faces.workbench import listing
from tongban.kernel import api as kernel
from tongban.registers.identity import api as identity
from tongban.web import formats

ENDED_SHOWN = 20
MOST_VISITS = 50
WRONG_PEOPLE = 20
"""Wrong pairs of name and number that one officer may type in a quarter of an hour."""


@dataclass(frozen=True, slots=True)
class Line:
    """One authority as its agent reads it. `begin` is what may be begun: address and name."""

    mandate: actors.Mandate
    number: int
    name: str
    matters: list[str]
    standing: str
    begin: list[tuple[str, str]]


def kind_of(party: str) -> PartyKind:
    return "organisation" if party.startswith("organisation:") else "person"


def lines(actor: kernel.Actor, *, at: datetime) -> dict[str, list[Line]]:
    """The agent's people: those for whom he may act, those whose paper waits, and those that ended."""
    found: dict[str, list[Line]] = {"in_force": [], "awaiting": [], "over": []}
    for one in actors.held_by(actor.id, at=at):
        place = one.standing if one.standing in found else "over"
        if place != "over" or len(found["over"]) < ENDED_SHOWN:
            found[place].append(_line(one))
    return found


def _line(mandate: actors.Mandate) -> Line:
    kind, region = kind_of(mandate.principal), settings.ROOT_REGION
    begin = themes.covered(mandate.matters, kind=kind, region=region) if mandate.in_force else []
    return Line(
        mandate=mandate, number=int(mandate.id.rpartition(":")[2]), name=mandate.principal_name,
        matters=themes.told(mandate.matters, kind=kind, region=region),
        standing=str(actors.Standing(mandate.standing).label), begin=begin,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Waiting:
    """One visit at home in the queue; special groups first by their shorter limit."""

    line: listing.Line
    group: str
    first: bool


def queue(actor: kernel.Actor, *, at: datetime) -> list[Waiting]:
    """Visits that the actor's stations owe, nearest deadline first."""
    units = tuple(sorted({grant.unit for grant in actor.grants}))
    page = kernel.page(actor, kernel.Filters(kind="doorstep", units=units), size=MOST_VISITS)
    groups = helping.groups_of([row.id for row in page.rows])
    return [
        Waiting(one, str(helping.Group(groups[one.row.id]).label), groups[one.row.id] in helping.PRIORITY)
        for one in listing.lines(page, at=at, origin="")
        if one.row.id in groups
    ]


def known_party(name: str, number: str, *, actor: kernel.Actor, at: datetime) -> str:
    """The person or organisation of whom name and number were typed; the same words whichever is wrong.

    :raises ValidationError: neither, or too many tries
    """
    guess = f"person-by:{actor.id}"
    if identity.guessed_too_often(limits={guess: WRONG_PEOPLE}, at=at):
        raise ValidationError(_("试得太多了，请过15分钟再来。"))
    typed = "".join(number.split()).upper()
    found = actors.find_organisation(typed) or (actors.find_person(typed) if typed else None)
    if not found or actors.party_name(found) != name.strip():
        identity.note_wrong_guess(what=[guess], at=at)
        raise ValidationError(_("姓名（名称）和号码对不上，请照证件再核对一遍。"))
    return found


def masked(name: str, principal: str) -> str:
    """A person's name as lists show it; companies are public."""
    return formats.mask_name(name) if principal.startswith("person:") else name
