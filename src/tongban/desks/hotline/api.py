"""The door of the hotline. Moves of a ticket go through `kernel.perform(docket, move, …)` of its flow."""

from tongban.desks.hotline.access import desk_regions
from tongban.desks.hotline.alarms import emergencies
from tongban.desks.hotline.checking import check as check_reply
from tongban.desks.hotline.contracts import (
    ASSIST,
    CENTRE,
    KIND,
    PREFIX,
    Channel,
    Finding,
    HotlineRefused,
    NewTicket,
    Progress,
    Said,
    Satisfaction,
    Service,
    Solved,
    Taken,
    TicketKind,
    TicketState,
    TicketView,
    Urgency,
)
from tongban.desks.hotline.grounds import Ground, grounds
from tongban.desks.hotline.handing_over import hand_over
from tongban.desks.hotline.limits import limits
from tongban.desks.hotline.lists import WAITING, Asked, Counts, Listed, counts, nearby, page, ticket_count
from tongban.desks.hotline.rated import rated
from tongban.desks.hotline.reporting import Found, findings, report, reported
from tongban.desks.hotline.revealing import Caller, caller_in_full, names_to_strike, unmask
from tongban.desks.hotline.rules import starred
from tongban.desks.hotline.searching import find
from tongban.desks.hotline.selectors import (
    additions,
    history_of_caller,
    progress,
    progress_of,
    related,
    ticket,
    tickets,
    turns,
)
from tongban.desks.hotline.taking import take, take_many
from tongban.desks.hotline.taught import Taught, taught

__all__ = [
    "ASSIST",
    "CENTRE",
    "KIND",
    "PREFIX",
    "WAITING",
    "Asked",
    "Caller",
    "Channel",
    "Counts",
    "Finding",
    "Found",
    "Ground",
    "HotlineRefused",
    "Listed",
    "NewTicket",
    "Progress",
    "Said",
    "Satisfaction",
    "Service",
    "Solved",
    "Taken",
    "Taught",
    "TicketKind",
    "TicketState",
    "TicketView",
    "Urgency",
    "additions",
    "caller_in_full",
    "check_reply",
    "counts",
    "desk_regions",
    "emergencies",
    "find",
    "findings",
    "grounds",
    "hand_over",
    "history_of_caller",
    "limits",
    "names_to_strike",
    "nearby",
    "page",
    "progress",
    "progress_of",
    "rated",
    "related",
    "report",
    "reported",
    "starred",
    "take",
    "take_many",
    "taught",
    "ticket",
    "ticket_count",
    "tickets",
    "turns",
    "unmask",
]
