"""Finding tickets by words, by number or by the caller's phone.

Words are looked up in an index of the newest tickets, kept in the process and made again when there are new ones: what an
operator looks for was told lately. Confidential tickets are in no index. Who may see a hit is asked of its row.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from tongban.desks.hotline.contracts import KIND, TicketView
from tongban.desks.hotline.flow import TICKET
from tongban.desks.hotline.models import Ticket
from tongban.desks.hotline.selectors import history_of_caller, tickets
from tongban.kernel import api as kernel
from tongban.kernel.models import Docket
from tongban.kernel.search import Document, Field, Index

NEWEST = 5_000
AGE = timedelta(seconds=60)
FIELDS = (Field("title", 3.0), Field("place", 2.0), Field("text", 1.0))
_PHONE = re.compile(r"\+?[\d \-]{7,20}")
_NUMBER = re.compile(r"[Tt][\d\-—－]{6,}")


@dataclass(slots=True)
class _Kept:
    index: Index
    last: int
    made_at: datetime


_lock = threading.Lock()
_kept: _Kept | None = None


def find(words: str, *, actor: kernel.Actor, at: datetime, most: int = 20) -> list[TicketView]:
    """Tickets that fit, the best first, as far as the actor sees them.

    :param words: a ticket's number, a caller's phone (officers), or words of title, place and text
    """
    words = " ".join(words.split())[:100]
    if _NUMBER.match(words):
        return _by_number(words, actor)
    if _PHONE.fullmatch(words):
        return history_of_caller(actor=actor, phone=words, most=most) if actor.is_officer else []
    if not words:
        return []
    hits = [int(hit.key) for hit in _index(at).search(words, top=most * 3)]
    rows = {row.pk: kernel.row_of(row) for row in Docket.objects.filter(pk__in=hits)}
    seen = [rows[key] for key in hits if key in rows and (actor.is_system or TICKET.sees(actor, rows[key]))]
    return tickets(seen[:most])


def _by_number(text: str, actor: kernel.Actor) -> list[TicketView]:
    try:
        row = kernel.docket(kernel.normalise(text), actor=actor)
    except (ValueError, kernel.NotFound):
        return []
    return tickets([row]) if row.kind == KIND else []


def _index(at: datetime) -> Index:
    """The index of the newest tickets; made again when a ticket came in and this one is a minute old."""
    global _kept  # noqa: PLW0603  # one index per process is the point
    last = Ticket.objects.order_by("-docket_id").values_list("docket_id", flat=True).first() or 0
    kept = _kept
    if kept is None or last < kept.last or (last > kept.last and abs(at - kept.made_at) >= AGE):
        with _lock:
            made = Index(name="tickets", fields=FIELDS)
            made.rebuild(_documents())
            kept = _kept = _Kept(made, last, at)
    return kept.index


def forget() -> None:
    """Make the index again at the next question."""
    global _kept  # noqa: PLW0603  # see `_index`
    _kept = None


def _documents() -> list[Document]:
    rows = (
        Ticket.objects.filter(confidential=False)
        .order_by("-docket_id")
        .values_list("docket_id", "title", "place", "text")
    )
    return [
        Document(key=str(key), texts={"title": title, "place": place, "text": text[:500]})
        for key, title, place, text in rows[:NEWEST]
    ]
