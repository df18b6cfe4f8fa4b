"""The one place where identity writes to the ledger: stream ``account:ID``."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tongban.kernel import api as kernel
from tongban.kernel.contracts import Actor

if TYPE_CHECKING:
    from tongban.registers.identity.models import Account


def note(*, account: int, act: str, actor: Actor, at: datetime, data: dict[str, Any] | None = None) -> None:
    """Append what happened with an account. `data` holds no name, address or number."""
    kernel.record(stream=f"account:{account}", act=act, actor=actor, data=data or {}, at=at)


def note_own(*, account: Account, act: str, at: datetime, data: dict[str, Any] | None = None) -> None:
    """The same for what somebody does with the own account."""
    actor = Actor(id=account.actor_id or f"account:{account.pk}")
    note(account=account.pk, act=act, actor=actor, at=at, data=data)
