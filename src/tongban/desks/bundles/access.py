"""Who sees and who moves orders and providers.

An order has two parties: the company that asked for it (the docket's applicant), and the provider it lies with now (the
docket's `subject`, a party id). The provider sees it from being asked until it passes to another one, and acts for its
organisation exactly as an applicant does: as whom the organisation lets act in everything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.db.models import Q
from django.utils.translation import gettext as _

from tongban.actors.api import Role, applicant, by_role, default_scope, default_sees
from tongban.desks.bundles.models import Order
from tongban.kernel.contracts import Actor, Capacity, DocketRow

specialist = by_role(Role.SPECIALIST, Role.HEAD)
company = applicant


def _as_provider(docket: DocketRow) -> DocketRow:
    """The row as if the provider had asked: what the applicant's rules say then holds for the provider."""
    return replace(docket, applicant=docket.subject, agent="", subject="")


@dataclass(frozen=True, slots=True)
class AsProvider:
    """The provider that the order lies with."""

    @property
    def label(self) -> str:
        return _("服务商")

    def __call__(self, actor: Actor, docket: DocketRow) -> Capacity | None:
        return applicant(actor, _as_provider(docket)) if docket.subject else None


provider = AsProvider()


def order_scope(actor: Actor) -> Q:
    """The usual rows, and for a provider the orders that lie with it."""
    found = default_scope(actor)
    parties = sorted(one for one in actor.parties if one.startswith("organisation:"))
    if parties:
        found |= Q(pk__in=Order.objects.filter(provider__party__in=parties).values("docket"))
    return found


def order_sees(actor: Actor, docket: DocketRow) -> bool:
    """The same for one row."""
    return default_sees(actor, docket) or (
        docket.subject.startswith("organisation:") and docket.subject in actor.parties
    )
