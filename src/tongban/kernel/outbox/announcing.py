"""News of a register's own record, which has no docket."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tongban.kernel import store
from tongban.kernel.ledger.rules import canonical


def announce(*, topic: str, place: str, at: datetime, body: dict[str, Any]) -> None:
    """Write an event into the outbox, in the caller's transaction; a stream's events are delivered in order.

    :param place: the ledger entry that it is news of, ``stream#sequence`` as `record` gave it
    :param body: no personal data
    """
    stream, _hash, sequence = place.rpartition("#")
    store.insert_events(
        [
            {
                "topic": topic,
                "stream": stream,
                "sequence": int(sequence),
                "docket": None,
                "body": canonical({**body, "at": at}),
                "created_at": at,
                "attempts": 0,
                "error": "",
            }
        ]
    )
