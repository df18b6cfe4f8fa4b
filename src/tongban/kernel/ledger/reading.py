"""Reading the ledger by the thousand streams, for whoever counts what happened. Public parts only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from tongban.kernel.ledger.models import Entry

CHUNK = 500
PAGE = 20_000


class Written(NamedTuple):
    """An entry as it was written. `body` is canonical JSON without personal data."""

    stream: str
    sequence: int
    actor: str
    unit: str
    authority: str
    act: str
    body: str
    at: datetime
    recorded_at: datetime
    previous: str
    digest: str


def written(streams: Sequence[str], *, after: int = 0) -> Iterator[Written]:
    """The entries of these streams, by stream and sequence within each of the statements it takes.

    :param after: only those with a higher sequence
    """
    for start in range(0, len(streams), CHUNK):
        part = list(streams[start : start + CHUNK])
        rows = Entry.objects.filter(stream__among=part, sequence__gt=after).order_by("stream", "sequence")
        yield from (Written(*row) for row in rows.values_list(*Written._fields))


def whole_ledger() -> Iterator[Written]:
    """Every entry there is, by stream and sequence, a page at a time: what it costs does not grow on the way."""
    last: tuple[str, int] | None = None
    while True:
        rows = Entry.objects.order_by("stream", "sequence")
        if last is not None:
            stream, sequence = last
            rows = rows.filter(stream__gte=stream).exclude(stream=stream, sequence__lte=sequence)
        page = [Written(*row) for row in rows.values_list(*Written._fields)[:PAGE]]
        yield from page
        if len(page) < PAGE:
            return
        last = (page[-1].stream, page[-1].sequence)
