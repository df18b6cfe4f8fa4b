"""What the API tests submit."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from tests.faces.portal.city import DISTRICT, example, handed_in, held_by, left_to_fill
from tongban.actors import api as actors
from tongban.desks.themes import api as themes
from tongban.desks.themes.contracts import Party, Plan


def plan_of(code: str = "newborn", *, at: datetime | None = None) -> Plan:
    """The plan of the first example of a theme."""
    found = example(code)
    party = Party(found.get("party", "person"), DISTRICT)
    return themes.plan_for(code, found["answers"], party=party, at=at or timezone.now())


def submission(applicant: str, code: str = "newborn", digest: str = "0" * 64) -> dict[str, Any]:
    """The body of a submission that is taken, for a plan of one theme."""
    plan = plan_of(code)
    held = held_by(plan, applicant=applicant, at=timezone.now())
    form = left_to_fill(plan, held)
    papers = {
        key: {"way": paper.way, "files": [{"digest": one, "name": name} for one, name in paper.files]}
        for key, paper in handed_in(plan, digest, held=held).items()
    }
    return {
        "theme": code,
        "region": DISTRICT,
        "answers": example(code)["answers"],
        "form": form,
        "materials": papers,
        "delivery": "electronic" if "electronic" in plan.delivery.ways else "window",
    }


def party_of(username: str) -> str:
    from tongban.registers.identity.models import Account

    return Account.objects.get(username=username).actor_id


__all__ = ["DISTRICT", "actors", "party_of", "plan_of", "submission"]
