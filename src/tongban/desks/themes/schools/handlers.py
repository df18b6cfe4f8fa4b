"""An application for a school comes onto its list; the relay runs these once per event, whatever crashes."""

from __future__ import annotations

from tongban.desks.themes.schools import services
from tongban.kernel.models import Docket
from tongban.kernel.outbox.relay import News, on


@on("application.opened")
def take(news: News) -> None:
    """Onto the list of the school that it names."""
    if Docket.objects.filter(pk=news.docket or 0, subject=services.THEME).exists():
        services.note(news.docket or 0)


@on("application.look_up")
def count(news: News) -> None:
    """A register that was away has told of a paper."""
    services.recount(news.docket or 0)
