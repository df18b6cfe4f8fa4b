"""What an entry's digest covers. Pure; anyone may recompute a chain with these few lines."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

START = "0" * 64


def canonical(value: Any) -> str:
    """JSON with sorted keys, no spaces and unescaped Chinese: the same text for the same value."""
    return _encode(value)


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return instant(value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())
    return str(value)


# One encoder for all: `json.dumps` with any option makes a new one at every call.
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_plain).encode


@lru_cache(maxsize=256)  # all that one act writes bears the same instant
def instant(value: datetime) -> str:
    """An instant in UTC with microseconds, as digests and files write it."""
    return value.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def entry_digest(
    *,
    previous: str,
    stream: str,
    sequence: int,
    actor: str,
    unit: str,
    authority: str,
    act: str,
    at: datetime,
    body: str,
    personal_digest: str,
) -> str:
    """SHA-256 in hex over the previous digest and everything the entry says.

    :param body: the canonical text of the public body, exactly as stored
    :param personal_digest: salted digest of the personal fields, or empty
    """
    return parts_digest(
        previous, stream, str(sequence), actor, unit, authority, act, instant(at), personal_digest, body
    )


def parts_digest(*parts: str) -> str:
    """SHA-256 in hex over an entry's parts in the order of `entry_digest`, the instant as `instant` writes it."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def salted_digest(salt: bytes, plain: bytes) -> str:
    """SHA-256 in hex of salt and text: says nothing about a short text without the salt."""
    return hashlib.sha256(salt + plain).hexdigest()


def content_digest(act: str, data: Any) -> str:
    """SHA-256 in hex of an act and its input: what an idempotency key stands for."""
    return hashlib.sha256(canonical([act, data]).encode()).hexdigest()
