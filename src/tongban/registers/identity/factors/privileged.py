"""Who must have a second factor."""

from __future__ import annotations

from typing import Protocol

from tongban.registers.identity.contracts import AccountKind

# Who decides about others or repairs data signs in with two factors.
PRIVILEGED = frozenset({AccountKind.OFFICER.value, AccountKind.ADMIN.value})


class HasKind(Protocol):
    kind: str


def needs_second(account: HasKind) -> bool:
    """Whether somebody may do nothing until a second factor was passed: officers and admins."""
    return getattr(account, "kind", "") in PRIVILEGED
