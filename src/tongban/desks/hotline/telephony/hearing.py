"""Take what an exchange tells: every event once, in any order, each call worked out from all of its events."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.desks.hotline.telephony import ledger, rules
from tongban.desks.hotline.telephony.contracts import (
    SHANGHAI,
    CallEvent,
    CallState,
    EventKind,
    PresenceState,
    RecordedEvents,
    TelephonyError,
)
from tongban.desks.hotline.telephony.lines import line_of
from tongban.desks.hotline.telephony.models import Attendance, Call, Heard
from tongban.kernel import api as kernel
from tongban.kernel.privacy import short_indexer

MOST_EVENTS = 500
INDEX = "telephony.caller"


def caller_index(number: str) -> str:
    """The blind index of a caller's number; empty for a withheld one."""
    digits = re.sub(r"[^0-9+]", "", number)
    return short_indexer(purpose=INDEX)(digits) if digits else ""


def record_events(*, exchange: str, events: Sequence[CallEvent], at: datetime) -> RecordedEvents:
    """Keep a batch of events and bring their calls up to date; all of it or nothing.

    An event that is known already counts once; events of one call may come in any order and in several batches.

    :param exchange: name of the exchange that tells
    :param at: when they were received
    :raises TelephonyError: ``unknown_line``, ``unknown_kind``, ``rating``, ``too_many``; ``changed``: an id that is
        known comes with other content
    """
    if len(events) > MOST_EVENTS:
        raise TelephonyError("too_many", _("一次最多送%d个事件。") % MOST_EVENTS, possible=_("分几次送。"))
    for event in events:
        _check(event)
    with kernel.writing():
        fresh = _unknown(exchange, events)
        if fresh:
            _keep(exchange, fresh, at)
    return RecordedEvents(new=len(fresh), known=len(events) - len(fresh))


def _check(event: CallEvent) -> None:
    if event.kind not in EventKind.values:
        raise TelephonyError(
            "unknown_kind", _("没有“%s”这种事件。") % event.kind, possible="、".join(EventKind.values)
        )
    if not event.id or not event.call:
        raise TelephonyError("no_id", _("事件要有自己的编号和通话编号。"))
    if event.kind == EventKind.RATED and event.rating not in range(1, 6):
        raise TelephonyError("rating", _("话后评价是1到5：1非常满意，5非常不满意。"))
    if event.kind == EventKind.OFFERED or event.line:
        found = line_of(event.line)
        if found is None:
            raise TelephonyError(
                "unknown_line", _("没有“%s”这条线路，这批事件都没有收。") % event.line,
                possible=_("线路写在 packs/hotline/lines.yaml，用它的 key 或号码。"),
            )  # fmt: skip
        if not found.has_calls:
            raise TelephonyError(
                "subcentre", _("“%s”是分中心：它自己接电话，只送工单。") % found.name,
                possible=_("工单用工单接口送。"),
            )  # fmt: skip


def _digest(event: CallEvent) -> str:
    said = (
        event.call,
        event.kind,
        event.at.isoformat(),
        event.line,
        event.station,
        event.to,
        event.recording,
    )
    text = "\x1f".join((*said, str(event.rating), caller_index(event.caller)))
    return hashlib.sha256(text.encode()).hexdigest()


def _unknown(exchange: str, events: Sequence[CallEvent]) -> dict[str, CallEvent]:
    """Those not heard of yet, by id. :raises TelephonyError: a known id with other content"""
    known = dict(
        Heard.objects.filter(exchange=exchange, event__in=[one.id for one in events]).values_list(
            "event", "digest"
        )
    )
    fresh: dict[str, CallEvent] = {}
    for event in events:
        digest = known.get(event.id) or (_digest(fresh[event.id]) if event.id in fresh else "")
        if not digest:
            fresh[event.id] = event
        elif digest != _digest(event):
            raise TelephonyError(
                "changed",
                _("事件编号“%s”已经用过，内容不一样。") % event.id,
                possible=_("换一个事件编号再送。"),
            )
    return fresh


