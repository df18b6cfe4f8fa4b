"""What follows from an appeal: who may judge it learns of it, and the unit learns how it ended."""

from __future__ import annotations

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.kernel.outbox.relay import News, on
from tongban.oversight.supervision.models import Appeal
from tongban.registers.messages import api as messages


def _told(news: News, *, to: str, template: str, unit: str, **more: str) -> None:
    own = Appeal.objects.select_related("docket", "mark__docket").get(pk=news.docket or 0)
    name = actors.unit_name(unit_id=unit)
    context: dict[str, str | dict[str, str]] = {
        "unit": {"zh": name, "en": actors.english_unit_name(name)}, "number": own.docket.number,
        "docket": own.mark.docket.number, "limit": own.mark.label or own.mark.limit, **more,
    }  # fmt: skip
    messages.send(
        to=to,
        template=template,
        docket=own.docket.number,
        at=news.at,
        key=f"event:{news.id}",
        context=context,
    )


@on("appeal.opened")
def lodged(news: News) -> None:
    """The supervisors of the unit that judges."""
    own = Appeal.objects.select_related("docket").get(pk=news.docket or 0)
    for officer in actors.officers_with(role=Role.SUPERVISOR, unit_id=own.docket.unit, at=news.at):
        _told(news, to=officer, template="supervision.appealed", unit=own.unit)


@on("appeal.uphold", "appeal.reject")
def judged(news: News) -> None:
    """The heads of the unit that appealed."""
    own = Appeal.objects.select_related("docket").get(pk=news.docket or 0)
    template = "supervision.upheld" if news.topic == "appeal.uphold" else "supervision.rejected"
    for officer in actors.officers_with(role=Role.HEAD, unit_id=own.unit, at=news.at):
        _told(news, to=officer, template=template, unit=own.unit)
