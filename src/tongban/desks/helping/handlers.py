"""Tell people when somebody comes, and agents and citizens of authorities."""

from __future__ import annotations

from tongban.actors import api as actors
from tongban.desks.helping.models import Doorstep
from tongban.kernel.models import Docket
from tongban.kernel.outbox.relay import News, on
from tongban.registers.messages import api as messages


def _send(news: News, row: Docket, template: str, **context: object) -> None:
    if row.applicant:
        messages.send(
            to=row.applicant, template=template, docket=row.number, at=news.at, key=f"event:{news.id}",
            context={"number": row.number, **context},  # type: ignore[dict-item]  # values of a template
        )  # fmt: skip


@on("doorstep.arrange", "doorstep.rearrange")
def arranged(news: News) -> None:
    """When somebody comes, who it is, and what to have ready."""
    row = Docket.objects.get(pk=news.docket or 0)
    own = Doorstep.objects.get(docket=row)
    if own.visit_at is not None:
        who = actors.party_name(row.officer) if row.officer else actors.unit_name(unit_id=row.unit)
        _send(news, row, "doorstep.arranged", when=own.visit_at, who=who, bring=own.bring or "—")


@on("doorstep.decline")
def declined(news: News) -> None:
    """Nobody can come: the reason and what is possible are on the docket's page."""
    row = Docket.objects.get(pk=news.docket or 0)
    _send(news, row, "doorstep.declined", unit=actors.unit_name(unit_id=row.unit))
