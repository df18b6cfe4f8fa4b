"""Reading tickets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.hotline import alarms
from tongban.desks.hotline.contracts import Progress, Refusal, Said, TicketView
from tongban.desks.hotline.flow import TICKET
from tongban.desks.hotline.marked import with_marks
from tongban.desks.hotline.models import Addition, Ticket, Turn
from tongban.desks.hotline.taking import phone_index
from tongban.kernel import api as kernel
from tongban.kernel.models import DocketLink
from tongban.kernel.prepared import Prepared
from tongban.kernel.privacy import mask_name, mask_phone

HISTORY = 50


def _one(number: str) -> QuerySet[Ticket, Ticket]:
    return Ticket.objects.filter(docket__number=number).select_related("docket")


_ONE = Prepared(_one)


def ticket(number: str, *, actor: kernel.Actor) -> TicketView:
    """A ticket as the actor may see it, name and phone masked; two queries.

    :raises kernel.NotFound: there is none of that number that the actor may see
    """
    own = next(_ONE(number=number), None)
    row = kernel.row_of(own.docket) if own else None
    if own is None or row is None or not (actor.is_system or TICKET.sees(actor, row)):
        raise kernel.NotFound("no_ticket", _("没有这张工单，或者您无权查看。"), possible=_("请核对编号。"))
    return view_of(row, own, tuple(kernel.clocks_of([row.id])[row.id]), _told([own]).get(row.id, ()))


def _told(among: Iterable[Ticket]) -> dict[int, tuple[str, ...]]:
    """What emergency services were told; asks only for emergencies."""
    sudden = [own.pk for own in among if own.urgency == "emergency"]
    return alarms.told(sudden) if sudden else {}


def tickets(
    rows: Sequence[kernel.DocketRow], clocks: dict[int, list[kernel.ClockRow]] | None = None
) -> list[TicketView]:
    """The tickets of docket rows that were read through access, in their order; one query."""
    found = Ticket.objects.in_bulk([row.id for row in rows])
    return [
        view_of(row, found[row.id], tuple((clocks or {}).get(row.id, ()))) for row in rows if row.id in found
    ]


def view_of(
    row: kernel.DocketRow, own: Ticket, clocks: tuple[kernel.ClockRow, ...] = (), told: tuple[str, ...] = ()
) -> TicketView:
    """A ticket's view from its rows; `told`: the emergency services, one not reached yet with a question mark."""
    return TicketView(
        docket=row.id, number=row.number, state=row.state, kind=own.kind, channel=own.channel, urgency=own.urgency,
        title=own.title, text=own.text, place=own.place, latitude=own.latitude, longitude=own.longitude,
        region=row.region, category=own.category, matter=own.matter, unit=row.unit, officer=row.officer, lead=own.lead,
        caller=row.applicant, caller_name=mask_name(own.caller_name) if own.caller_name else "",
        caller_phone=mask_phone(own.caller_phone) if own.caller_phone else "", has_phone=bool(own.phone_index),
        confidential=own.confidential, line=own.line, call=own.call, opened_at=row.opened_at, due_at=row.due_at,
        closed_at=row.closed_at, outcome=row.outcome, revision=row.revision, reply=own.reply, replied_at=own.replied_at,
        satisfaction=own.satisfaction, solved=own.solved, returns=own.returns, reopened=own.reopened, urged=own.urged,
        supervised=own.supervised_at is not None, final_unit=own.final_unit, emergency=told,
        same_as=own.same_as_id, flood=own.flood, clocks=clocks,
    )  # fmt: skip


def history_of_caller(
    *, actor: kernel.Actor, phone: str = "", party: str = "", exclude: int = 0, most: int = HISTORY
) -> list[TicketView]:
    """What the same caller asked before, newest first, as far as the actor may see it; two queries."""
    wanted = Ticket.objects.select_related("docket").exclude(pk=exclude)
    if party:
        wanted = wanted.filter(docket__applicant=party).order_by("-docket__opened_at", "-docket_id")
    else:
        index = phone_index(_plain(phone))
        if not index:
            return []
        wanted = wanted.filter(phone_index=index).order_by("-docket_id")
    return _seen(wanted[:most], actor)


def _seen(found: Iterable[Ticket], actor: kernel.Actor) -> list[TicketView]:
    pairs = [(kernel.row_of(own.docket), own) for own in found]
    return [view_of(row, own) for row, own in pairs if TICKET.sees(actor, row)]


def _plain(phone: str) -> str:
    try:
        return actors.phone_number(phone)
    except ValidationError:
        return ""


def progress(number: str, *, phone: str, at: datetime) -> Progress:
    """What a caller sees with number and phone, without signing in.

    :raises kernel.NotFound: the number and the phone do not belong together; both cases say the same
    """
    try:
        row = kernel.docket(kernel.normalise(number), actor=kernel.SYSTEM)
        own = Ticket.objects.get(pk=row.id)
    except (ValueError, kernel.NotFound, Ticket.DoesNotExist):
        own = None
    if own is None or not own.phone_index or own.phone_index != phone_index(_plain(phone)):
        raise kernel.NotFound(
            "no_ticket", _("没有查到，请核对编号和电话。"), possible=_("也可以打12345查询。")
        )
    return told_of(row, own, at=at)


