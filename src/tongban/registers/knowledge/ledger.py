"""The one place where the knowledge base writes into the kernel's ledger."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tongban.kernel import api as kernel


def record(*, key: str, act: str, data: dict[str, Any], actor: kernel.Actor, at: datetime) -> None:
    """Who did what to an entry; the stream is ``knowledge:<key>``."""
    kernel.record(stream=f"knowledge:{key}", act=act, data=data, actor=actor, at=at)
