"""The stream of this process: what was grouped before, in memory, brought up to date before every message.

Who stayed alone for `alone_days` is let go, so that a year takes no more memory than a season.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import lru_cache

from django.conf import settings
from django.db.models import Count, Max

from tongban.actors import api as actors
from tongban.desks.hotline.heat.grouping.batch import prepared
from tongban.desks.hotline.heat.grouping.linking import Bounds
from tongban.desks.hotline.heat.grouping.stream import Message, Placed, Stream
from tongban.desks.hotline.heat.grouping.weighing import Ints
from tongban.desks.hotline.heat.grouping.words import Words
from tongban.desks.hotline.heat.models import Mention
from tongban.desks.hotline.heat.pack import pack

AT_ONCE = 5000


def told(text: str, where: str) -> str:
    """What a ticket says, the place that was asked for before it."""
    return f"{where}，{text}" if where else text


def township_of(region: str) -> str:
    """The township or street that a division lies in; "" for a county or the city."""
    chain = actors.region_chain(region)
    return chain[-3] if len(chain) > 2 else ""


def township_names() -> list[str]:
    """Names of the townships and streets: many messages have one, and it is no place by itself."""
    counties = actors.regions_below(settings.ROOT_REGION)
    return [town.name for county in counties for town in actors.regions_below(county.code)]


def words() -> tuple[Words, Ints]:
    """The word tables of the pack and the city's townships."""
    return _prepared(tuple(township_names()))


@lru_cache(maxsize=2)
def _prepared(names: tuple[str, ...]) -> tuple[Words, Ints]:
    return prepared(pack(), names)


class Memory:
    """The groups of the last months; one per process, for one thread at a time."""

    def __init__(self, *, since: datetime) -> None:
        self.stream = Stream(*words(), Bounds(**pack()["bounds"]))
        self.since = since
        self.last = 0
        self._placed: list[int] = []
        self._alone: deque[tuple[datetime, int]] = deque()

    def catch_up(self) -> bool:
        """Take in what other processes placed; False when what is held is not what is stored any more.

        What was placed and then undone, because something else of its transaction failed, must not stay: placed
        again, a ticket would be alike to itself.
        """
        stored = Mention.objects.filter(docket__id__among=self._placed).aggregate(
            rows=Count("pk"), last=Max("pk")
        )
        if stored["rows"] != len(self._placed):
            return False
        self.last, self._placed = stored["last"] or self.last, self._placed[-1:]
        while True:
            rows = list(
                Mention.objects.filter(pk__gt=self.last, at__gte=self.since, out=False)
                .order_by("pk")
                .values_list(
                    "pk",
                    "group",
                    "docket__ticket__title",
                    "docket__ticket__text",
                    "docket__ticket__place",
                    "docket__region",
                    "docket",
                    "at",
                )[:AT_ONCE]
            )
            if not rows:
                return True
            texts = [(row[2], told(row[3], row[4])) for row in rows]
            self.stream.load(texts, [row[1] for row in rows], [township_of(row[5]) for row in rows])
            self._alone += [(row[7], row[6]) for row in rows if row[1] == row[6]]
            self.last, self._placed = rows[-1][0], [rows[-1][6]]

    def add(self, messages: Sequence[Message], *, at: datetime) -> list[Placed]:
        """Place messages among what is held, after letting go of who has been alone for long."""
        limit, over = at - timedelta(days=int(pack()["alone_days"])), []
        while self._alone and self._alone[0][0] < limit:
            over.append(self._alone.popleft()[1])
        self.stream.forget(over)
        self._placed += [one.id for one in messages]
        placed = self.stream.add_many(messages)
        self._alone += [(at, one.group) for one in placed if not one.alike]
        return placed


_held: Memory | None = None
_lock = threading.RLock()


@contextmanager
def alone() -> Iterator[None]:
    """One at a time within this process: from the placing to the storing."""
    with _lock:
        yield


def place(messages: Sequence[Message], *, at: datetime) -> list[Placed]:
    """Where tickets belong, in their order; they are remembered at once, and are to be stored next, `alone`."""
    global _held  # noqa: PLW0603 - one memory per process
    with _lock:
        if _held is None or not _held.catch_up():
            _held = Memory(since=at - timedelta(days=int(pack()["window_days"])))
            _held.catch_up()
        return _held.add(messages, at=at)


def is_current() -> bool:
    """Whether nobody has stored anything since the last placing."""
    with _lock:
        return _held is not None and not Mention.objects.filter(pk__gt=_held.last).exists()


def forget() -> None:
    """Read everything again next time."""
    global _held  # noqa: PLW0603 - one memory per process
    with _lock:
        _held = None
