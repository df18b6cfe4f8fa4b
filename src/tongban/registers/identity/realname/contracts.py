"""What a register for real-name checks is asked, and how it answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from django.db import models
from django.utils.translation import gettext_lazy as _


class CheckState(models.TextChoices):
    WAITING = "waiting", _("等待核验")
    VERIFIED = "verified", _("已实名")
    REFUSED = "refused", _("核验不符")


@dataclass(frozen=True, slots=True)
class PersonClaim:
    """Who a person says to be. `phone` was proven by a code."""

    name: str = field(repr=False)
    number: str = field(repr=False)
    phone: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class OrganisationClaim:
    """A company, and the person who says to be its legal representative."""

    name: str = field(repr=False)
    code: str = field(repr=False)
    representative: str = field(repr=False)
    representative_number: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A register's answer. `reason`: ``name``, ``phone``, ``representative`` or ``unknown`` when it does not match."""

    matches: bool
    reason: str = ""


class RegisterDownError(Exception):
    """The register is away or not connected; the check waits and is tried again."""


class RealNameRegister(Protocol):
    """A plugin, named in `settings.REAL_NAME_REGISTER`. It is called outside any transaction.

    `source` tells on screen and in the ledger who answered.
    """

    source: str

    def check_person(self, claim: PersonClaim) -> Verdict:
        """Compare with the population register.

        :raises RegisterDownError: not now
        """
        ...

    def check_organisation(self, claim: OrganisationClaim) -> Verdict:
        """Compare with the legal-person register.

        :raises RegisterDownError: not now
        """
        ...
