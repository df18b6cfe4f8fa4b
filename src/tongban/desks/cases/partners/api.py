"""The door of partners: where a matter may be handed over, handing it over, and what became of it."""

from tongban.desks.cases.partners.asking import MOST_DAYS, USUAL_DAYS, ask, may_ask
from tongban.desks.cases.partners.contracts import (
    Fate,
    Handed,
    HandoverView,
    IncomingView,
    InquiryRefused,
    InquiryView,
    Letter,
    LetterRefused,
    Mode,
    ParcelView,
    PartnerInfo,
    PartnerLine,
    Purpose,
    Received,
)
from tongban.desks.cases.partners.flow import PREFIX
from tongban.desks.cases.partners.hearing import ANSWER_SLOT, RESULT_SLOT, hear
from tongban.desks.cases.partners.jobs import collect
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
from tongban.desks.cases.partners.selectors import (
    counts,
    handover_of,
    incoming_of,
    inquiries_of,
    inquiry_of,
    lines,
    newest,
    places_of,
)
from tongban.desks.cases.partners.sending import send_due
from tongban.desks.cases.partners.services import answer_with_files, consent_words, hand_over, hand_over_many

__all__ = [
    "ANSWER_SLOT",
    "MOST_DAYS",
    "PREFIX",
    "RESULT_SLOT",
    "SENDER",
    "USUAL_DAYS",
    "Fate",
    "Handed",
    "HandoverView",
    "IncomingView",
    "InquiryRefused",
    "InquiryView",
    "Letter",
    "LetterRefused",
    "Mode",
    "ParcelView",
    "PartnerInfo",
    "PartnerLine",
    "Purpose",
    "Received",
    "answer_with_files",
    "ask",
    "collect",
    "consent_words",
    "counts",
    "hand_over",
    "hand_over_many",
    "handover_of",
    "hear",
    "incoming_of",
    "inquiries_of",
    "inquiry_of",
    "lines",
    "matters_of",
    "may_ask",
    "names",
    "newest",
    "offered",
    "partner",
    "partners",
    "places_of",
    "receive",
    "send_due",
    "sender_name",
]
