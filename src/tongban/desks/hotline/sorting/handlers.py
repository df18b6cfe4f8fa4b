"""A ticket was taken, dispatched, returned: its proposal follows. After the commit, so that nobody waits for it."""

from __future__ import annotations

from collections.abc import Sequence

from tongban.desks.hotline.sorting import proposing
from tongban.kernel.outbox.relay import News, on


@on("ticket.opened", many=True)
def taken(told: Sequence[News]) -> None:
    """They are put in the queue; a job proposes, outside of any transaction."""
    proposing.wait({news.docket: news.at for news in told if news.docket})


@on("ticket.dispatch", many=True)
def dispatched(told: Sequence[News]) -> None:
    """Was it as proposed?"""
    proposing.decided(
        {news.docket: (str(news.body.get("actor", "")), news.at) for news in told if news.docket}
    )


@on("ticket.uphold")
def returned(news: News) -> None:
    """The return was right."""
    proposing.returned(news.docket or 0)
