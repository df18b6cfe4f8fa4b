"""Reading accounts and tokens."""

from __future__ import annotations

from datetime import datetime

from tongban.actors import api as actors
from tongban.kernel.contracts import Actor
from tongban.registers.identity.models import Account

SESSION_UNIT = "tb_unit"
SESSION_PARTY = "tb_party"


def actor_of_account(*, account: Account, at: datetime, unit: str = "") -> Actor:
    """The kernel actor behind an account at the instant `at`; at most three queries.

    :param unit: the unit an officer chose to act for; empty or no longer held means the first
    """
    if not account.actor_id:
        return Actor(id=f"account:{account.pk}", name=account.username)
    return actors.actor(actor_id=account.actor_id, at=at, unit_id=unit)
