"""The one place where policies write into the ledger's streams of measures, and announce."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tongban.desks.policies.models import Version
from tongban.kernel import api as kernel


def tell(
    *, topic: str, version: Version, number: str, actor: kernel.Actor, at: datetime, reason: str = ""
) -> None:
    """Write what became of a version into the stream ``measure:<key>``, and tell everybody who listens.

    :param topic: of `events`; `number` is that of the policy's docket
    """
    key = version.measure.key
    facts: dict[str, Any] = {
        "key": key, "version": version.number, "policy": number, "party": version.measure.party,
        "valid_from": version.valid_from.isoformat(), "reason": reason,
    }  # fmt: skip
    act = topic.partition(".")[2]
    place = kernel.record(
        stream=f"measure:{key}",
        act=act,
        data={**facts, "digest": version.digest},
        actor=actor,
        at=at,
    )
    kernel.announce(topic=topic, place=place, at=at, body=facts)
