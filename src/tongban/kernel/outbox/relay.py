"""Deliver events to their handlers: in a docket's order, each handler exactly once per event.

Handlers are declared in a context's `handlers.py`::

    @on("case.decide", "application.opened")
    def tell_applicant(event: News) -> None: ...

A handler runs in a transaction with the note that it has handled the event, so its own rows are
written once however often an event is delivered; a call to the outside must be idempotent by
`event.id`. A failing event parks its docket's queue and is retried later and later.

Who wants to know of everything *watches*: a watcher is told of the events of a batch at once, in the transaction that
marks them delivered, so that what it writes to the database is written once.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import F

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


class Sighting(NamedTuple):
    """An event as a watcher is told of it: which ledger entry it is news of."""

    topic: str
    stream: str
    sequence: int


Watcher = Callable[[Sequence[Sighting]], None]
_WATCHERS: list[Watcher] = []


def watch(function: Watcher) -> Watcher:
    """Declare a watcher. It writes to the database only, and needs no order among streams."""
    if function not in _WATCHERS:
        _WATCHERS.append(function)
    return function


def handlers_of(topic: str) -> list[tuple[str, Handler]]:
    """The handlers that want a topic."""
    return [*_HANDLERS.get(topic, ()), *_HANDLERS.get(topic.split(".", 1)[0] + ".*", ())]


def relay(*, at: datetime, limit: int = BATCH) -> int:
    """Deliver waiting events that are due, in the order in which they were written; gives how many.

    A docket's events are written under its lock, so their ids rise in ledger order. One that
    fails, waits for its retry, or is in another worker's hands holds back its own stream only.
    """
    delivered, last = 0, 0
    held: set[str] = set()
    while delivered < limit:
        waiting = Event.objects.filter(delivered_at=None, id__gt=last).order_by("id")
        batch = list(waiting.values_list("id", "stream", "retry_at", "topic")[:BATCH])
        unhandled = []
        for key, stream, retry_at, topic in batch:
            last = key
            if stream in held:
                continue
            if retry_at and retry_at > at:
                held.add(stream)
            elif not handlers_of(topic):
                unhandled.append(key)
            elif _deliver(key, at):
                delivered += 1
            else:
                held.add(stream)
        delivered += _pass(unhandled, at)
        if len(batch) < BATCH:
            break
    return delivered


def _pass(keys: Sequence[int], at: datetime) -> int:
    """Mark events that nobody handles as delivered, all at once; gives how many."""
    if not keys:
        return 0
    try:
        with store.writing():
            rows = Event.objects.filter(id__in=keys, delivered_at=None).order_by("id")
            if connection.vendor == "postgresql":
                rows = rows.select_for_update(skip_locked=True)
            found = list(rows.values_list("id", "topic", "stream", "sequence"))
            _tell_watchers([Sighting(topic, stream, number) for _key, topic, stream, number in found])
            Event.objects.filter(id__in=[key for key, *_rest in found]).update(delivered_at=at, error="")
    except Exception:  # whatever a watcher raises: one by one, so that it parks one event and no more
        logger.exception("%d events not passed on at once", len(keys))
        return sum(_deliver(key, at) for key in keys)
    return len(found)


def _tell_watchers(seen: Sequence[Sighting]) -> None:
    for watcher in _WATCHERS:
        watcher(seen)


def _deliver(key: int, at: datetime) -> bool:
    """Deliver one event; False when its stream has to wait."""
    try:
        with store.writing():
            rows = Event.objects.filter(id=key)
            if connection.vendor == "postgresql":
                rows = rows.select_for_update(skip_locked=True)
            event = rows.first()
            if event is None:  # another worker has it
                return False
            if event.delivered_at is None:
                _handle(event)
                _tell_watchers([Sighting(event.topic, event.stream, event.sequence)])
                Event.objects.filter(id=key).update(delivered_at=at, error="")
    except Exception as error:  # whatever a handler raises parks this queue only
        logger.exception("event %s parked", key)
        _park(key, at, type(error).__name__)
        return False
    return True


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
