"""What happens when a clock's instant comes: a warning, a move by the system, or a miss."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from tongban.kernel import store
from tongban.kernel.clock import reckoning
from tongban.kernel.clock.models import Clock
from tongban.kernel.contracts import SYSTEM, ClockRow, Request
from tongban.kernel.flow.engine import perform_many
from tongban.kernel.flow.writing import event, write_note

logger = logging.getLogger(__name__)
BATCH = 500
RETRY = timedelta(minutes=5)


class Due(NamedTuple):
    """A clock whose instant has come."""

    clock: int
    docket: int
    parent: int | None
    on_due: str

    @property
    def family(self) -> int:
        """The docket that owns this one, or itself: a move of one may stop or move the others."""
        return self.parent or self.docket


def due_clocks(*, at: datetime, limit: int = BATCH) -> list[Due]:
    """Clocks whose warning or due instant has come, nearest first.

    Reads the clocks' own partial index: the cost does not grow with what is not due.
    """
    found = Clock.objects.filter(next_at__lte=at).order_by("next_at", "id")
    return list(map(Due._make, found.values_list("id", "docket_id", "docket__parent_id", "on_due")[:limit]))


def fire_due(*, at: datetime, limit: int = BATCH, at_once: int = BATCH) -> int:
    """Handle every clock whose instant has come; gives how many.

    :param at_once: clocks of one transaction: few where people wait for the database meanwhile
    """
    return sum(_fire(part, at) for part in _parts(due_clocks(at=at, limit=limit), at_once))


def _parts(due: Sequence[Due], most: int) -> Iterator[list[Due]]:
    """Parts in which no clock depends on an earlier one: not of the same docket, not of a family that one moves."""
    part: list[Due] = []
    dockets: set[int] = set()
    moved: set[int] = set()
    for one in due:
        if len(part) == most or one.docket in dockets or one.family in moved:
            yield part
            part, dockets, moved = [], set(), set()
        part.append(one)
        dockets.add(one.docket)
        if one.on_due:
            moved.add(one.family)
    if part:
        yield part


def _fire(part: Sequence[Due], at: datetime) -> int:
    """Handle clocks in one transaction, or else one by one: one whose move fails holds up itself only."""
    try:
        with store.writing(), transaction.atomic():
            return _handle(part, at)
    except Exception as error:  # whatever an effect raises; the clocks after it are as due as this one
        if len(part) > 1:
            logger.info("%d clocks are gone through one by one: %s", len(part), type(error).__name__)
            return sum(_fire([one], at) for one in part)
        logger.exception("clock %s: its move failed", part[0].clock)
        with store.writing():
            Clock.objects.filter(id=part[0].clock).update(next_at=at + RETRY)
        return 0


def _handle(part: Sequence[Due], at: datetime) -> int:
    rows = store.lock_dockets([one.docket for one in part])
    found = store.clocks_of([one.docket for one in part])
    fired: list[ClockRow] = []
    events: list[dict[str, object]] = []
    moves: list[Request] = []
    for key, docket, _parent, _on_due in part:
        clock = next((one for one in found[docket] if one.id == key), None)
        if clock is None or clock.next_at is None or clock.next_at > at:
            continue
        fired.append(clock)
        if at < clock.due_at:
            clock.next_at = clock.due_at
            events.append(event(rows[docket], topic="clock.warned", at=at, **_told(clock)))
            continue
        clock.fired_at, clock.next_at = at, None
        if clock.on_due:
            # The law dates the consequence to the due instant, not to when the worker woke up.
            moves.append(Request(docket, clock.on_due, key=f"clock:{key}", at=clock.due_at))
        else:
            events.append(event(rows[docket], topic="clock.missed", at=at, **_told(clock)))
    if fired:
        store.save_clocks(fired)
    if events:
        store.insert_events(events)
    if moves:
        perform_many(moves, actor=SYSTEM, at=at, atomic=True)
    return len(fired)


def _told(clock: ClockRow) -> dict[str, object]:
    return {
        "clock": clock.name,
        "label": clock.label,
        "due": reckoning.iso(clock.due_at),
        "whose": clock.whose,
    }


def recompute_provisional(*, at: datetime) -> int:
    """Reckon provisional clocks anew after a calendar was loaded; gives how many moved.

    A suspended clock is left to its resumption. The ledger of each docket notes the new date.
    """
    moved = 0
    rows = Clock.objects.filter(provisional=True, stopped_at=None, suspended_at=None)
    for docket in rows.values_list("docket_id", flat=True).distinct():
        with store.writing():
            moved += _recompute(docket, at)
    return moved


def _recompute(docket: int, at: datetime) -> int:
    row = store.lock_dockets([docket])[docket]
    running = store.clocks_of([docket])[docket]
    changed = []
    for clock in running:
        if not clock.provisional or clock.suspended_at:
            continue
        before = (clock.due_at, clock.provisional)
        reckoning.again(clock, at=at)
        if (clock.due_at, clock.provisional) != before:
            changed.append(clock)
    if changed:
        store.save_clocks(changed)
        row.due_at = min(clock.due_at for clock in running if clock.running)
        told = [{"clock": clock.name, "due": reckoning.iso(clock.due_at)} for clock in changed]
        write_note(row, act="recompute", at=at, body={"clocks": told})
        store.insert_events([event(row, topic="clock.recomputed", at=at, **_told(c)) for c in changed])
    return len(changed)
