"""Repeated messages 恶意重复: recorded, reviewed by another officer, open to objection. Nothing is ever dropped for them."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from tongban.desks.hotline.heat.contracts import REPEAT, HeatRefused, Mark
from tongban.desks.hotline.heat.models import Mention, Repeat
from tongban.desks.hotline.heat.pack import pack
from tongban.desks.hotline.heat.services import person_of
from tongban.desks.hotline.models import Ticket
from tongban.kernel import api as kernel
from tongban.kernel.models import DocketLink

OPEN = ("proposed", "marked", "appealed")


def propose(number: str, *, actor: kernel.Actor, at: datetime, key: str = "") -> str:
    """Ask that the caller of a ticket be recorded as repeating one matter that was answered; gives the review's number.

    :param number: one of the tickets, which the actor must see
    :raises HeatRefused: too few messages, none answered yet, an unknown caller, a review already open
    :raises kernel.NotFound: no such ticket
    """
    row = kernel.docket(number, actor=actor)
    ticket = Ticket.objects.select_related("docket").filter(pk=row.id).first()
    if ticket is None:
        raise HeatRefused(_("这个编号不是热线工单。"), possible=_("请核对编号。"))
    person = person_of(ticket)
    same = _same(ticket, person, at)
    _check(same, person)
    opening = kernel.Opening(
        kind=REPEAT, way="propose", title=_("重复诉求认定：%s") % row.number, unit=actor.unit or row.unit,
        applicant=ticket.docket.applicant, region=row.region, subject=f"ticket:{row.number}",
        data={"tickets": [one.number for one in same]},
    )  # fmt: skip
    with kernel.writing():
        (made,), replayed = kernel.open_dockets([opening], actor=actor, at=at, key=key)
        if not replayed:
            Repeat.objects.create(docket_id=made.id, person=person, tickets=len(same), proposed_by=actor.id)
            for one in same:
                kernel.link(source=made.id, target=one.id, kind="grouped", at=at)
    return made.number


def standing(ticket: int) -> str:
    """The number of a mark that holds for a ticket's caller; "" for none. To show beside the ticket, never to refuse it."""
    own = Ticket.objects.select_related("docket").filter(pk=ticket).first()
    if own is None:
        return ""
    marked = Repeat.objects.filter(person=person_of(own), docket__state__in=("marked", "appealed"))
    return marked.values_list("docket__number", flat=True).first() or ""


def _mark(ticket: int) -> kernel.DocketRow | None:
    """The mark that counts a ticket and holds now; one query."""
    links = DocketLink.objects.filter(
        target=ticket, kind="grouped", source__kind=REPEAT, source__state__in=("marked", "appealed")
    )
    link = links.select_related("source").first()
    return kernel.row_of(link.source) if link else None


def mark_of(ticket: int) -> Mark | None:
    """What the caller of a ticket has against them and may object to; None when no mark counts this ticket."""
    row = _mark(ticket)
    if row is None:
        return None
    lasts = next((one for one in kernel.clocks_of([row.id])[row.id] if one.name == "lasts"), None)
    return Mark(row.number, lasts.started_at if lasts else row.opened_at, appealed=row.state == "appealed")


def appeal(ticket: int, *, reason: str, actor: kernel.Actor, at: datetime, key: str = "") -> None:
    """The caller of a ticket objects to the mark that counts it: another officer looks at it again.

    :param actor: the caller, or the platform for who showed number and phone
    :raises HeatRefused: no mark counts this ticket
    :raises kernel.MoveRefused: an objection is under review already
    :raises kernel.InvalidInput: no reason
    """
    row = _mark(ticket)
    if row is None:
        raise HeatRefused(_("现在没有把您记为重复来电。"), possible=_("有话照样可以补充，或者打12345。"))
    own = bool(row.applicant) and row.applicant in {actor.id, *actor.parties}
    kernel.perform(
        row.id, "appeal", actor=actor if own else kernel.SYSTEM, at=at, data={"reason": reason}, key=key
    )


def _same(ticket: Ticket, person: str, at: datetime) -> list[kernel.DocketRow]:
    """The caller's tickets of the same matter: of one group, or with the same text."""
    since = at - timedelta(days=int(pack()["repeats"]["days"]))
    group: int = Mention.objects.filter(docket=ticket.pk).values_list("group", flat=True).first() or 0
    alike = Ticket.objects.filter(content=ticket.content).exclude(content="").values_list("docket", flat=True)
    told = Mention.objects.filter(person=person, at__gte=since).order_by("pk").select_related("docket")
    found = {one.pk: one for own in (told.filter(group=group), told.filter(docket__in=alike)) for one in own}
    return [kernel.row_of(found[key].docket) for key in sorted(found)]


def _check(same: list[kernel.DocketRow], person: str) -> None:
    least = int(pack()["repeats"]["least"])
    if person.startswith("docket:"):
        raise HeatRefused(_("匿名来电，认不出是不是同一个人。"), possible=_("照常办理。"))
    if len(same) < least:
        raise HeatRefused(
            _("这个人就这件事只来过%(n)d次，不到%(least)d次。") % {"n": len(same), "least": least},
            possible=_("照常办理。"),
        )
    if not any(one.closed_at for one in same):
        raise HeatRefused(_("这件事还没有一张工单办结，来电人有理由再问。"), possible=_("先办结答复。"))
    if Repeat.objects.filter(person=person, docket__state__in=OPEN).exists():
        raise HeatRefused(_("这个人已经在审核或已经认定。"), possible=_("在“重复诉求”里查看。"))
