"""A month that was published is told to who wants to know."""

from __future__ import annotations

from datetime import date

from tongban.kernel.outbox.relay import News, on
from tongban.oversight.insight.months import events
from tongban.oversight.insight.subscriptions import services


@on(events.PUBLISHED)
def tell(news: News) -> None:
    """Each subscriber gets one message, however often the event is told."""
    day = date.fromisoformat(f"{news.body['month']}-01")
    services.tell_published(day=day, edition=int(news.body["edition"]), at=news.at)
