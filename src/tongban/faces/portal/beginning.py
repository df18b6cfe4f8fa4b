"""网上办 on the guide page of a matter that can be applied for online."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from tongban.desks.themes import offers
from tongban.registers.catalogue.contracts import MatterSpec


@dataclass(frozen=True, slots=True)
class Beginning:
    title: str
    url: str


def of(spec: MatterSpec) -> Beginning | None:
    """Where applying for a matter begins; None when it cannot be done online."""
    if not offers.can_apply(spec):
        return None
    return Beginning(_("网上办"), f"/apply/{spec.code}?region={spec.region}")
