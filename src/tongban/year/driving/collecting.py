"""What follows a day by itself and takes long: messages are grouped, facts are written.

This process does it before the next day begins, or one beside it meanwhile, on the other core.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cache
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from types import TracebackType
from typing import Final, Protocol, Self

import django

from tongban.desks.hotline.heat import api as heat
from tongban.oversight.insight.facts import api as facts

BEHIND: Final = 3
"""Days: busy ones and quiet ones even out. Who repeats himself is put forward later than that (`AFTER` in `planning.plan`)."""


class Collector(Protocol):
    """Groups what was told, and makes facts of what the outbox told of."""

    def collect(self, at: datetime) -> None:
        """At the end of a day; returns at once where a few days at most are behind."""

    def finish(self) -> None:
        """Return when everything that was asked for is done."""


@cache
def _end_with_parent() -> None:
    """The process beside ends with the one that began it, however that ends: another may go on where it was."""

    def watch(parent: BaseProcess) -> None:
        parent.join()
        os._exit(1)

    if parent := parent_process():
        threading.Thread(target=watch, args=(parent,), daemon=True).start()


def _collect(at: datetime) -> None:
    _end_with_parent()
    heat.place_waiting(at=at)
    facts.collect()


class Here:
    """In this process."""

    def collect(self, at: datetime) -> None:
        _collect(at)

    def finish(self) -> None:
        """Nothing is under way."""


class Beside(AbstractContextManager["Beside"]):
    """In a process of its own, a few days behind at most. Only for what is committed, so not within a transaction."""

    def __init__(self) -> None:
        self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=django.setup)
        self._doing: deque[Future[None]] = deque()

    def collect(self, at: datetime) -> None:
        self._doing.append(self._pool.submit(_collect, at))
        self._wait(left=BEHIND)

    def finish(self) -> None:
        self._wait(left=0)

    def _wait(self, *, left: int) -> None:
        while len(self._doing) > left:
            self._doing.popleft().result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown()