def _keep(exchange: str, fresh: dict[str, CallEvent], at: datetime) -> None:
    references = {event.call for event in fresh.values()}
    calls = {
        one.reference: one
        for one in Call.objects.select_for_update().filter(exchange=exchange, reference__in=references)
    }
    missing = [
        Call(exchange=exchange, reference=reference, state=CallState.WAITING, **_moment(at))
        for reference in sorted(references - set(calls))
    ]
    calls |= {one.reference: one for one in Call.objects.bulk_create(missing)}
    officers = _officers([event.station for event in fresh.values() if event.station])
    Heard.objects.bulk_create(
        Heard(
            call=calls[event.call], exchange=exchange, event=event.id, kind=event.kind, at=event.at,
            line=_key(event.line), officer=officers.get(event.station, ""), to=event.to, recording=event.recording,
            rating=event.rating, digest=_digest(event), received_at=at,
        )
        for event in fresh.values()
    )  # fmt: skip
    for event in fresh.values():
        if event.caller:
            calls[event.call].caller = event.caller
            calls[event.call].caller_index = caller_index(event.caller)
    ledger.tell(refresh(list(calls.values())), exchange=exchange, at=at)


def _moment(at: datetime) -> dict[str, object]:
    local = at.astimezone(SHANGHAI)
    return {"offered_at": at, "day": local.date(), "hour": local.hour}


def _key(line: str) -> str:
    found = line_of(line) if line else None
    return found.key if found else ""


def _officers(stations: Sequence[str]) -> dict[str, str]:
    """Who sits at each station now; an officer's actor id stands for itself."""
    named = {one: one for one in stations if one.startswith("officer:")}
    asked = [one for one in set(stations) if one not in named]
    if not asked:
        return named
    rows = Attendance.objects.filter(station__in=asked).exclude(state=PresenceState.OFF)
    return named | dict(rows.values_list("station", "officer"))


WORKED_OUT = (
    "line", "caller", "caller_index", "day", "hour", "offered_at", "queued_at", "answered_at", "ended_at", "wait_seconds",
    "state", "outcome", "officer", "ring_to", "transferred_to", "recording", "rating",
    "told",
)  # fmt: skip


def refresh(calls: Sequence[Call]) -> list[dict[str, Any]]:
    """Work the calls out again from everything heard of them; in the caller's transaction.

    :return: what the ledger has to be told of those that are over
    """
    told: dict[int, list[rules.Told]] = {}
    for row in Heard.objects.filter(call__in=calls):
        told.setdefault(row.call_id, []).append(
            rules.Told(row.event, row.kind, row.at, row.line, row.officer, row.to, row.recording, row.rating)
        )
    for call in calls:
        handed_over = rules.told_of(call) if call.whole else []
        apply(call, rules.fold([*handed_over, *told[call.id]]))
    unsaid = ledger.unsaid(calls)
    Call.objects.bulk_update(calls, WORKED_OUT)
    over = [call.officer for call in calls if call.state == CallState.ENDED and call.officer]
    _rest(over, at=max((call.ended_at for call in calls if call.ended_at), default=None))
    return unsaid


def apply(call: Call, facts: rules.Facts) -> None:
    """Write the facts into the row, unsaved."""
    local = facts.offered_at.astimezone(SHANGHAI)
    call.line, call.day, call.hour = facts.line, local.date(), local.hour
    call.offered_at, call.queued_at = facts.offered_at, facts.queued_at
    call.answered_at, call.ended_at, call.wait_seconds = facts.answered_at, facts.ended_at, facts.wait_seconds
    call.outcome, call.officer, call.transferred_to = facts.outcome, facts.officer, facts.transferred_to
    call.recording, call.rating = facts.recording, facts.rating
    rung = facts.rung or call.ring_to
    call.ring_to = rung if facts.state in {CallState.WAITING, CallState.RINGING} else ""
    call.state = CallState.RINGING if facts.state == CallState.WAITING and call.ring_to else facts.state


def _rest(officers: Sequence[str], *, at: datetime | None) -> None:
    """Whose call is over writes down what is left to write; the next call waits until they are ready."""
    if not officers or at is None:
        return
    busy = Call.objects.filter(ended_at=None, officer__in=officers, state=CallState.TALKING).values_list(
        "officer", flat=True
    )
    Attendance.objects.filter(officer__in=set(officers) - set(busy), state=PresenceState.TALKING).update(
        state=PresenceState.AFTER, since=at
    )
