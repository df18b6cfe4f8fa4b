"""The one place where licences write into the kernel's ledger and outbox.

A licence's stream is ``licence:<kind>.<issuer>.<serial>``: the identifier without what changes with the version.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from tongban.kernel import api as kernel
from tongban.registers.licences import events
from tongban.registers.licences.models import Licence


def stream(base: str) -> str:
    """The stream of a licence, by what all its identifiers share."""
    return f"licence:{base}"


def note(row: Licence, *, act: str, actor: kernel.Actor, at: datetime, data: dict[str, Any]) -> str:
    """Write what was done; gives the entry's place."""
    said = {"identifier": row.identifier, "kind": row.kind, "state": row.state, **data}
    return kernel.record(stream=stream(row.base), act=act, actor=actor, at=at, data=said)


def tell(
    row: Licence, *, topic: str, place: str, at: datetime, previous: str = "", reason: str = "", successor: str = "",
) -> None:  # fmt: skip
    """Announce it."""
    body = events.LicenceNews(
        identifier=row.identifier, previous=previous, kind=row.kind, unit=row.unit, holder=row.holder, state=row.state,
        version=row.version, docket=row.docket, reason=reason, successor=successor,
    )  # fmt: skip
    kernel.announce(topic=topic, place=place, at=at, body=dict(body))
