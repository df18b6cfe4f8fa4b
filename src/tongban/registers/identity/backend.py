"""Whose session it is: Django's way of signing in, with the account read by one compiled query."""

from __future__ import annotations

from django.contrib.auth.backends import ModelBackend

from tongban.kernel.prepared import Prepared
from tongban.registers.identity.models import Account

_BY_ID = Prepared(lambda pk: Account.objects.filter(pk=pk), pk=int)


class Accounts(ModelBackend):
    """Every request that is signed in asks for its account."""

    def get_user(self, user_id: int) -> Account | None:
        found = _BY_ID.first(pk=user_id)
        return found if found is not None and self.user_can_authenticate(found) else None
