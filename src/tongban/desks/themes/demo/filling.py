"""What a demo applicant fills in: the registers' facts, else the element's own example."""

from __future__ import annotations

from typing import Any

from django.utils.functional import cached_property

from tongban.desks.themes import filling
from tongban.desks.themes.contracts import FormField, Plan
from tongban.desks.themes.submission import Asked, Paper, is_trusted, ways_for

PLAIN: dict[str, Any] = {
    "number": 60,
    "money": "200000",
    "yesno": "yes",
    "phone": "13871010007",
    "id": "422301198803163153",
    "uscc": "91421202MA4DEMAA12",
    "date": "2026-10-12",
    "address": "咸安区温泉街道万年路18号",
}


class Applicant:
    """A demo party: what is known of it and what it would type."""

    def __init__(self, party: str) -> None:
        self.party = party

    @cached_property
    def known(self) -> dict[str, filling.Known]:
        return filling.known_facts(applicant=self.party, acting=self.party)

    def fills(self, plan: Plan) -> Asked:
        """The form, the papers in the easiest way that needs no file, electronic delivery where offered."""
        known = filling.usable(plan, self.known)
        form = {item.key: _typed(item) for item in plan.asked if item.key not in known}
        papers, trusted = {}, is_trusted(self.party)
        for material in plan.materials:
            ways = ways_for(material, trusted=trusted)
            if ways != ("result",):
                papers[material.key] = Paper(next((way for way in ways if way != "upload"), "upload"))
        delivery = "electronic" if "electronic" in plan.delivery.ways else plan.delivery.usual
        return Asked(form=form, papers=papers, delivery=delivery, undertaken=True)


def _typed(item: FormField) -> Any:
    if item.choices:
        return item.choices[0]
    return item.example or PLAIN.get(item.type, "见附件")
