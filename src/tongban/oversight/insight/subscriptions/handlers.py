"""A month that was published is told to who wants to know."""

from __future__ import annotations

from datetime import date

from tongban.kernel.outbox.relay import News, on
from tongban.oversight.insight.months import events
from tongban.oversight.insight.subscriptions.models import Untold


@on(events.PUBLISHED)
def note(news: News) -> None:
    """Note that it is to be told. Figures take long to count, and everybody who writes waits for who is told news."""
    month, edition = date.fromisoformat(f"{news.body['month']}-01"), int(news.body["edition"])
    Untold.objects.get_or_create(month=month, edition=edition, defaults={"at": news.at})
