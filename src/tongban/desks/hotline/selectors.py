"""Reading tickets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.hotline import alarms
from tongban.desks.hotline.contracts import CONFIDENTIAL, KIND, Progress, TicketView
from tongban.desks.hotline.flow import TICKET
from tongban.desks.hotline.models import Ticket
from tongban.desks.hotline.taking import phone_index
from tongban.kernel import api as kernel
from tongban.kernel.models import DocketLink
from tongban.kernel.privacy import mask_name, mask_phone

HISTORY = 50


def ticket(number: str, *, actor: kernel.Actor) -> TicketView:
    """A ticket as the actor may see it, name and phone masked; three queries.

    :raises kernel.NotFound: there is none of that number that the actor may see
    """
    row = kernel.docket(number, actor=actor)
    if row.kind != KIND:
        raise kernel.NotFound("no_ticket", _("这个编号不是热线工单。"), possible=_("请核对编号。"))
    own = Ticket.objects.get(pk=row.id)
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


def told_of(row: kernel.DocketRow, own: Ticket, *, at: datetime) -> Progress:
    """What a ticket's caller is told: nothing internal. A merged ticket tells of the one it went into."""
    main, main_own = _main(row, own)
    state = TICKET.states[row.state if row.state != "merged" or main is row else main.state]
    events = tuple((item.happening.at, item.told) for item in kernel.timeline(row, at=at, for_applicant=True))
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
    )  # fmt: skip


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


def is_confidential(row: kernel.DocketRow) -> bool:
    """Whether a ticket is seen by those named only."""
    return row.subject == CONFIDENTIAL
