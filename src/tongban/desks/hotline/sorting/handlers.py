"""A ticket was taken, dispatched, returned: its proposal follows. After the commit, so that nobody waits for it."""

from __future__ import annotations

from tongban.desks.hotline.sorting import proposing
from tongban.desks.hotline.sorting.models import Proposal
from tongban.kernel import api as kernel
from tongban.kernel.outbox.relay import News, on


@on("ticket.opened")
def taken(news: News) -> None:
    """It is put in the queue; a job proposes, outside of any transaction."""
    proposing.wait(kernel.docket_by_id(news.docket or 0, actor=kernel.SYSTEM), at=news.at)


@on("ticket.dispatch")
def dispatched(news: News) -> None:
    """Was it as proposed?"""
    if Proposal.objects.filter(pk=news.docket or 0, decided_at=None).exists():
        row = kernel.docket_by_id(news.docket or 0, actor=kernel.SYSTEM)
        proposing.decided(row, by=str(news.body.get("actor", "")), at=news.at)


@on("ticket.uphold")
def returned(news: News) -> None:
    """The return was right."""
    proposing.returned(news.docket or 0)
