"""The one place where identity writes to the ledger: stream ``account:ID``."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tongban.kernel import api as kernel
from tongban.kernel.contracts import Actor


def note(*, account: int, act: str, actor: Actor, at: datetime, data: dict[str, Any] | None = None) -> None:
    """Append what happened with an account. `data` holds no name, address or number."""
    kernel.record(stream=f"account:{account}", act=act, actor=actor, data=data or {}, at=at)
