"""Where sessions are kept: Django's table, read with one compiled query, written in the queue of all writers.

Outside of that queue a write to SQLite polls for its turn and may wait for seconds while others pass.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.utils import timezone

from tongban.kernel import api as kernel
from tongban.kernel.prepared import Prepared

_OPEN = Prepared(lambda key, now: Session.objects.filter(session_key=key, expire_date__gt=now), now=datetime)


class SessionStore(db.SessionStore):
    """Django's, name and salt included: sessions stay what they are."""

    def _get_session_from_db(self) -> Session | None:
        found = _OPEN.first(key=self.session_key or "", now=timezone.now())
        if found is None:
            self._session_key = None
        return found

    def save(self, must_create: bool = False) -> Any:  # noqa: FBT001, FBT002 - Django's signature
        if must_create or self.session_key is None:
            with kernel.writing():
                return super().save(must_create)
        kept = self.create_model_instance(dict(self.items()))
        changed = {"session_data": kept.session_data, "expire_date": kept.expire_date}
        with kernel.writing():  # one statement, where Django's has a savepoint around it
            if not Session.objects.filter(pk=kept.session_key).update(**changed):
                raise UpdateError  # signed out meanwhile: it is not made again
        return None

    def delete(self, session_key: str | None = None) -> Any:
        with kernel.writing():
            return super().delete(session_key)
