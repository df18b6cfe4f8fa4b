"""Messages in the export of one's own data, and what of them is erased."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tongban.registers.identity.privacy import api as privacy
from tongban.registers.messages.models import Consent, Message

MOST = 2000


def messages(party: str, _at: datetime) -> Iterable[privacy.Section]:
    """What was written to somebody."""
    rows = Message.objects.filter(recipient=party).order_by("-pk")[:MOST]
    records = [
        {
            "at": one.created_at,
            "subject": one.subject,
            "body": one.body,
            "docket": one.docket,
            "read_at": one.read_at,
        }
        for one in rows
    ]
    yield privacy.Section("messages", {"zh": "收到的消息", "en": "Messages"}, records)


def erase_messages(party: str, _at: datetime) -> int:
    """Mere notices go; what served a decision stays with its docket, as the proof of service."""
    deleted, _per_table = Message.objects.filter(recipient=party, service="").delete()
    said, _also = Consent.objects.filter(actor_id=party).delete()
    return deleted + said


privacy.register_source("5-messages", messages)
privacy.register_eraser("messages", erase_messages)
