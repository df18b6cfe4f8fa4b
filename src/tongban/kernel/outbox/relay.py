"""Deliver events to their handlers: in a docket's order, each handler exactly once per event.

Handlers are declared in a context's `handlers.py`::

    @on("case.decide", "application.opened")
    def tell_applicant(event: News) -> None: ...

A handler runs in a transaction with the note that it has handled the event, so its own rows are
written once however often an event is delivered; a call to the outside must be idempotent by
`event.id`. A failing event parks its docket's queue and is retried later and later.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, OuterRef, Q, Subquery

from tongban.kernel import store
from tongban.kernel.outbox.models import Event, Handled

logger = logging.getLogger(__name__)
BATCH = 200
LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class News:
    """An event as a handler gets it. `at` is the instant of what happened."""

    id: int
    topic: str
    docket: int | None
    body: dict[str, Any]
    at: datetime


Handler = Callable[[News], None]
_HANDLERS: dict[str, list[tuple[str, Handler]]] = {}


def on(*topics: str) -> Callable[[Handler], Handler]:
    """Declare a handler. A topic may end in ``.*``: every event of that kind."""

    def declare(function: Handler) -> Handler:
        name = f"{function.__module__}.{function.__qualname__}"
        for topic in topics:
            known = _HANDLERS.setdefault(topic, [])
            if name not in [other for other, _function in known]:
                known.append((name, function))
        return function

    return declare


def handlers_of(topic: str) -> list[tuple[str, Handler]]:
    """The handlers that want a topic."""
    return [*_HANDLERS.get(topic, ()), *_HANDLERS.get(topic.split(".", 1)[0] + ".*", ())]


def relay(*, at: datetime, limit: int = BATCH) -> int:
    """Deliver waiting events that are due; gives how many were delivered.

    Only the first undelivered event of a stream is taken, so that a docket's news arrives in the
    order of its ledger; the loop goes on until nothing is left or `limit` is reached.
    """
    delivered = 0
    while delivered < limit:
        count = _round(at, limit - delivered)
        if not count:
            break
        delivered += count
    return delivered


def _round(at: datetime, limit: int) -> int:
    first = (
        Event.objects.filter(delivered_at=None, stream=OuterRef("stream"))
        .order_by("sequence", "id")
        .values("id")
    )
    ready = (
        Event.objects.filter(delivered_at=None, id=Subquery(first[:1]))
        .filter(Q(retry_at=None) | Q(retry_at__lte=at))
        .order_by("id")
        .values_list("id", flat=True)[:limit]
    )
    return sum(_deliver(key, at) for key in list(ready))


def _deliver(key: int, at: datetime) -> int:
    try:
        with store.writing():
            rows = Event.objects.filter(id=key, delivered_at=None)
            if connection.vendor == "postgresql":
                rows = rows.select_for_update(skip_locked=True)
            event = rows.first()
            if event is None:  # another worker has it
                return 0
            _handle(event)
            Event.objects.filter(id=key).update(delivered_at=at, error="")
    except Exception as error:  # whatever a handler raises parks this queue only
        logger.exception("event %s parked", key)
        _park(key, at, type(error).__name__)
        return 0
    return 1


def _handle(event: Event) -> None:
    wanted = handlers_of(event.topic)
    if not wanted:
        return
    done = set(Handled.objects.filter(event=event).values_list("handler", flat=True))
    news = News(event.id, event.topic, event.docket, json.loads(event.body), event.created_at)
    for name, function in wanted:
        if name not in done:
            function(news)
            Handled.objects.create(event=event, handler=name)


def _park(key: int, at: datetime, error: str) -> None:
    with store.writing():
        event = Event.objects.get(id=key)
        wait = min(timedelta(seconds=2**event.attempts), LONGEST_WAIT)
        Event.objects.filter(id=key).update(attempts=F("attempts") + 1, retry_at=at + wait, error=error[:200])


def parked() -> list[dict[str, Any]]:
    """The queues that stand still because of a failing event, for /healthz and the supervisor."""
    rows = Event.objects.filter(delivered_at=None, attempts__gte=3).order_by("id")[:20]
    return [
        {"event": row.id, "topic": row.topic, "attempts": row.attempts, "error": row.error} for row in rows
    ]
