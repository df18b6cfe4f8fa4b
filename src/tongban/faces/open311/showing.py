"""Requests as everybody may read them.

Only what came through this door is shown, for its senders were told so; never a confidential ticket. What somebody told, where
exactly, and the unit's answer are shown only when they allowed it, and then without what identifies people (`masking`);
of the others everybody sees the service, the neighbourhood, the unit, the dates and how far it is (政府信息公开条例 第十五条;
个人信息保护法 第十三条; 国办发〔2020〕53号: callers' data are protected). Names, phones, photos and officers are never shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.contracts import CONFIDENTIAL, TicketState, TicketView
from tongban.faces.open311 import offered
from tongban.faces.open311.contracts import Item, Narrowed, Refused
from tongban.faces.open311.masking import masked, rough
from tongban.faces.open311.models import Submission
from tongban.faces.open311.posting import MORE, digest_of
from tongban.faces.open311.reading import number_of
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket, DocketLink

ANSWERED: Final = frozenset(
    {TicketState.REVIEWED, TicketState.CALLED_BACK, TicketState.CLOSED, TicketState.ANSWERED}
)
"""States in which the answer was checked and may be read."""
LONGEST_CHAIN: Final = 5


def page(asked: Narrowed) -> tuple[list[Item], str]:
    """Requests, newest first, and the cursor of the next page; empty on the last. Six queries, however many there are."""
    found = _visible()
    if asked.ids:
        numbers = {number for one in asked.ids if (number := number_of(one))}
        return _items(found.filter(number__in=numbers).order_by("-at", "-id")), ""
    found = found.filter(at__gte=asked.since, at__lte=asked.until)
    if asked.services:
        found = found.filter(service__in=asked.services)
    if asked.status:
        found = found.filter(Exists(_docket().filter(closed_at__isnull=asked.status == "open")))
    if asked.after:
        at, last = asked.after
        found = found.filter(Q(at__lt=at) | Q(at=at, pk__lt=last))
    first = (asked.page - 1) * asked.size
    rows = list(found.order_by("-at", "-id")[first : first + asked.size + 1])
    shown = rows[: asked.size]
    cursor = f"{localtime(shown[-1].at).isoformat()}~{shown[-1].pk}" if len(rows) > asked.size else ""
    return _items(shown), cursor


def one(number: str) -> Item:
    """One request. :raises Refused: 404, none that everybody may read"""
    found = _items(_visible().filter(number=number_of(number) or "-"))
    if not found:
        raise Refused(404, _("没有这个service_request_id，或者它不公开。"))
    return found[0]


def of_token(token: str) -> Item:
    """The number of the request that a token was given for. :raises Refused: 404"""
    row = Submission.objects.filter(token_digest=digest_of(token)).first()
    if row is None:
        raise Refused(404, _("没有这个token。提交时直接给出service_request_id，不用token也能查。"))
    return {"service_request_id": row.number, "token": token}


def _docket() -> QuerySet[Docket]:
    return Docket.objects.filter(pk=OuterRef("docket"))


def _visible() -> QuerySet[Submission]:
    return Submission.objects.filter(Exists(_docket().exclude(subject=CONFIDENTIAL)))


# Items ----------------------------------------------------------------------------------------


def _items(rows: Iterable[Submission]) -> list[Item]:
    shown = list(rows)
    own = _tickets([row.docket for row in shown])
    ends = _ends([one for one in own.values() if one.state == TicketState.MERGED])
    names = hotline.names_to_strike([row.docket for row in shown if row.public])
    return [
        _item(row, own[row.docket], ends.get(row.docket, own[row.docket]), names.get(row.docket, ""))
        for row in shown
        if row.docket in own
    ]


def _tickets(ids: Sequence[int]) -> dict[int, TicketView]:
    rows = [kernel.row_of(row) for row in Docket.objects.filter(pk__in=ids)]
    return {
        view.docket: view
        for view in hotline.tickets(rows, kernel.clocks_of([row.id for row in rows]) if rows else {})
    }


def _ends(merged: Sequence[TicketView]) -> dict[int, TicketView]:
    """Where merged tickets went, followed to the end."""
    ends = {one.docket: one.docket for one in merged}
    moving = set(ends.values())
    for _step in range(LONGEST_CHAIN):
        links = dict(
            DocketLink.objects.filter(source__in=moving, kind="merged_into").values_list("source", "target")
        )
        ends = {start: links.get(end, end) for start, end in ends.items()}
        moving = set(links.values())
        if not moving:
            break
    views = _tickets(sorted(set(ends.values()))) if ends else {}
    return {start: views[end] for start, end in ends.items() if end in views and not views[end].confidential}


def _item(row: Submission, own: TicketView, end: TicketView, name: str) -> Item:
    """:param end: the ticket that answers for it: itself, or the one that it was merged into"""
    service, state = offered.services().get(row.service), kernel.flow_of(hotline.KIND).states[end.state]
    public = row.public and not own.confidential
    strike = name.split()  # an e-mail address behind the name is found by its form as well
    answer = masked(end.reply, names=strike) if public and end.state in ANSWERED else ""
    place, code = _place(own, public=public)
    return {
        "service_request_id": row.number, "status": "closed" if end.closed_at else "open",
        "status_notes": answer or str(state.told or state.label),
        "service_name": offered.in_words(service.name) if service else row.service, "service_code": row.service,
        "description": masked(own.text.partition(MORE)[0], names=strike) if public else None,
        "agency_responsible": actors.unit_name(unit_id=end.lead or end.unit), "service_notice": None,
        "requested_datetime": _stamp(own.opened_at), "updated_datetime": _stamp(_touched(own, end)),
        "expected_datetime": _stamp(_expected(end)),
        "address": masked(own.place, names=strike) if public and own.place else place, "address_id": code,
        "zipcode": None, "lat": _degrees(own.latitude, public=public), "long": _degrees(own.longitude, public=public),
        "media_url": None,
    }  # fmt: skip


def _place(own: TicketView, *, public: bool) -> tuple[str | None, str | None]:
    """Name and code of the division; of the township where the rest of it is not to be shown."""
    chain = actors.region_chain(own.region)
    if not chain:
        return None, None
    code = chain[0] if public else chain[max(0, len(chain) - 3)]
    return actors.region(code).name, code


def _degrees(value: float | None, *, public: bool) -> float | None:
    if value is None:
        return None
    return round(value, 5) if public else rough(value)


def _expected(end: TicketView) -> datetime | None:
    """Until when it is to be done; None before it was given to a unit, and once it is done."""
    if end.closed_at:
        return None
    return next(
        (clock.due_at for clock in end.clocks if clock.name == "handle" and clock.stopped_at is None), None
    )


def _touched(own: TicketView, end: TicketView) -> datetime:
    """The last time that something changed which everybody may know of."""
    told = [own.opened_at, own.closed_at, end.closed_at, end.replied_at if end.state in ANSWERED else None]
    clocks = [instant for clock in end.clocks for instant in (clock.started_at, clock.stopped_at)]
    return max(instant for instant in (*told, *clocks) if instant is not None)


def _stamp(at: datetime | None) -> str | None:
    return localtime(at).isoformat(timespec="seconds") if at else None
