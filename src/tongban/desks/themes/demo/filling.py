"""What a demo applicant fills in: the registers' facts, else the element's own example."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tongban.desks.themes.contracts import FormField, Plan
from tongban.desks.themes.holdings import gather
from tongban.desks.themes.papers import Paper, offers_of
from tongban.desks.themes.submission import Asked
from tongban.desks.themes.ways import usual
from tongban.kernel.contracts import Actor

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

    def __init__(self, party: str, *, at: datetime) -> None:
        self.party, self.at = party, at

    def fills(self, plan: Plan) -> Asked:
        """The form, the papers in the easiest way that needs no file, electronic delivery where offered."""
        held = gather(plan, applicant=self.party, by=Actor(self.party), at=self.at)
        form = {item.key: _typed(item) for item in plan.asked if item.key not in held.known}
        papers = {}
        for key, offers in offers_of(plan, applicant=self.party, held=held).items():
            ways = [one.way for one in offers]
            if usual(offers) is None:
                papers[key] = Paper(next((way for way in ways if way != "upload"), "upload"))
        delivery = "electronic" if "electronic" in plan.delivery.ways else plan.delivery.usual
        return Asked(form=form, papers=papers, delivery=delivery, undertaken=True)


def _typed(item: FormField) -> Any:
    if item.choices:
        return item.choices[0]
    return item.example or PLAIN.get(item.type, "见附件")
