"""Somebody of the demonstration at the pages, in this process. For after Django is loaded."""

from __future__ import annotations

from django.contrib.auth import get_user_model
from django.test import Client

from tongban.registers.identity.web import proof


def visitor(user: str) -> Client:
    """Whoever has this account, as after the second step, which officers do not work without; "" for nobody."""
    client = Client(SERVER_NAME="localhost")
    if user:
        client.force_login(get_user_model().objects.get(username=user))
        session = client.session
        session[proof.STRONG] = "bench"
        session.save()
    return client
