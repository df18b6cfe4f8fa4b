"""Tell the remote unit's officers that somebody waits at a window."""

from __future__ import annotations

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.kernel.models import Docket
from tongban.kernel.outbox.relay import News, on
from tongban.registers.messages import api as messages

MOST = 10


@on("remote.opened")
def invited(news: News) -> None:
    """Those who may join, in their inbox; the list at /work/remote shows it too."""
    row = Docket.objects.get(pk=news.docket or 0)
    if row.closed_at is not None:
        return
    found: list[str] = []
    for role in (Role.HANDLER, Role.WINDOW):
        found += actors.officers_with(role=role, unit_id=row.unit, at=news.at)
    for officer in list(dict.fromkeys(found))[:MOST]:
        messages.send(
            to=officer, template="remote.invited", docket=row.number, at=news.at, key=f"event:{news.id}",
            context={"title": row.title, "number": row.number},
        )  # fmt: skip
