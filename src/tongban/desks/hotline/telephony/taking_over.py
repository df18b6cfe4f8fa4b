"""Whole calls that an exchange hands over (话单): a day's, or years' when a city moves in; thousands in one transaction.

What is told of a call later (a rating, an event) counts on top of it, as for any other call.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from tongban.desks.hotline.telephony import hearing, ledger, rules
from tongban.desks.hotline.telephony.contracts import CallState, TelephonyError
from tongban.desks.hotline.telephony.lines import line_of
from tongban.desks.hotline.telephony.models import Call, CallTicket
from tongban.kernel import api as kernel

AT_ONCE = 2_000
_COLUMNS = (
    "exchange", "reference", "line", "caller", "caller_index", "day", "hour", "offered_at", "queued_at", "answered_at",
    "ended_at", "wait_seconds", "state", "outcome", "officer", "ring_to", "rung_at", "transferred_to", "recording", "rating",
    "by_hand", "whole", "told",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One call that is over, as the exchange's bill of calls has it.

    :param call: the exchange's own id of the call
    :param line: key or number of the line
    :param queued_at: when a person was asked for; None for who left in the menu
    :param officer: actor id of who answered; empty where the exchange does not say
    :param rating: 1 very satisfied … 5 very dissatisfied, 0 none (GB/T 39046)
    """

    call: str
    line: str
    offered_at: datetime
    ended_at: datetime
    queued_at: datetime | None = None
    answered_at: datetime | None = None
    officer: str = ""
    caller: str = field(default="", repr=False)
    recording: str = ""
    rating: int = 0


def take_over(*, exchange: str, records: Sequence[CallRecord], at: datetime) -> dict[str, int]:
    """Take whole calls into the books; one that is known by its id is left as it is.

    :param at: when they were handed over; each counts on the day on which it reached the line
    :return: the platform's id of each call, by the exchange's
    :raises TelephonyError: ``unknown_line``, ``subcentre``, ``rating``, ``order``: an instant before the one it follows;
        nothing is written then
    """
    keys = {line: _line(line) for line in {one.line for one in records}}
    for one in records:
        _check(one)
    found: dict[str, int] = {}
    with kernel.writing():
        for start in range(0, len(records), AT_ONCE):
            found |= _take(exchange, records[start : start + AT_ONCE], keys, at)
    return found


def _line(written: str) -> str:
    found = line_of(written)
    if found is None or not found.has_calls:
        raise TelephonyError("unknown_line", _("没有“%s”这条能接电话的线路。") % written)
    return found.key


def _check(one: CallRecord) -> None:
    if one.rating not in range(6):
        raise TelephonyError("rating", _("话后评价是1到5：1非常满意，5非常不满意。"))
    moments = [moment for moment in (one.offered_at, one.queued_at, one.answered_at, one.ended_at) if moment]
    if moments != sorted(moments):
        raise TelephonyError(
            "order", _("通话“%s”的时间前后颠倒，这批话单都没有收。") % one.call,
            possible=_("应依次是：呼入、转人工、接听、结束。"),
        )  # fmt: skip


def _take(exchange: str, records: Sequence[CallRecord], keys: dict[str, str], at: datetime) -> dict[str, int]:
    known = _ids(exchange, [one.call for one in records])
    fresh = {one.call: one for one in records if one.call not in known}
    rows = [_row(exchange, one, keys[one.line]) for one in fresh.values()]
    kernel.bulk_rows("telephony_call", _COLUMNS, [_values(row) for row in rows])
    made = _ids(exchange, list(fresh))
    for row in rows:
        row.pk = made[row.reference]
    ledger.tell([ledger.said(row) for row in rows], exchange=exchange, at=at)
    return known | made


def _ids(exchange: str, references: Sequence[str]) -> dict[str, int]:
    rows = Call.objects.filter(exchange=exchange, reference__among=references)
    return dict(rows.values_list("reference", "pk"))


def _row(exchange: str, one: CallRecord, line: str) -> Call:
    row = Call(exchange=exchange, reference=one.call, caller=one.caller, whole=True, state=CallState.ENDED)
    row.line, row.offered_at, row.queued_at, row.answered_at, row.ended_at = (
        line, one.offered_at, one.queued_at, one.answered_at, one.ended_at,
    )  # fmt: skip
    row.officer, row.recording, row.rating = one.officer, one.recording, one.rating or None
    hearing.apply(row, rules.fold(rules.told_of(row)))
    row.caller_index = hearing.caller_index(one.caller) if one.caller else ""
    row.told = ledger.text_of(ledger.said(row))
    return row


def _values(row: Call) -> list[object]:
    found: list[object] = []
    for name in _COLUMNS:
        value = getattr(row, name)
        if name == "caller" and value:
            value = Call._meta.get_field("caller").get_db_prep_save(value, connection)
        found.append(
            kernel.text_of(value) if name == "day" or (value is not None and name.endswith("_at")) else value
        )
    return found


def link_tickets(pairs: Sequence[tuple[int, str]], *, at: datetime) -> None:
    """Note which tickets were opened in which calls, many at once; again changes nothing.

    :param pairs: the platform's id of a call, and the number of a ticket's docket
    """
    with kernel.writing():
        rows = [CallTicket(call_id=call, ticket=ticket, at=at) for call, ticket in pairs]
        CallTicket.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
