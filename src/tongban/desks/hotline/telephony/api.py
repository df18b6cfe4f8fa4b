"""The door of telephony: calls, who takes them, the answer rate."""

from datetime import datetime

from tongban.desks.hotline.telephony.contracts import (
    IN_TIME,
    AnswerFigures,
    CallEvent,
    CallState,
    CallView,
    EventKind,
    ExchangeStatus,
    LineInfo,
    Outcome,
    Presence,
    PresenceState,
    RecordedEvents,
    TelephonyError,
    Way,
)
from tongban.desks.hotline.telephony.exchanges import exchange as _exchange
from tongban.desks.hotline.telephony.hearing import record_events
from tongban.desks.hotline.telephony.lines import line_name, line_of, lines, own_line
from tongban.desks.hotline.telephony.selectors import (
    answer_by_day,
    answer_by_hour,
    answer_by_line,
    answer_figures,
    answer_rate,
    call,
    caller_of,
    calls,
    calls_of_number,
    calls_of_ticket,
    current_call,
    operators,
    presence,
    ratings_by_officer,
)
from tongban.desks.hotline.telephony.services import (
    accept,
    distribute,
    end,
    link_ticket,
    set_presence,
    simulate_call,
    take_by_hand,
    transfer,
)
from tongban.desks.hotline.telephony.taking_over import CallRecord, link_tickets, take_over


def exchange_status(*, at: datetime) -> ExchangeStatus:
    """Whether the exchange works; when not, `words` are the operators' banner."""
    return _exchange().status(at=at)


__all__ = [
    "IN_TIME",
    "AnswerFigures",
    "CallEvent",
    "CallRecord",
    "CallState",
    "CallView",
    "EventKind",
    "ExchangeStatus",
    "LineInfo",
    "Outcome",
    "Presence",
    "PresenceState",
    "RecordedEvents",
    "TelephonyError",
    "Way",
    "accept",
    "answer_by_day",
    "answer_by_hour",
    "answer_by_line",
    "answer_figures",
    "answer_rate",
    "call",
    "caller_of",
    "calls",
    "calls_of_number",
    "calls_of_ticket",
    "current_call",
    "distribute",
    "end",
    "exchange_status",
    "line_name",
    "line_of",
    "lines",
    "link_ticket",
    "link_tickets",
    "operators",
    "own_line",
    "presence",
    "ratings_by_officer",
    "record_events",
    "set_presence",
    "simulate_call",
    "take_by_hand",
    "take_over",
    "transfer",
]
