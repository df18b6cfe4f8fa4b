"""The one place where the knowledge base writes into the kernel's ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from tongban.kernel import api as kernel
from tongban.registers.knowledge.models import Entry


def record(
    *,
    key: str,
    act: str,
    data: dict[str, Any],
    actor: kernel.Actor,
    at: datetime,
    stock: Sequence[dict[str, Any]] = (),
) -> None:
    """Who did what to an entry; the stream is ``knowledge:<key>``.

    :param stock: entries as they stand from now on, where the act changes what is in force
    """
    kernel.record_listed(
        stream=f"knowledge:{key}", act=act, data=data, lists={"stock": stock}, actor=actor, at=at
    )


def thing(row: Entry, *, gone: bool = False) -> dict[str, Any]:
    """An entry as it is counted."""
    found = {
        "kind": "knowledge",
        "key": row.key,
        "unit": row.unit,
        "region": row.region,
        "audience": row.audience,
    }
    return found | {"gone": True} if gone else found
