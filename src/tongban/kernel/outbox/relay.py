"""Deliver events to their handlers: in a docket's order, each handler exactly once per event.

Handlers are declared in a context's `handlers.py`::

    @on("case.decide", "application.opened")
    def tell_applicant(event: News) -> None: ...

A handler runs in a transaction with the note that it has handled the event, so its own rows are
written once however often an event is delivered; a call to the outside must be idempotent by
`event.id`. A failing event parks its docket's queue and is retried later and later.

Events go by the batch: one transaction for `at_once` of them, which costs as many statements as one. A handler that says
`many` is told of all that it wants of them at once, of one docket never more than one, so that it may read and write for
all in one go::

    @on("ticket.opened", many=True)
    def place_them(news: Sequence[News]) -> None: ...

Where one of a batch fails, nothing of it is kept, and it is gone through one by one.

Who wants to know of everything *watches*: a watcher is told of the events of a batch at once, in the transaction that
marks them delivered, so that what it writes to the database is written once.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple, TypeVar, overload

from django.db import transaction
from django.db.models import F

from tongban.kernel import store
from tongban.kernel.outbox.models import Event

logger = logging.getLogger(__name__)
BATCH = 500
LONGEST_WAIT = timedelta(hours=1)
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class News:
    """An event as a handler gets it. `at` is the instant of what happened."""

    id: int
    topic: str
    docket: int | None
    body: dict[str, Any]
    at: datetime


Handler = Callable[[News], None]
Crowd = Callable[[Sequence[News]], None]
Declared = TypeVar("Declared", bound=Callable[..., None])
_HANDLERS: dict[str, list[tuple[str, Callable[..., None]]]] = {}
_OF_MANY: set[str] = set()


@overload
def on(*topics: str) -> Callable[[Handler], Handler]: ...


@overload
def on(*topics: str, many: Literal[True]) -> Callable[[Crowd], Crowd]: ...


def on(*topics: str, many: bool = False) -> Callable[[Declared], Declared]:
    """Declare a handler. A topic may end in ``.*``: every event of that kind.

    :param many: it takes a list of news, in the order in which they were written, each of another stream
    """

    def declare(function: Declared) -> Declared:
        name = f"{function.__module__}.{function.__qualname__}"[-LONGEST_NAME:]
        if many:
            _OF_MANY.add(name)
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


def handlers_of(topic: str) -> list[tuple[str, Callable[..., None]]]:
    """The handlers that want a topic."""
    return [*_HANDLERS.get(topic, ()), *_HANDLERS.get(topic.split(".", 1)[0] + ".*", ())]


def relay(*, at: datetime, limit: int = BATCH, at_once: int = BATCH) -> int:
    """Deliver waiting events that are due, in the order in which they were written; gives how many.

    A docket's events are written under its lock, so their ids rise in ledger order. One that
    fails, waits for its retry, or is in another worker's hands holds back its own stream only.

    :param at_once: events of one transaction, at most `BATCH`: few where people wait for the database meanwhile; events
        that nobody handles go by the `BATCH`
    """
    delivered, last = 0, 0
    held: set[str] = set()
    while delivered < limit:
        waiting = Event.objects.filter(delivered_at=None, id__gt=last).order_by("id")
        batch = list(waiting.values_list("id", "stream", "retry_at", "topic")[:BATCH])
        wanted: list[tuple[int, str]] = []
        unhandled: list[tuple[int, str]] = []
        for key, stream, retry_at, topic in batch:
            last = key
            if stream in held:
                continue
            if retry_at and retry_at > at:
                held.add(stream)
            else:
                (wanted if handlers_of(topic) else unhandled).append((key, stream))
        for start in range(0, len(wanted), at_once):
            delivered += _pass(wanted[start : start + at_once], held, at)
        delivered += _pass([one for one in unhandled if one[1] not in held], held, at)
        if len(batch) < BATCH:
            break
    return delivered


def _pass(waiting: Sequence[tuple[int, str]], held: set[str], at: datetime) -> int:
    """Deliver events in one transaction, or else one by one; gives how many. Adds to `held` the streams that wait."""
    part = [one for one in waiting if one[1] not in held]
    if not part:
        return 0
    try:
        # The inner one is a savepoint where the caller has a transaction already: what failed is undone there too.
        with store.writing(), transaction.atomic():
            found = _taken(part, held)
            _handle(found)
            _tell_watchers([Sighting(row.topic, row.stream, row.sequence) for row in found])
            store.mark_delivered([row.id for row in found], at=at)
    except Exception as error:  # whatever a handler or a watcher raises parks one queue and no more
        if len(part) > 1:
            logger.info("%d events are gone through one by one: %s", len(part), type(error).__name__)
            return sum(_pass([one], held, at) for one in part)
        ((key, stream),) = part
        logger.exception("event %s parked", key)
        _park(key, at, type(error).__name__)
        held.add(stream)
        return 0
    return len(found)


def _taken(part: Sequence[tuple[int, str]], held: set[str]) -> list[store.EventRow]:
    """Events for this worker alone. What another one has holds back its stream; what it has delivered is left out."""
    found = {row.id: row for row in store.lock_events([key for key, _stream in part])}
    mine = []
    for key, stream in part:
        if key not in found:
            held.add(stream)
        elif stream not in held and not found[key].delivered:
            mine.append(found[key])
    return mine


def _handle(events: Sequence[store.EventRow]) -> None:
    """Tell the handlers: a docket's events one after the other, of different dockets together."""
    wanted = [event for event in events if handlers_of(event.topic)]
    if not wanted:
        return
    # Handlers make moves in the order of the events. Whoever moves many dockets at once locks them in the order of their
    # ids: in any other order the two could wait for each other.
    store.line_up([event.docket for event in wanted if event.docket])
    done = store.handled([event.id for event in wanted])
    new: list[tuple[int, str]] = []
    while wanted:
        turn: list[store.EventRow] = []
        later: list[store.EventRow] = []
        streams: set[str] = set()
        for event in wanted:
            (later if event.stream in streams else turn).append(event)
            streams.add(event.stream)
        _tell(turn, done, new)
        wanted = later
    store.insert_rows("kernel_event_handled", ("event_id", "handler"), new)


def _tell(turn: Sequence[store.EventRow], done: set[tuple[int, str]], new: list[tuple[int, str]]) -> None:
    """Tell the handlers of events of different streams, topic by topic. Adds to `new` who has handled what."""
    topics: dict[str, list[News]] = {}
    for event in turn:
        news = News(event.id, event.topic, event.docket, json.loads(event.body), event.created_at)
        topics.setdefault(event.topic, []).append(news)
    for topic, told in topics.items():
        for name, function in handlers_of(topic):
            left = [news for news in told if (news.id, name) not in done]
            if name in _OF_MANY and left:
                function(left)
            else:
                for news in left:
                    function(news)
            new.extend((news.id, name) for news in left)


def _tell_watchers(seen: Sequence[Sighting]) -> None:
    if seen:
        for watcher in _WATCHERS:
            watcher(seen)


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
