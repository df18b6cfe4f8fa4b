"""Who writes the facts of a day: this process before the next day begins, or one beside it meanwhile, on the other core."""

from __future__ import annotations

from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import AbstractContextManager
from multiprocessing import get_context
from types import TracebackType
from typing import Protocol, Self

import django

from tongban.oversight.insight.facts import api as facts


class Collector(Protocol):
    """Makes facts of what the outbox told of."""

    def collect(self) -> None:
        """At the end of a day."""

    def finish(self) -> None:
        """Return when everything that was told of is in the facts."""


class Here:
    """In this process."""

    def collect(self) -> None:
        facts.collect()

    def finish(self) -> None:
        facts.collect()


class Beside(AbstractContextManager["Beside"]):
    """In a process of its own, one day behind at most. Only for what is committed, so not within a transaction."""

    def __init__(self) -> None:
        self._pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=django.setup)
        self._doing: Future[int] | None = None

    def collect(self) -> None:
        if self._doing:
            self._doing.result()
        self._doing = self._pool.submit(facts.collect)

    def finish(self) -> None:
        self.collect()
        if self._doing:
            self._doing.result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown()
