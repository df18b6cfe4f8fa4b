"""A small town with a hotline, and a program that may send requests to it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.actors.factories import an_organisation
from tests.desks.hotline import town as place
from tests.registers.identity.factories import an_account
from tongban.actors.models import Region
from tongban.faces.open311 import applications
from tongban.registers.identity.api import issue_token


def a_program(name="随手拍", *, username="snapper", per_minute=100, per_day=1000, days=30, registered=True):
    """An organisation's account, registered as a program; gives its key."""
    actor = f"{an_organisation(f'咸宁{name}软件有限公司')}"
    an_account(username, acts_as=actor, kind="organisation")
    now = timezone.now()
    if registered:
        applications.register(
            name=name, actor=actor, per_minute=per_minute, per_day=per_day, until=timezone.localdate() + timedelta(days=days), at=now,
        )  # fmt: skip
    return issue_token(username=username, label="open311", at=now).secret


@pytest.fixture
def town(db):
    place.build()
    Region.objects.filter(code=place.TOWN).update(latitude=29.8413, longitude=114.3225)
    place.actors.forget()


@pytest.fixture
def key(town):
    return a_program()
