"""Keyset pages in both directions: each order is that of an index, whichever way it is read.

A cursor names the row that it was taken from: its instant (empty without one) and its id.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tongban.kernel.contracts import DocketRow
from tongban.kernel.docket.models import Docket
from tongban.kernel.flow.errors import InvalidInput

_FIRST = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins or, read backwards, ends. That row itself is on neither."""

    at: datetime | None
    id: int


def read_cursor(cursor: str) -> Place | None:
    """The place that a cursor names; None for an empty one.

    :raises InvalidInput: not one that `cursor_of` gave
    """
    if not cursor:
        return None
    try:
        at, key = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return Place(datetime.fromisoformat(at) if at else None, int(key))
    except (ValueError, binascii.Error, TypeError):
        raise InvalidInput("bad_cursor", _("翻页位置不对。"), possible=_("从第一页看起。")) from None


def cursor_of(row: DocketRow, *, by_due: bool) -> str:
    at = row.due_at if by_due else row.opened_at
    plain = json.dumps([at.isoformat() if at else "", row.id])
    return base64.urlsafe_b64encode(plain.encode()).decode()


def by_due(wanted: QuerySet[Docket], place: Place | None, *, back: bool, most: int) -> list[Docket]:
    """Those with a deadline first, by deadline; then those without, by id. Read backwards, the last come first."""
    dated, undated = wanted.filter(due_at__isnull=False), wanted.filter(due_at=None)
    side, order = ("lt", "-") if back else ("gt", "")
    parts = [dated.order_by(f"{order}due_at", f"{order}id"), undated.order_by(f"{order}id")]
    if place is not None and place.at is None:
        parts[1] = parts[1].filter(**{f"id__{side}": place.id})
    elif place is not None:
        parts[0] = (
            parts[0].filter(**{f"due_at__{side}e": place.at}).exclude(_passed("due_at", place, back=back))
        )
    if place is not None and back != (place.at is None):  # the other part lies on the far side of the place
        parts = [parts[0]] if back else [parts[1]]
    rows: list[Docket] = []
    for part in reversed(parts) if back else parts:
        if len(rows) < most:
            rows += part[: most - len(rows)]
    return rows


def by_opening(wanted: QuerySet[Docket], place: Place | None, *, back: bool, most: int) -> list[Docket]:
    """The newest first. Read backwards, the oldest come first."""
    if place is not None:
        side = "gte" if back else "lte"
        wanted = wanted.filter(**{f"opened_at__{side}": place.at or _FIRST})
        wanted = wanted.exclude(_passed("opened_at", place, back=not back))
    order = "" if back else "-"
    return list(wanted.order_by(f"{order}opened_at", f"{order}id")[:most])


def _passed(column: str, place: Place, *, back: bool) -> Q:
    """Rows of the same instant on the near side of the place, and the place's own."""
    return Q(**{column: place.at or _FIRST, "id__gte" if back else "id__lte": place.id})


def due_key(row: Docket) -> tuple[bool, datetime, int]:
    """The order of `by_due`, for rows read in parts."""
    return (row.due_at is None, row.due_at or _FIRST, row.id)


def opening_key(row: Docket) -> tuple[timedelta, int]:
    """The order of `by_opening`, for rows read in parts."""
    return (_FIRST - row.opened_at, -row.id)
