"""The door of the hotline. Moves of a ticket go through `kernel.perform(docket, move, …)` of its flow."""

from tongban.desks.hotline.contracts import (
    Channel,
    Finding,
    HotlineRefused,
    NewTicket,
    Progress,
    Satisfaction,
    Service,
    Solved,
    Taken,
    TicketKind,
    TicketState,
    TicketView,
    Urgency,
)
from tongban.desks.hotline.selectors import history_of_caller, progress, ticket, tickets
from tongban.desks.hotline.taking import take

__all__ = [
    "Channel",
    "Finding",
    "HotlineRefused",
    "NewTicket",
    "Progress",
    "Satisfaction",
    "Service",
    "Solved",
    "Taken",
    "TicketKind",
    "TicketState",
    "TicketView",
    "Urgency",
    "history_of_caller",
    "progress",
    "take",
    "ticket",
    "tickets",
]
