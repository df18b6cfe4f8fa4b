"""The door of the remote window."""

from tongban.desks.remote.contracts import Consent, Remark, RemoteRefused, SessionView, Side
from tongban.desks.remote.selectors import about, places_of, remarks_of, session_of, sessions
from tongban.desks.remote.services import begin, point, side_of

__all__ = [
    "Consent",
    "Remark",
    "RemoteRefused",
    "SessionView",
    "Side",
    "about",
    "begin",
    "places_of",
    "point",
    "remarks_of",
    "session_of",
    "sessions",
    "side_of",
]
