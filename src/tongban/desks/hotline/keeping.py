"""Tickets in the export of one's own data, in an erasure, and when their time is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tongban.desks.hotline.models import Addition, Alert, Confidant, Ticket, Turn
from tongban.kernel.files.destroying import destroy_attachments
from tongban.kernel.models import Docket
from tongban.registers.identity.privacy import api as privacy

MOST = 1000
BLANK = {
    "title": "已销毁", "text": "", "place": "", "latitude": None, "longitude": None, "caller_name": "", "caller_phone": "",
    "phone_index": "", "content": "", "reply": "", "reference": "", "call": "",
}  # fmt: skip


def tickets(party: str, _at: datetime) -> Iterable[privacy.Section]:
    """What somebody told the hotline while signed in, and the answers."""
    rows = list(
        Ticket.objects.filter(docket__applicant=party).select_related("docket").order_by("-pk")[:MOST]
    )
    said: dict[int, list[str]] = {}
    for docket, text in Addition.objects.filter(docket__in=[one.pk for one in rows]).values_list(
        "docket", "text"
    ):
        said.setdefault(docket, []).append(text)
    records = [
        {
            "number": one.docket.number, "kind": one.kind, "channel": one.channel, "text": one.text, "place": one.place,
            "name": one.caller_name, "phone": one.caller_phone, "opened_at": one.docket.opened_at,
            "closed_at": one.docket.closed_at, "outcome": one.docket.outcome, "reply": one.reply,
            "satisfaction": one.satisfaction, "solved": one.solved, "added": said.get(one.pk, []),
        }
        for one in rows
    ]  # fmt: skip
    yield privacy.Section("tickets", {"zh": "12345热线诉求", "en": "Hotline messages"}, records)


def erase_caller(party: str, _at: datetime) -> int:
    """Name and phone in what is closed; what is open still needs them to answer, and goes with its time."""
    closed = Ticket.objects.filter(docket__applicant=party, docket__closed_at__isnull=False)
    return closed.update(caller_name="", caller_phone="", phone_index="", content="")


def destroy_tickets(dockets: list[int], _at: datetime) -> int:
    """Text, place, caller, answer, photos, who was named; kind, category, unit and times stay for the figures."""
    blank = Ticket.objects.filter(pk__in=dockets).update(**BLANK)
    Docket.objects.filter(pk__in=dockets).update(title="已销毁")
    Turn.objects.filter(docket__in=dockets).update(opinion="", said="")
    Addition.objects.filter(docket__in=dockets).update(text="")
    Confidant.objects.filter(docket__in=dockets).delete()
    Alert.objects.filter(docket__in=dockets).update(reference="")
    return blank + destroy_attachments(dockets)


def destroy_assists(dockets: list[int], _at: datetime) -> int:
    """Helpers' files; their words lie with the ticket."""
    return destroy_attachments(dockets)


privacy.register_source("8-tickets", tickets)
privacy.register_eraser("tickets", erase_caller)
privacy.register_destroyer("ticket", destroy_tickets)
privacy.register_destroyer("assist", destroy_assists)
