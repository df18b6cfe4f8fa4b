"""A ticket was taken, dispatched, returned: its proposal follows. After the commit, so that nobody waits for it."""

from __future__ import annotations

from collections.abc import Sequence

from tongban.desks.hotline.sorting import proposing
from tongban.desks.hotline.sorting.models import Proposal
from tongban.kernel import api as kernel
from tongban.kernel.outbox.relay import News, on


@on("ticket.opened", many=True)
def taken(told: Sequence[News]) -> None:
    """They are put in the queue; a job proposes, outside of any transaction."""
    proposing.wait({news.docket: news.at for news in told if news.docket})


@on("ticket.dispatch", many=True)
def dispatched(told: Sequence[News]) -> None:
    """Was it as proposed?"""
    waiting = Proposal.objects.filter(pk__in=[news.docket for news in told], decided_at=None)
    open_ones = set(waiting.values_list("pk", flat=True))
    for news in told:
        if news.docket in open_ones:
            row = kernel.docket_by_id(news.docket, actor=kernel.SYSTEM)
            proposing.decided(row, by=str(news.body.get("actor", "")), at=news.at)


@on("ticket.uphold")
def returned(news: News) -> None:
    """The return was right."""
    proposing.returned(news.docket or 0)
