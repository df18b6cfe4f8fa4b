"""A lock whose waiters get it in the order in which they came.

Python's own lock may be taken again by the thread that has just let go of it, before who waits wakes up: a worker that
writes one short transaction after another then keeps everybody else waiting for seconds.
"""

from __future__ import annotations

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
