"""The one place where this context writes to the ledger and hands dockets over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tongban.kernel import api as kernel
from tongban.kernel.contracts import Actor


def note(*, stream: str, act: str, actor: Actor, data: dict[str, Any], at: datetime) -> None:
    """Append to the ledger. `data` holds ids and dates, no personal fields."""
    kernel.record(stream=stream, act=act, actor=actor, data=data, at=at)


def hand_over(*, source: str, into: str, actor: Actor, at: datetime, reason: str) -> None:
    """Give a unit's open dockets, clocks running on, to the unit that takes over."""
    kernel.hand_over(unit_from=source, unit_to=into, actor=actor, at=at, reason=reason)
