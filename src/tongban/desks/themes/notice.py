"""The one notice as it is kept with an application, and what is counted in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from tongban.desks.cases import api as cases
from tongban.desks.themes import filling
from tongban.desks.themes.contracts import Plan, Wording
from tongban.desks.themes.holdings import Holdings
from tongban.desks.themes.ways import Offer, is_brought


@dataclass(frozen=True, slots=True)
class Counts:
    """填几项、交几份: what one party still has to type and to bring, of all that the form and the list hold.

    `optional` fields may be left empty and are not counted as asked.
    """

    fields_asked: int
    fields_total: int
    optional: int
    papers_brought: int
    papers_total: int

    def as_kept(self) -> dict[str, list[int]]:
        return {
            "fields": [self.fields_asked, self.fields_total],
            "papers": [self.papers_brought, self.papers_total],
        }


def counts(plan: Plan, held: Holdings, offers: Mapping[str, tuple[Offer, ...]], *, today: date) -> Counts:
    """Count for one party; for who is unknown nothing is known."""
    asked = filling.fill(plan, {}, held.known, today=today).errors.keys()
    open_ = [item for item in plan.asked if item.key not in held.known]
    return Counts(
        fields_asked=len(asked),
        fields_total=len(plan.fields),
        optional=sum(1 for item in open_ if not item.required),
        papers_brought=sum(1 for own in offers.values() if is_brought(own)),
        papers_total=len(plan.materials),
    )


def notice_of(plan: Plan, asked: Iterable[cases.CaseAsked], counted: Counts) -> dict[str, Any]:
    """What the one notice said, as it is kept with the application."""
    units = {case.matter: case.unit for case in asked}
    saved = plan.saved
    return {
        "name": _both(plan.name),
        "promised_on": plan.promised_on.isoformat(),
        "provisional": plan.provisional,
        "fees_fen": plan.fees_fen,
        "matters": [
            {
                "code": matter.code, "name": _both(matter.name), "unit": units[matter.code],
                "starts_on": matter.starts_on.isoformat(), "due_on": matter.due_on.isoformat(),
                "after": list(matter.after), "why": _both(matter.why),
            }
            for matter in plan.matters
        ],
        "fields": [item.key for item in plan.asked],
        "papers": [{"key": paper.key, "name": _both(paper.name), "given_by": paper.given_by} for paper in plan.materials],
        "spared": [{"key": paper.key, "name": _both(paper.name), "why": _both(paper.why)} for paper in plan.spared],
        "fees": [{"name": fee.name, "amount_fen": fee.amount_fen, "basis": fee.basis} for fee in plan.fees],
        "results": [{"name": result.name, "name_en": result.name_en, "kind": result.kind, "matter": result.matter} for result in plan.results],
        "assumptions": [{"ask": _both(one.ask), "means": _both(one.means)} for one in plan.assumptions],
        "remedies": [_both(group.remedy) for group in plan.preconditions if group.remedy],
        "saved": {
            name: [getattr(saved, name).one_by_one, getattr(saved, name).here]
            for name in ("fields", "papers", "trips", "steps", "days", "legal_days")
        },
        "counts": counted.as_kept(),
    }  # fmt: skip


def _both(words: Wording) -> dict[str, str]:
    return {"zh": words.zh, "en": words.en}
