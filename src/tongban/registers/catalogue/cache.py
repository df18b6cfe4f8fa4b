"""Published specs in memory, dropped when anybody publishes.

Each process keeps what it has built. A change of the catalogue writes a new random token into
`Generation`; a process reads the token at most every `CATALOGUE_POLL_SECONDS` (default 2) and forgets
everything when it differs, so a warm read costs no query and another process' change shows within that
time. The process that publishes forgets at once.
"""

import secrets
import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction

from tongban.registers.catalogue.models import Generation

T = TypeVar("T")
MAX_ENTRIES = 50_000

_lock = threading.Lock()
_entries: dict[Hashable, Any] = {}
_token = ""
_checked = float("-inf")


def token() -> str:
    """The generation of what is published; polled."""
    global _token, _checked  # noqa: PLW0603  one cache per process is the point
    # The monotonic clock of the process, not the time of day: how old the last look is, nothing else.
    pause = getattr(settings, "CATALOGUE_POLL_SECONDS", 2.0)
    if time.monotonic() - _checked < pause:
        return _token
    found = Generation.objects.filter(pk=1).values_list("token", flat=True).first() or ""
    with _lock:
        if found != _token:
            _entries.clear()
            _token = found
        _checked = time.monotonic()
    return found


def get(key: Hashable) -> Any:
    """What is kept under `key` for the current generation, or None."""
    token()
    return _entries.get(key)


def put(key: Hashable, value: Any) -> None:
    """Keep `value` until the catalogue changes. A full cache starts anew."""
    if len(_entries) >= MAX_ENTRIES:
        _entries.clear()
    _entries[key] = value


def remember(key: Hashable, build: Callable[[], T]) -> T:
    """The kept value, or the one that `build` makes now."""
    value = get(key)
    if value is None:
        value = build()
        put(key, value)
    found: T = value
    return found


def forget() -> None:
    """Drop everything and look at the token again on the next read."""
    global _checked  # noqa: PLW0603
    with _lock:
        _entries.clear()
        _checked = float("-inf")


def changed() -> None:
    """Say that what is published has changed. Call inside the transaction that changes it."""
    Generation.objects.update_or_create(pk=1, defaults={"token": secrets.token_hex(16)})
    forget()
    # Another thread may have read the old rows between now and the commit.
    transaction.on_commit(forget)
