"""What happens when a clock's instant comes: a warning, a move by the system, or a miss."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from tongban.kernel import store
from tongban.kernel.clock import reckoning
from tongban.kernel.clock.models import Clock
from tongban.kernel.contracts import SYSTEM, ClockRow
from tongban.kernel.flow.engine import perform
from tongban.kernel.flow.errors import MoveRefused
from tongban.kernel.flow.writing import event, write_note

logger = logging.getLogger(__name__)
BATCH = 500
RETRY = timedelta(minutes=5)


def due_clocks(*, at: datetime, limit: int = BATCH) -> list[tuple[int, int]]:
    """Id and docket of clocks whose warning or due instant has come, nearest first.

    Reads the clocks' own partial index: the cost does not grow with what is not due.
    """
    return list(
        Clock.objects.filter(next_at__lte=at).order_by("next_at", "id").values_list("id", "docket_id")[:limit]
    )


def fire_due(*, at: datetime, limit: int = BATCH) -> int:
    """Handle every clock whose instant has come; gives how many."""
    fired = 0
    for key, docket in due_clocks(at=at, limit=limit):
        try:
            fired += _fire(key, docket, at)
        except MoveRefused:
            logger.exception("clock %s: its move was refused", key)
            with store.writing():
                Clock.objects.filter(id=key).update(next_at=at + RETRY)
    return fired


def _fire(key: int, docket: int, at: datetime) -> int:
    with store.writing():
        row = store.lock_dockets([docket])[docket]
        clock = next((c for c in store.clocks_of([docket])[docket] if c.id == key), None)
        if clock is None or clock.next_at is None or clock.next_at > at:
            return 0
        if at < clock.due_at:
            clock.next_at = clock.due_at
            store.save_clocks([clock])
            store.insert_events([event(row, topic="clock.warned", at=at, **_told(clock))])
            return 1
        effective = clock.due_at
        clock.fired_at, clock.next_at = at, None
        store.save_clocks([clock])
        if clock.on_due:
            # The law dates the consequence to the due instant, not to when the worker woke up.
            perform(docket, clock.on_due, actor=SYSTEM, at=effective, key=f"clock:{key}")
        else:
            store.insert_events([event(row, topic="clock.missed", at=at, **_told(clock))])
    return 1


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
