"""What operators do with calls: be ready, answer, put through, end, write a call down by hand."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from tongban.desks.hotline.telephony import hearing, selectors
from tongban.desks.hotline.telephony.contracts import (
    SHANGHAI,
    CallEvent,
    CallState,
    CallView,
    EventKind,
    ExchangeDownError,
    Presence,
    PresenceState,
    TelephonyError,
)
from tongban.desks.hotline.telephony.exchanges import Simulated, exchange
from tongban.desks.hotline.telephony.lines import line_of, own_line
from tongban.desks.hotline.telephony.models import Attendance, Call, CallTicket
from tongban.desks.hotline.telephony.selectors import under_way
from tongban.kernel import api as kernel

RING = timedelta(seconds=20)
"""How long one operator is rung before the call goes to the next one."""
STALE = timedelta(hours=12)
BY_HAND = "hand"


def set_presence(*, officer: str, state: str, at: datetime, station: str = "") -> Presence:
    """Say whether one takes calls. Ready operators are rung, longest ready first.

    :param station: the extension one signs on to; empty keeps the one there is
    :raises TelephonyError: ``busy``: a call is on the line; ``station``: somebody else sits there; ``state``
    """
    if state not in {PresenceState.READY, PresenceState.AFTER, PresenceState.AWAY, PresenceState.OFF}:
        raise TelephonyError("state", _("状态只能设为就绪、话后整理、小休或签出。"))
    with kernel.writing():
        if under_way(CallState.TALKING).filter(officer=officer).exists():
            raise TelephonyError("busy", _("正在通话。"), possible=_("结束通话后再改状态。"))
        if station and _taken(station, officer):
            raise TelephonyError("station", _("分机%s已有人签入。") % station, possible=_("换一个分机。"))
        row = Attendance.objects.filter(officer=officer).first() or Attendance(officer=officer, since=at)
        if row.state != state:
            row.state, row.since = state, at
        row.station = station or row.station
        row.save()
        if state != PresenceState.READY:
            under_way(CallState.RINGING).filter(ring_to=officer).update(
                ring_to="", state=CallState.WAITING, rung_at=None
            )
        distribute(at=at)
    return selectors.presence(officer)


def _taken(station: str, officer: str) -> bool:
    others = Attendance.objects.filter(station=station).exclude(officer=officer)
    return others.exclude(state=PresenceState.OFF).exists()


def distribute(*, at: datetime) -> int:
    """Ring ready operators for waiting calls, longest first on both sides; gives how many were rung.

    An operator who lets it ring is set to away, so that no caller waits for an empty chair. Does nothing where the
    exchange itself chooses.
    """
    if exchange().assigns:
        return 0
    with kernel.writing():
        late = under_way(CallState.RINGING).filter(rung_at__lt=at - RING)
        silent = set(late.values_list("ring_to", flat=True))
        if silent:
            late.update(state=CallState.WAITING, ring_to="", rung_at=None)
            Attendance.objects.filter(officer__in=silent, state=PresenceState.READY).update(
                state=PresenceState.AWAY, since=at
            )
        waiting = list(
            under_way(CallState.WAITING).select_for_update().filter(queued_at__gt=at - STALE)
            .order_by("queued_at", "id")[:50]
        )  # fmt: skip
        if not waiting:
            return 0
        rung = under_way(CallState.RINGING).values("ring_to")
        ready = (
            Attendance.objects.filter(state=PresenceState.READY).exclude(officer__in=rung).order_by("since")
        )
        pairs = list(zip(waiting, ready[: len(waiting)], strict=False))
        for call, operator in pairs:
            call.ring_to, call.state, call.rung_at = operator.officer, CallState.RINGING, at
        Call.objects.bulk_update([call for call, _operator in pairs], ("ring_to", "state", "rung_at"))
    return len(pairs)


def accept(*, officer: str, call: int, at: datetime) -> CallView:
    """Answer a call that rings for one, or the one that waits longest.

    :raises TelephonyError: ``gone``: hung up or answered by somebody else; ``busy``; ``exchange``: it does not answer
    """
    with kernel.writing():
        row = Call.objects.select_for_update().filter(pk=call).first()
        if row is None or row.state not in {CallState.RINGING, CallState.WAITING}:
            raise TelephonyError(
                "gone", _("这个来电已经挂断，或者已由别人接听。"), possible=_("等下一个来电。")
            )
        if under_way(CallState.TALKING).filter(officer=officer).exists():
            raise TelephonyError("busy", _("正在通话。"), possible=_("先结束或转接这个通话。"))
        operator = Attendance.objects.filter(officer=officer).first() or Attendance(officer=officer)
        station = operator.station or officer
        _ask(lambda: exchange().answer(call=row.reference, station=station, at=at))
        operator.state, operator.since = PresenceState.TALKING, at
        operator.save()
        event = CallEvent(_local(), row.reference, EventKind.ANSWERED, at, station=officer)
        hearing.record_events(exchange=row.exchange, events=[event], at=at)
    return selectors.call(call)


def end(*, officer: str, call: int, at: datetime) -> CallView:
    """End one's call; the operator then writes up, and is rung again when ready.

    :raises TelephonyError: ``not_yours``
    """
    with kernel.writing():
        row = _own(officer, call)
        if row.state == CallState.TALKING:
            with suppress(ExchangeDownError):  # the handset is on the hook all the same
                exchange().hang_up(call=row.reference, at=at)
            event = CallEvent(_local(), row.reference, EventKind.ENDED, at)
            hearing.record_events(exchange=row.exchange, events=[event], at=at)
    return selectors.call(call)


def transfer(*, officer: str, call: int, to: str, at: datetime) -> CallView:
    """Put one's caller through to another number (110, 119, 120, a line of the city) and be free.

    :raises TelephonyError: ``not_yours``, ``exchange``, ``number``
    """
    to = to.strip()
    if not to or len(to) > 32:
        raise TelephonyError("number", _("请写转接到哪个号码。"))
    with kernel.writing():
        row = _own(officer, call)
        if row.state != CallState.TALKING:
            raise TelephonyError("gone", _("通话已经结束。"))
        _ask(lambda: exchange().transfer(call=row.reference, to=to, at=at))
        events = [
            CallEvent(_local(), row.reference, EventKind.TRANSFERRED, at, station=officer, to=to),
            CallEvent(_local(), row.reference, EventKind.ENDED, at),
        ]
        hearing.record_events(exchange=row.exchange, events=events, at=at)
    return selectors.call(call)


def take_by_hand(*, officer: str, line: str, caller: str, at: datetime) -> CallView:
    """Write down a call that came in on a spare telephone while the exchange was away.

    :param line: key or number; empty is the one number itself
    :raises TelephonyError: ``unknown_line``, ``busy``
    """
    found = line_of(line) if line else own_line()
    if found is None or not found.has_calls:
        raise TelephonyError("unknown_line", _("没有“%s”这条能接电话的线路。") % line)
    local = at.astimezone(SHANGHAI)
    with kernel.writing():
        if under_way(CallState.TALKING).filter(officer=officer).exists():
            raise TelephonyError("busy", _("正在通话。"), possible=_("先结束这个通话。"))
        made = Call.objects.create(
            exchange=BY_HAND, reference=uuid.uuid4().hex, line=found.key, caller=caller.strip(),
            caller_index=hearing.caller_index(caller), day=local.date(), hour=local.hour, offered_at=at, answered_at=at,
            state=CallState.TALKING, outcome="answered", officer=officer, by_hand=True,
        )  # fmt: skip
        hearing.record_events(
            exchange=BY_HAND, at=at,
            events=[
                CallEvent(_local(), made.reference, EventKind.OFFERED, at, line=found.key, caller=caller.strip()),
                CallEvent(_local(), made.reference, EventKind.ANSWERED, at, station=officer),
            ],
        )  # fmt: skip
        Attendance.objects.update_or_create(
            officer=officer, defaults={"state": PresenceState.TALKING, "since": at}
        )
    return selectors.call(made.pk)


def link_ticket(*, call: int, ticket: str, at: datetime) -> None:
    """Note that a ticket was opened in a call; again changes nothing.

    :param ticket: number of the ticket's docket
    :raises TelephonyError: ``unknown``
    """
    with kernel.writing():
        if not Call.objects.filter(pk=call).exists():
            raise TelephonyError("unknown", _("没有这个通话。"))
        CallTicket.objects.get_or_create(call_id=call, ticket=ticket, defaults={"at": at})


def simulate_call(*, at: datetime) -> int:
    """One caller of the simulated exchange, now. :raises TelephonyError: ``exchange``: it is a real one"""
    plugin = exchange()
    if not isinstance(plugin, Simulated):
        raise TelephonyError("exchange", _("接的不是模拟交换机。"))
    events = plugin.offer(at=at)
    with kernel.writing():
        hearing.record_events(exchange=plugin.name, events=events, at=at)
        distribute(at=at)
    return Call.objects.get(exchange=plugin.name, reference=events[0].call).pk


def _own(officer: str, call: int) -> Call:
    row = Call.objects.select_for_update().filter(pk=call).first()
    if row is None or row.officer != officer:
        raise TelephonyError("not_yours", _("这不是您接的电话。"))
    return row


def _local() -> str:
    """An id for an event that the platform itself knows of; no exchange's ids begin so."""
    return f"tongban:{uuid.uuid4().hex}"


def _ask(tell: Callable[[], None]) -> None:
    try:
        tell()
    except ExchangeDownError:
        raise TelephonyError(
            "exchange", _("交换机没有响应。"), possible=_("用备用话机接听，再用“登记来电”手工登记。")
        ) from None
