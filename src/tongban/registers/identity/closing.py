"""Closing an account for good: nobody signs in with it again, and nothing of the person stays in it."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sessions.models import Session

from tongban.kernel import api as kernel
from tongban.registers.identity.models import Account


@kernel.writing()
def erase_account(party: str, at: datetime) -> int:
    """Erase every account that signs in as a party: name, password, tokens, everything that hangs on it, sessions.

    :returns: how many rows
    """
    done = 0
    for account in Account.objects.select_for_update().filter(actor_id=party):
        done += 1 + _dependent(account)
        account.username, account.is_active = f"erased-{account.pk}", False
        account.language = account.default_party = account.purpose = account.purpose_en = ""
        account.set_unusable_password()
        account.actor_id = ""
        account.save()
        _end_sessions(account, at)
    return done


def _dependent(account: Account) -> int:
    """Delete the rows that point at the account: tokens, second factors, links; the ledger keeps that they were."""
    done = 0
    for relation in account._meta.related_objects:
        if relation.one_to_many or relation.one_to_one:
            manager = relation.related_model._default_manager  # noqa: SLF001  # Django's public name
            deleted, _per_table = manager.filter(**{relation.field.name: account}).delete()
            done += deleted
    return done


def _end_sessions(account: Account, at: datetime) -> None:
    for session in Session.objects.filter(expire_date__gt=at).iterator():
        if session.get_decoded().get("_auth_user_id") == str(account.pk):
            session.delete()
