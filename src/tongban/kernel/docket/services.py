"""What the kernel does to many dockets at once without a desk's move."""

from __future__ import annotations

from datetime import datetime

from tongban.kernel import store
from tongban.kernel.clock.models import Clock
from tongban.kernel.contracts import Actor
from tongban.kernel.docket.models import Docket, DocketLink
from tongban.kernel.flow.writing import event, write_note

BATCH = 200


def hand_over(*, unit_from: str, unit_to: str, actor: Actor, at: datetime, reason: str) -> int:
    """Give every open docket of a unit to its successor; gives how many.

    Each docket's ledger notes the change, its officer is cleared, its clocks run on: a merger of
    units takes nothing from the citizen's time.
    """
    moved = 0
    while True:
        with store.writing():
            ids = list(
                Docket.objects.filter(unit=unit_from, closed_at=None)
                .order_by("id")
                .values_list("id", flat=True)[:BATCH]
            )
            if not ids:
                return moved
            rows = store.lock_dockets(ids)
            for key in ids:
                row = rows[key]
                row.unit, row.officer = unit_to, ""
                body = {"set": {"unit": unit_to, "officer": ""}, "from_unit": unit_from, "reason": reason}
                write_note(row, act="hand_over", at=at, body=body, actor=actor)
                store.insert_events([event(row, topic=f"{row.kind}.handed_over", at=at, unit_from=unit_from)])
            _clocks_follow(ids, unit_from, unit_to)
            moved += len(ids)


def _clocks_follow(dockets: list[int], unit_from: str, unit_to: str) -> None:
    Clock.objects.filter(docket__in=dockets, whose=unit_from, stopped_at=None).update(whose=unit_to)


def link(*, source: int, target: int, kind: str, at: datetime) -> None:
    """Relate two dockets; a second time changes nothing."""
    with store.writing():
        DocketLink.objects.bulk_create(
            [DocketLink(source_id=source, target_id=target, kind=kind, linked_at=at)], ignore_conflicts=True
        )


def linked(docket: int, kind: str) -> list[int]:
    """Ids of the dockets that this one points to by `kind`."""
    return list(DocketLink.objects.filter(source=docket, kind=kind).values_list("target", flat=True))
