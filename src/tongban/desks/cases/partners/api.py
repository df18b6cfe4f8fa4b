"""The door of partners: where a matter may be handed over, handing it over, and what became of it."""

from tongban.desks.cases.partners.contracts import (
    Fate,
    Handed,
    HandoverView,
    IncomingView,
    Letter,
    LetterRefused,
    Mode,
    ParcelView,
    PartnerInfo,
    PartnerLine,
    Received,
)
from tongban.desks.cases.partners.flow import PREFIX
from tongban.desks.cases.partners.hearing import RESULT_SLOT, hear
from tongban.desks.cases.partners.receiving import receive
from tongban.desks.cases.partners.register import (
    SENDER,
    matters_of,
    names,
    offered,
    partner,
    partners,
    sender_name,
)
from tongban.desks.cases.partners.selectors import counts, handover_of, incoming_of, lines, newest, places_of
from tongban.desks.cases.partners.services import consent_words, hand_over

__all__ = [
    "PREFIX",
    "RESULT_SLOT",
    "SENDER",
    "Fate",
    "Handed",
    "HandoverView",
    "IncomingView",
    "Letter",
    "LetterRefused",
    "Mode",
    "ParcelView",
    "PartnerInfo",
    "PartnerLine",
    "Received",
    "consent_words",
    "counts",
    "hand_over",
    "handover_of",
    "hear",
    "incoming_of",
    "lines",
    "matters_of",
    "names",
    "newest",
    "offered",
    "partner",
    "partners",
    "places_of",
    "receive",
    "sender_name",
]
