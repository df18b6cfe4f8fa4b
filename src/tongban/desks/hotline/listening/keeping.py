"""What is destroyed when a session's time is over; reports stay, they were published."""

from __future__ import annotations

from datetime import datetime

from tongban.desks.hotline.listening.models import Promise, Session
from tongban.kernel.files.destroying import destroy_attachments
from tongban.registers.identity.privacy import api as privacy


def destroy_sessions(dockets: list[int], _at: datetime) -> int:
    """Who attended beside the host, and the links to tickets."""
    gone, _by_model = Promise.objects.filter(session__in=dockets).delete()
    return gone + Session.objects.filter(pk__in=dockets).update(attended="") + destroy_attachments(dockets)


privacy.register_destroyer("session", destroy_sessions)
