"""What a set of events says of a call: the same whatever the order in which they came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

RANK = {
    kind: place
    for place, kind in enumerate(
        (
            "offered",
            "queued",
            "ringing",
            "answered",
            "transferred",
            "dropped",
            "ended",
            "recorded",
            "rated",
        )
    )
}


@dataclass(frozen=True, slots=True)
class Told:
    """One event as it counts for the call; `officer` is who sits at the station."""

    id: str
    kind: str
    at: datetime
    line: str = ""
    officer: str = ""
    to: str = ""
    recording: str = ""
    rating: int = 0


class Handed(Protocol):
    """A call as a bill of calls has it."""

    line: str
    offered_at: datetime
    queued_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    officer: str
    recording: str
    rating: int | None


@dataclass(frozen=True, slots=True)
class Facts:
    """A call as far as it is known."""

    line: str
    state: str
    outcome: str
    offered_at: datetime
    queued_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    wait_seconds: int | None
    rung: str
    officer: str
    transferred_to: str
    recording: str
    rating: int | None


def told_of(call: Handed) -> list[Told]:
    """The events that a whole call stands for, so that what is heard of it later counts with them."""
    over = "ended" if call.answered_at else "dropped"
    told = [Told("offered", "offered", call.offered_at, line=call.line)]
    if call.queued_at:
        told.append(Told("queued", "queued", call.queued_at))
    if call.answered_at:
        told.append(Told("answered", "answered", call.answered_at, officer=call.officer))
    if call.ended_at:
        told.append(Told("over", over, call.ended_at))
        if call.recording:
            told.append(Told("recorded", "recorded", call.ended_at, recording=call.recording))
        if call.rating:
            told.append(Told("rated", "rated", call.ended_at, rating=call.rating))
    return told


def fold(events: Iterable[Told]) -> Facts:
    """The call that these events tell of.

    :raises ValueError: no events
    """
    told = sorted(events, key=lambda one: (one.at, RANK[one.kind], one.id))
    if not told:
        raise ValueError("a call needs an event")
    offered = _first(told, "offered") or told[0].at
    queued, answered = _first(told, "queued"), _first(told, "answered")
    over = [one.at for one in told if one.kind in {"dropped", "ended"}]
    ended = max(over) if over else None
    if answered is None and any(one.kind == "rated" for one in told):
        ended = ended or told[-1].at
    until = answered or ended
    asked = queued or offered
    wait = max(0, int((until - asked).total_seconds())) if until is not None else None
    rings = [one for one in told if one.kind == "ringing"]
    return Facts(
        line=next((one.line for one in told if one.line), ""),
        state=_state(answered, ended, bool(rings)),
        outcome=_outcome(queued, answered, ended),
        offered_at=offered, queued_at=queued, answered_at=answered, ended_at=ended, wait_seconds=wait,
        rung=rings[-1].officer if rings else "",
        officer=_last(told, "answered", "officer"),
        transferred_to=_last(told, "transferred", "to"),
        recording=_last(told, "recorded", "recording"),
        rating=next((one.rating for one in reversed(told) if one.kind == "rated" and one.rating), None),
    )  # fmt: skip


def _first(told: Sequence[Told], kind: str) -> datetime | None:
    return next((one.at for one in told if one.kind == kind), None)


def _last(told: Sequence[Told], kind: str, name: str) -> str:
    found = [str(getattr(one, name)) for one in told if one.kind == kind and getattr(one, name)]
    return found[-1] if found else ""


def _state(answered: datetime | None, ended: datetime | None, rang: bool) -> str:  # noqa: FBT001 - private
    if ended is not None:
        return "ended"
    if answered is not None:
        return "talking"
    return "ringing" if rang else "waiting"


def _outcome(queued: datetime | None, answered: datetime | None, ended: datetime | None) -> str:
    if answered is not None:
        return "answered"
    if ended is None:
        return ""
    return "dropped" if queued is not None else "left"
