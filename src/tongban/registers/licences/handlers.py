"""Tell holders what was decided of their licences. Runs in the relay, once per event."""

from __future__ import annotations

from tongban.actors import api as actors
from tongban.kernel.outbox.relay import News, on
from tongban.registers.licences import events, kinds
from tongban.registers.messages import api as messages


@on(events.RENEWED, events.CORRECTED, events.SUSPENDED, events.RESUMED, events.REVOKED, events.CANCELLED)
def tell_holder(news: News) -> None:
    """The holder hears of it, with the reason (行政许可法 第三十八条; 行政处罚法 第四十四条)."""
    holder = str(news.body["holder"])
    if not holder:
        return
    kind = kinds.kinds().get(str(news.body["kind"]))
    unit = str(news.body["unit"])
    messages.send(
        to=holder, template=news.topic, at=news.at, key=f"event:{news.id}",
        context={
            "kind": {"zh": kind.name, "en": kind.name_en} if kind else str(news.body["kind"]),
            "unit": actors.unit_name(unit_id=unit), "reason": str(news.body["reason"]) or "—",
            "identifier": str(news.body["identifier"]),
        },
    )  # fmt: skip