def progress_of(row: kernel.DocketRow, *, at: datetime) -> Progress:
    """What a signed-in caller sees of the own ticket; the row was read through access."""
    return told_of(row, Ticket.objects.get(pk=row.id), at=at)


def told_of(row: kernel.DocketRow, own: Ticket, *, at: datetime) -> Progress:
    """What a ticket's caller is told: nothing internal. A merged ticket tells of the one it went into."""
    main, main_own = _main(row, own)
    state = TICKET.states[row.state if row.state != "merged" or main is row else main.state]
    events = tuple((item.happening.at, item.told) for item in kernel.timeline(row, at=at, for_applicant=True))
    events = with_marks(events, row.id, at=at)
    shown = main_own.reply if main.state in {"reviewed", "called_back", "closed", "answered_at_once"} else ""
    parts = DocketLink.objects.filter(target=row.id, kind="split_from").values_list(
        "source__number", flat=True
    )
    return Progress(
        number=row.number, state=row.state, words=str(state.told or state.label), title=own.title,
        unit_name=actors.unit_name(unit_id=main_own.lead or main.unit), opened_at=row.opened_at, due_at=main.due_at,
        closed_at=main.closed_at, reply=shown, events=events, parts=tuple(parts),
        may_rate=row.state == "reviewed", may_urge=row.state in {"dispatched", "reopened", "handling", "delaying"},
        may_withdraw=row.state in {"taken", "dispatched", "reopened", "handling", "delaying", "returning"},
        may_add=TICKET.allows(TICKET.moves["add"], row.state), docket=row.id, kind=own.kind, channel=own.channel,
        satisfaction=own.satisfaction, refusal=_refusal(row, at=at) if row.state == "refused" else None,
    )  # fmt: skip


def _refusal(row: kernel.DocketRow, *, at: datetime) -> Refusal | None:
    """What the ledger says of why a ticket was not taken."""
    said = next(
        (one.body for one in reversed(kernel.history(row.number, at=at)) if one.act == "refuse"), None
    )
    if said is None:
        return None
    facts, data = said.get("note", {}), said.get("data", {})
    return Refusal(str(facts.get("words", "")), str(facts.get("law", "")), str(data.get("instead", "")))


def _main(row: kernel.DocketRow, own: Ticket) -> tuple[kernel.DocketRow, Ticket]:
    """The ticket that a merged one went into, followed to the end; others stand for themselves."""
    seen = {row.id}
    while row.state == "merged":
        into = kernel.linked(row.id, "merged_into")
        if not into or into[0] in seen:
            break
        seen.add(into[0])
        own = Ticket.objects.select_related("docket").get(pk=into[0])
        row = kernel.row_of(own.docket)
    return row, own


def additions(docket: int) -> list[Said]:
    """What the caller said after the message, in order; for those who may see the ticket. One query."""
    rows = Addition.objects.filter(docket=docket).order_by("id")
    return [Said(one.said_at, str(Addition.About(one.about).label), one.text) for one in rows]


@dataclass(frozen=True, slots=True)
class TurnView:
    """A unit's turn with a ticket, with the unit's names."""

    unit: str
    unit_name: str
    sender: str
    sender_name: str
    part: str
    part_label: str
    sent_at: datetime
    signed_at: datetime | None
    returned_at: datetime | None
    upheld: bool | None
    replied_at: datetime | None
    late: bool
    opinion: str
    said: str


def turns(docket: int) -> list[TurnView]:
    """Which units had a ticket, in order; for officers who may see it. One query."""
    return [
        TurnView(
            one.unit, actors.unit_name(unit_id=one.unit), one.sender, actors.unit_name(unit_id=one.sender), one.part,
            str(Turn.Part(one.part).label), one.sent_at, one.signed_at, one.returned_at, one.upheld, one.replied_at,
            one.late, one.opinion, one.said,
        )
        for one in Turn.objects.filter(docket=docket).order_by("id")
    ]  # fmt: skip


def related(row: kernel.DocketRow, *, actor: kernel.Actor) -> dict[str, list[TicketView]]:
    """Tickets tied to one, as far as the actor sees them: ``merged`` into it, ``into``, ``parts``, ``whole``, ``same``."""
    names = {("merged_into", True): "into", ("merged_into", False): "merged", ("split_from", True): "whole",
             ("split_from", False): "parts", ("grouped", True): "same", ("grouped", False): "same"}  # fmt: skip
    found: dict[str, list[TicketView]] = {}
    links = DocketLink.objects.filter(Q(source=row.id) | Q(target=row.id)).values_list(
        "source", "target", "kind"
    )[:200]
    told: dict[tuple[str, bool], list[int]] = {
        (kind, source == row.id): [] for source, _target, kind in links
    }
    for source, target, kind in links:
        told[kind, source == row.id].append(target if source == row.id else source)
    wanted = {one for group in told.values() for one in group}
    seen = {
        view.docket: view
        for view in _seen(Ticket.objects.select_related("docket").filter(pk__in=wanted), actor)
    }
    for place, dockets in told.items():
        if place in names:
            found.setdefault(names[place], []).extend(seen[one] for one in dockets if one in seen)
    return found
