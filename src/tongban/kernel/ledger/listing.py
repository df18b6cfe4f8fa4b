"""Entries that list things: what a register holds from now on, or what happened by the hundred.

A register that takes in thousands at once writes one entry for every `LISTED` of them and not one each. Who counts reads
the lists (`oversight/insight/facts`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from tongban.kernel import store
from tongban.kernel.contracts import Actor
from tongban.kernel.ledger.services import record
from tongban.kernel.outbox.announcing import announce

LISTED = 500
TOPIC = "ledger.listed"


def record_listed(
    *,
    stream: str,
    act: str,
    actor: Actor,
    at: datetime,
    lists: Mapping[str, Sequence[Mapping[str, Any]]],
    data: Mapping[str, Any] | None = None,
) -> None:
    """Append to a register's stream what was done, with the things it was done to, and tell who watches.

    :param lists: the things, by the word that they stand under in the entry; codes and numbers, nobody's name. Under
        ``stock`` things as they stand from now on: ``kind`` and ``key``, ``unit`` and ``region`` where they have them,
        ``gone`` once there is no such thing any more, and whatever is counted by
    :param data: what else the act says; it stands in the first entry
    """
    listed = [(word, one) for word, things in lists.items() for one in things]
    with store.writing():
        for start in range(0, max(len(listed), 1), LISTED):
            body: dict[str, Any] = dict(data or {}) if start == 0 else {"goes_on": True}
            for word, one in listed[start : start + LISTED]:
                body.setdefault(word, []).append(dict(one))
            place = record(stream=stream, act=act, actor=actor, at=at, data=body)
            announce(topic=TOPIC, place=place, at=at, body={})
