"""The door of listening: sessions in person and their follow-up lists."""

from tongban.desks.hotline.listening.contracts import (
    Counts,
    FollowUp,
    ListeningRefused,
    NewSession,
    SessionKind,
    SessionView,
)
from tongban.desks.hotline.listening.selectors import (
    counts,
    follow_ups,
    public_follow_ups,
    public_session,
    public_sessions,
    session,
    sessions,
    sessions_held,
)
from tongban.desks.hotline.listening.services import add_ticket, open_ticket, plan

__all__ = [
    "Counts",
    "FollowUp",
    "ListeningRefused",
    "NewSession",
    "SessionKind",
    "SessionView",
    "add_ticket",
    "counts",
    "follow_ups",
    "open_ticket",
    "plan",
    "public_follow_ups",
    "public_session",
    "public_sessions",
    "session",
    "sessions",
    "sessions_held",
]
