"""The door of the remote window."""

from tongban.desks.remote.contracts import (
    Consent,
    DraftDesk,
    DraftRef,
    ProposalView,
    Remark,
    RemoteRefused,
    SessionView,
    Side,
)
from tongban.desks.remote.drafting import begin_on_draft, connect, followed, open_on
from tongban.desks.remote.selectors import about, places_of, proposals_of, remarks_of, session_of, sessions
from tongban.desks.remote.services import begin, consents_for, point, side_of

__all__ = [
    "Consent",
    "DraftDesk",
    "DraftRef",
    "ProposalView",
    "Remark",
    "RemoteRefused",
    "SessionView",
    "Side",
    "about",
    "begin",
    "begin_on_draft",
    "connect",
    "consents_for",
    "followed",
    "open_on",
    "places_of",
    "point",
    "proposals_of",
    "remarks_of",
    "session_of",
    "sessions",
    "side_of",
]
