"""Whole calls that an exchange hands over (话单): a day's, or years' when a city moves in; thousands in one transaction.

What is told of a call later (a rating, an event) counts on top of it, as for any other call.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.hotline.telephony import hearing, ledger, rules
from tongban.desks.hotline.telephony.contracts import CallState, TelephonyError
from tongban.desks.hotline.telephony.lines import line_of
from tongban.desks.hotline.telephony.models import Call, CallTicket
from tongban.kernel import api as kernel

AT_ONCE = 2_000
LONGEST = {"call": 80, "caller": 32, "recording": 200}
"""Characters; as events of an exchange may have (`rest.py`)."""
_OFFICER = re.compile(r"officer:[1-9]\d{0,8}")
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
    :raises TelephonyError: ``unknown_line``, ``rating``, ``too_long``, ``order``: an instant before the one it follows,
        ``future``: one that is still to come, ``unknown_officer``; nothing is written then
    """
    keys = {line: _line(line) for line in {one.line for one in records}}
    for one in records:
        _check(one, at)
    _check_officers({one.officer for one in records if one.officer})
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


def _check(one: CallRecord, at: datetime) -> None:
    for name, most in LONGEST.items():
        if len(getattr(one, name)) > most or (name == "call" and not one.call):
            raise TelephonyError(
                "too_long", _("通话“%(call)s”的%(name)s太长或没有填，这批话单都没有收。") % {"call": one.call[:80], "name": name},
                possible=_("最多%d个字符。") % most,
            )  # fmt: skip
    if one.rating not in range(6):
        raise TelephonyError("rating", _("话后评价是1到5：1非常满意，5非常不满意。"))
    moments = [moment for moment in (one.offered_at, one.queued_at, one.answered_at, one.ended_at) if moment]
    if moments != sorted(moments):
        raise TelephonyError(
            "order", _("通话“%s”的时间前后颠倒，这批话单都没有收。") % one.call,
            possible=_("应依次是：呼入、转人工、接听、结束。"),
        )  # fmt: skip
    if one.ended_at > at:
        raise TelephonyError(
            "future", _("通话“%s”的时间还没有到，这批话单都没有收。") % one.call,
            possible=_("只收已经结束的通话；请核对交换机的时钟和时区。"),
        )  # fmt: skip


def _check_officers(officers: Collection[str]) -> None:
    """One question for all of them."""
    names = actors.names([one for one in officers if _OFFICER.fullmatch(one)])
    for one in sorted(officers):
        if names.get(one, one) == one:
            raise TelephonyError(
                "unknown_officer", _("话单里的接线员“%s”没有登记，这批话单都没有收。") % one[:80],
                possible=_("填登记过的人员，如 officer:12；不知道是谁接的就留空。"),
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
