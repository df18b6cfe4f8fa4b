"""The wizard's questions about a child, answered from what offices already know; parents confirm on the check page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from stdnum.cn import ric

from tongban.actors import api as actors
from tongban.registers.exchange import api as exchange
from tongban.registers.licences import api as licences

ELEMENTS = (
    "child.birth_date",
    "child.id",
    "child.household_address",
    "house.certificate_no",
    "school.choice",
)


def facts_of(party: str, *, by: Any, at: datetime, draft: str) -> dict[str, Any]:
    """What licences and shared registers know of a guardian's child and home."""
    guardian = actors.party_facts(party)
    held = licences.held_by_number(guardian.number, on=actors.day_of(at), holder=party)
    found = {key: one.value for key, one in licences.facts_in(held).items() if key in ELEMENTS}
    told = exchange.facts(
        party=guardian, elements=ELEMENTS, purpose="入学报名预填", at=at, by=by, draft=draft
    ).facts
    return found | {key: one.value for key, one in told.items() if key not in found}


def answers(facts: dict[str, Any], *, region: str, stage: str) -> dict[str, Any]:
    """Answers to the questions of the theme; what is not known is asked."""
    found: dict[str, Any] = {"stage": stage}
    if birth := facts.get("child.birth_date"):
        found["birth_date"] = str(birth)
    elif ric.is_valid(number := str(facts.get("child.id", ""))):
        found["birth_date"] = ric.get_birth_date(number).isoformat()
    if household := facts.get("child.household_address"):
        found["household"] = actors.region(region).name in str(household)
    if facts.get("house.certificate_no"):
        found["home"] = "own"
    return found
