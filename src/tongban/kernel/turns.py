"""Locks whose waiters get them in the order in which they came: of threads, and of the processes of one machine.

Python's own lock may be taken again by the thread that has just let go of it, before who waits wakes up: a worker that
writes one short transaction after another then keeps everybody else waiting for seconds. SQLite's own is asked for again and
again with longer and longer pauses in between, and is as unfair.
"""

from __future__ import annotations

import fcntl
import os
import threading
from collections import deque
from types import TracebackType


class Turns:
    """Re-entrant; handed over to the one who waits longest."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[tuple[int, threading.Lock]] = deque()
        self._owner, self._depth = 0, 0

    def __enter__(self) -> None:
        me = threading.get_ident()
        with self._guard:
            if self._owner in (0, me):
                self._owner, self._depth = me, self._depth + 1
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append((me, turn))
        turn.acquire()  # until whoever has it lets go, and has made it ours

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._guard:
            self._depth -= 1
            if self._depth:
                return
            self._owner = 0
            if self._waiting:
                self._owner, turn = self._waiting.popleft()
                self._depth = 1
                turn.release()


class Between:
    """Turns of processes, by two locked files beside what they write; ends with its process, however that ends.

    Who waits for the second file holds the first: whoever has just let go of the second comes after that one. Re-entrant;
    within a process one thread at a time may ask (`Turns`).

    :param path: of what is written; the files are ``<path>-turn`` and ``<path>-writing``
    """

    def __init__(self, path: str) -> None:
        self._path, self._process, self._depth = path, 0, 0
        self._files: tuple[int, int] | None = None

    def __enter__(self) -> None:
        turn, writing = self._opened()
        if not self._depth:
            fcntl.flock(turn, fcntl.LOCK_EX)
            try:
                fcntl.flock(writing, fcntl.LOCK_EX)
            finally:
                fcntl.flock(turn, fcntl.LOCK_UN)
        self._depth += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._depth -= 1
        if not self._depth:
            fcntl.flock(self._opened()[1], fcntl.LOCK_UN)

    def _opened(self) -> tuple[int, int]:
        """Opened by this process itself: what a parent opened is locked for both."""
        if self._files is None or self._process != os.getpid():
            flags = os.O_RDWR | os.O_CREAT
            self._files = (
                os.open(f"{self._path}-turn", flags, 0o600),
                os.open(f"{self._path}-writing", flags, 0o600),
            )
            self._process, self._depth = os.getpid(), 0
        return self._files
