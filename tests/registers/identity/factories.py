"""Accounts as prose."""

import pyotp

from tests.actors.factories import NOON, a_person, a_unit, an_officer
from tongban.actors.models import Unit
from tongban.registers.identity.models import Account, Totp

PASSWORD = "chang-an-jie-8"


def an_account(username, *, acts_as="", kind="person", password=PASSWORD, **more):
    return Account.objects.create_user(username, password, kind=kind, actor_id=str(acts_as), **more)


def a_citizen(username="zhang", **more):
    return an_account(username, acts_as=a_person(), **more)


def a_signed_officer(*roles, username="scjg", unit="421202-scjg"):
    of = Unit.objects.filter(pk=unit).first() or a_unit(unit)
    return an_account(username, acts_as=an_officer(*roles, of=of), kind="officer")


def an_app(account):
    """An authenticator app in use; gives its secret."""
    secret = pyotp.random_base32()
    Totp.objects.create(account=account, secret=secret, created_at=NOON, confirmed_at=NOON)
    return secret
