"""Reading accounts: as whom they act, in whose name, and which are shown for demonstration."""

from __future__ import annotations

from datetime import datetime

from tongban.actors import api as actors
from tongban.kernel.contracts import Actor
from tongban.registers.identity.contracts import ANONYMOUS, DemoAccount
from tongban.registers.identity.models import Account, ApiToken


def actor_of_account(*, account: Account, at: datetime, unit: str = "") -> Actor:
    """The kernel actor behind an account at the instant `at`; at most three queries.

    :param unit: the unit an officer chose to act for; empty or no longer held means the own
    """
    if not account.actor_id:
        return Actor(id=f"account:{account.pk}", name=account.username)
    try:
        return actors.actor(actor_id=account.actor_id, at=at, unit_id=unit)
    except actors.NotKnownError:
        return ANONYMOUS


def parties_open_to(actor: Actor) -> list[str]:
    """In whose name one may ask: a citizen's own id first, then the others, limited ones included.

    An agent of a service station asks for those who entrusted something to him.
    """
    if actor.is_system or actor == ANONYMOUS:
        return []
    entrusted = {one.unit for one in actor.authorities if actors.APPLICANT_ROLE in one.roles}
    if actor.is_officer:  # an agent: for others only
        return sorted(entrusted)
    others = entrusted | actor.parties
    own = [actor.id] if actor.id in actor.parties else []
    return own + sorted(others - {actor.id})


def account_of_actor(actor_id: str) -> Account | None:
    """The account that signs in as this actor, if there is one; the oldest of several."""
    return Account.objects.filter(actor_id=actor_id, is_active=True).order_by("pk").first()


def demo_accounts() -> list[DemoAccount]:
    """The demo accounts to show, citizens before officers, otherwise as they were loaded."""
    rows = Account.objects.filter(demo=True, demo_shown=True, is_active=True).order_by("pk")
    found = [DemoAccount(row.username, row.purpose, row.purpose_en, row.kind) for row in rows]
    return sorted(found, key=lambda one: one.kind == "officer")


def tokens_of(account: Account) -> list[ApiToken]:
    """An account's tokens that were not revoked, newest first."""
    return list(ApiToken.objects.filter(account=account, revoked_at__isnull=True).order_by("-created_at"))
