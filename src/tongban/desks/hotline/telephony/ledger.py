"""The one place where calls are written into the kernel's ledger: without numbers, names or who took them.

Calls that are over are listed in the stream ``calls:<exchange>:<day>``, several in one entry; one of which more is heard later
(a rating, an event that was late) is listed again as it is then.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tongban.desks.hotline.telephony.contracts import SHANGHAI, CallState
from tongban.desks.hotline.telephony.models import Call
from tongban.kernel import api as kernel


def unsaid(calls: Iterable[Call]) -> list[dict[str, Any]]:
    """What the ledger does not say yet of calls that are over; notes in `told` that it does from now on, unsaved.

    The caller saves the calls and gives what is found to `tell` in one transaction: neither stands without the other.
    """
    found: list[dict[str, Any]] = []
    for call in calls:
        if call.state != CallState.ENDED or not call.line:
            continue
        now = said(call)
        before, _space, _rest = call.told.partition(" ")
        if call.told == text_of(now):
            continue
        if before and before[:10] != now["at"][:10]:  # told on a day on which it was not
            found.append({"key": now["key"], "at": before, "gone": True})
        call.told = text_of(now)
        found.append(now)
    return found


def said(call: Call) -> dict[str, Any]:
    """A call as it is counted."""
    found: dict[str, Any] = {
        "key": str(call.pk), "at": call.offered_at.astimezone(SHANGHAI).isoformat(), "line": call.line, "outcome": call.outcome,
        "waited": call.wait_seconds or 0,
    }  # fmt: skip
    if call.rating:
        found["rating"] = call.rating
    return found | {"by_hand": True} if call.by_hand else found


def text_of(said: dict[str, Any]) -> str:
    """By which a call that is told again is known to be the same."""
    words = ("at", "line", "outcome", "waited", "rating", "by_hand")
    return " ".join(str(said.get(word, "")) for word in words)


def tell(listed: list[dict[str, Any]], *, exchange: str, at: datetime) -> None:
    """Write them down."""
    if listed:
        stream = f"calls:{exchange}:{at.astimezone(SHANGHAI):%Y-%m-%d}"
        kernel.record_listed(stream=stream, act="over", actor=kernel.SYSTEM, at=at, lists={"calls": listed})
