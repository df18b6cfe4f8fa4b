"""A small town with a hotline, and a citizen's phone."""

import pytest
from django.test import Client

from tests.desks.hotline import town as place
from tongban.actors.models import Officer
from tongban.registers.identity.models import Account


@pytest.fixture
def town(db):
    place.build()


def officer(name: str) -> Client:
    """A browser in which an officer of the town is signed in."""
    found = Officer.objects.get(staff_number=name)
    account, _made = Account.objects.get_or_create(
        username=name, defaults={"kind": "officer", "actor_id": f"officer:{found.pk}", "password": "!"}
    )
    client = Client()
    client.force_login(account)
    return client
