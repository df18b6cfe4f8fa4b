"""The one door to a caller's name and phone: who works on the ticket, for a purpose, written down before it is shown."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tongban.desks.hotline.contracts import KIND
from tongban.desks.hotline.models import Ticket
from tongban.kernel import api as kernel
from tongban.registers.identity.privacy import api as privacy


@dataclass(frozen=True, slots=True, repr=False)
class Caller:
    """A caller unmasked, until an instant. The repr tells the ticket only."""

    number: str
    name: str
    phone: str
    until: datetime

    def __repr__(self) -> str:
        return f"Caller({self.number})"


def unmask(number: str, *, purpose: str, reason: str, actor: kernel.Actor, at: datetime) -> Caller:
    """Name and phone of a ticket's caller, for a minute; the ledger and the caller's own page say who looked and why.

    :param purpose: one of `privacy.Purpose`
    :raises kernel.NotFound: no ticket of that number that the actor may see
    :raises kernel.NotPermitted: the actor sees it, but does not work on it now
    :raises privacy.PrivacyRefused: no purpose or no reason
    """
    row = kernel.docket(number, actor=actor)
    if row.kind != KIND:
        raise kernel.NotFound("no_ticket", _("这个编号不是热线工单。"), possible=_("请核对编号。"))
    flow = kernel.flow_of(KIND)
    if not any(item.is_open for item in kernel.moves_for(flow, row, actor)):
        raise kernel.NotPermitted(
            "not_working", _("这张工单现在不由您办理，不能查看来电人。"), possible=_("请找正在办理的单位。")
        )
    until = privacy.unmask(
        subject=row.applicant or row.number,
        docket=row.number,
        purpose=purpose,
        reason=reason,
        actor=actor,
        at=at,
    )
    name, phone = Ticket.objects.values_list("caller_name", "caller_phone").get(pk=row.id)
    return Caller(row.number, name, phone, until)


def caller_in_full(docket: int) -> tuple[str, str]:
    """Name and phone, for a page whose reader unmasked the docket less than a minute ago; writes nothing itself."""
    name, phone = Ticket.objects.values_list("caller_name", "caller_phone").get(pk=docket)
    return str(name), str(phone)


def names_to_strike(dockets: Collection[int]) -> dict[int, str]:
    """Callers' names by docket, for a program that strikes them out of a text before it is published; never shown. One query."""
    rows = Ticket.objects.filter(pk__in=dockets).values_list("pk", "caller_name")
    return {docket: str(name) for docket, name in rows if name}
