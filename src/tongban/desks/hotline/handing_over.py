"""A unit ends while it holds tickets: they go to its successor, each with its clocks, its turns and a line in its ledger."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.hotline import confiding, rows
from tongban.desks.hotline.contracts import ASSIST, KIND, HotlineRefused
from tongban.desks.hotline.models import Ticket, Turn
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket

BATCH = 200


def hand_over(*, unit_from: str, unit_to: str, reason: str, actor: kernel.Actor, at: datetime) -> int:
    """Move every open ticket of a unit to another; gives how many. Run again, it goes on where it stopped.

    :raises HotlineRefused: there is no such unit to move them to, or both are the same
    :raises kernel.MoveRefused: the actor may not do this
    """
    to = actors.live_unit(unit_to)
    if to is None or to.id != unit_to or unit_from == unit_to:
        raise HotlineRefused(
            _("没有“%s”这个单位可以接手。") % unit_to, possible=_("请写一个现有单位的代码。")
        )
    moved = 0
    while True:
        wanted = Docket.objects.filter(unit=unit_from, kind=KIND, closed_at=None).order_by("id")
        dockets = list(wanted.values_list("id", flat=True)[:BATCH])
        if not dockets:
            break
        requests = [
            kernel.Request(docket, "reroute", {"unit": unit_to, "reason": reason}) for docket in dockets
        ]
        kernel.perform_many(requests, actor=actor, at=at, atomic=True)
        moved += len(dockets)
    _helpers(unit_from=unit_from, unit_to=unit_to, reason=reason, actor=actor, at=at)
    _elsewhere(unit_from=unit_from, unit_to=unit_to, at=at)
    return moved


def _helpers(*, unit_from: str, unit_to: str, reason: str, actor: kernel.Actor, at: datetime) -> None:
    """What the unit only helps with goes along."""
    while True:
        wanted = Docket.objects.filter(unit=unit_from, kind=ASSIST, closed_at=None).order_by("id")
        dockets = list(wanted.values_list("id", flat=True)[:BATCH])
        if not dockets:
            return
        requests = [
            kernel.Request(docket, "reroute", {"unit": unit_to, "reason": reason}) for docket in dockets
        ]
        kernel.perform_many(requests, actor=actor, at=at, atomic=True)


def _elsewhere(*, unit_from: str, unit_to: str, at: datetime) -> None:
    """Tickets that others have now and that come back to this unit: whom a ticket goes back to is its successor."""
    with kernel.writing():
        open_ones = {"docket__closed_at": None}
        Turn.objects.filter(sender=unit_from, ended_at=None, **open_ones).update(sender=unit_to)
        for leg in Turn.objects.filter(unit=unit_from, ended_at=None, **open_ones).order_by("id"):
            Turn.objects.filter(pk=leg.pk).update(ended_at=at)
            Turn.objects.create(
                docket_id=leg.docket_id,
                unit=unit_to,
                sender=leg.sender,
                part=leg.part,
                sent_at=at,
                signed_at=leg.signed_at,
            )
        for column in ("lead", "replied_by", "final_unit"):
            Ticket.objects.filter(**{column: unit_from}, **open_ones).update(**{column: unit_to})


def follow(docket: int, *, unit_from: str, at: datetime) -> None:
    """The kernel handed a docket over (units were merged): turns and the lead follow. Again it changes nothing."""
    with kernel.writing():
        row = Docket.objects.get(pk=docket)
        for leg in rows.turns_of([docket])[docket]:
            if leg.unit == unit_from and leg.ended_at is None:
                Turn.objects.filter(pk=leg.id).update(ended_at=at)
                Turn.objects.create(
                    docket_id=docket,
                    unit=row.unit,
                    sender=leg.sender,
                    part=leg.part,
                    sent_at=at,
                    signed_at=leg.signed_at,
                )
        for column in ("lead", "replied_by", "final_unit"):
            Ticket.objects.filter(pk=docket, **{column: unit_from}).update(**{column: row.unit})
        if Ticket.objects.filter(pk=docket, confidential=True).exists():
            confiding.name(docket, confiding.heads_of(row.unit, at=at), by="system", at=at)
