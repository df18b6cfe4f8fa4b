"""The registers of this installation: a plugin named in `settings.REAL_NAME_REGISTER`.

A city that is connected writes a class with `check_person` and `check_organisation` and names it there:
``TONGBAN_REAL_NAME=city.registers.Province``. Without one a demonstration answers by itself, and everybody else's
checks wait: nobody becomes somebody because a register is missing.
"""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.core.signals import setting_changed
from django.utils.module_loading import import_string

from tongban.actors import api as actors
from tongban.registers.identity.realname.contracts import (
    OrganisationClaim,
    PersonClaim,
    RealNameRegister,
    RegisterDownError,
    Verdict,
)

_HERE = "tongban.registers.identity.realname.registers"


class DemoRegister:
    """Knows the people of the demo city and believes everybody else whose number is well formed.

    Somebody known must have the right name and phone.
    """

    source = "demo"

    def check_person(self, claim: PersonClaim) -> Verdict:
        known = actors.find_person(claim.number)
        if known is None:
            return Verdict(matches=True)
        facts = actors.party_facts(known)
        if facts.name != claim.name:
            return Verdict(matches=False, reason="name")
        if facts.phone and facts.phone != claim.phone:
            return Verdict(matches=False, reason="phone")
        return Verdict(matches=True)

    def check_organisation(self, claim: OrganisationClaim) -> Verdict:
        known = actors.find_organisation(claim.code)
        if known is None:
            return Verdict(matches=True)
        facts = actors.party_facts(known)
        if facts.name != claim.name:
            return Verdict(matches=False, reason="name")
        if facts.representative_number != claim.representative_number:
            return Verdict(matches=False, reason="representative")
        return Verdict(matches=True)


class FailingDemo:
    """Registers that are always away: for trying what happens then."""

    source = "failing-demo"

    def check_person(self, claim: PersonClaim) -> Verdict:
        del claim
        raise RegisterDownError("the failing demo does not answer")

    def check_organisation(self, claim: OrganisationClaim) -> Verdict:
        del claim
        raise RegisterDownError("the failing demo does not answer")


class NotConnected(FailingDemo):
    """No register is connected yet: everything waits."""

    source = "not-connected"


@cache
def register() -> RealNameRegister:
    """The plugin of this installation."""
    without = f"{_HERE}.{'DemoRegister' if settings.DEMO else 'NotConnected'}"
    made: RealNameRegister = import_string(getattr(settings, "REAL_NAME_REGISTER", "") or without)()
    return made


def _forget(**kwargs: object) -> None:
    if kwargs.get("setting") in {"REAL_NAME_REGISTER", "DEMO"}:
        register.cache_clear()


setting_changed.connect(_forget, dispatch_uid=_HERE)
