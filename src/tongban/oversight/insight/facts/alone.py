"""Facts have one writer at a time: two that read a day's file, add to it and replace it would lose each other's rows."""

from __future__ import annotations

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_thread = threading.Lock()


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Wait until no thread and no process of this machine writes the facts of `root`, and hold them off meanwhile.

    The lock lies beside the folder, which a rebuild replaces whole; it ends with its process, however that ends.
    """
    root.parent.mkdir(parents=True, exist_ok=True)
    with _thread, root.with_name(f"{root.name}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
