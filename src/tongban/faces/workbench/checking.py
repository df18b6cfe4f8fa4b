"""Recompute one stream of the ledger: is what the page shows what was written."""

from __future__ import annotations

from dataclasses import dataclass

from tongban.kernel import api as kernel
from tongban.kernel.ledger.rules import START, entry_digest
from tongban.kernel.models import Anchor, Entry


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found. `faults` are sequence numbers at which the chain breaks; 0 is the head."""

    entries: int
    faults: list[int]
    anchored: int

    @property
    def sound(self) -> bool:
        return not self.faults


def check_stream(row: kernel.DocketRow) -> Checked:
    """Recompute the chain of a docket and compare its end with the docket.

    `anchored` counts entries written before the last signed anchor.
    """
    last = Anchor.objects.order_by("-recorded_until").values_list("recorded_until", flat=True).first()
    previous, faults, anchored, count = START, [], 0, 0
    for count, entry in enumerate(Entry.objects.filter(stream=row.number).order_by("sequence"), start=1):
        digest = entry_digest(
            previous=entry.previous, stream=entry.stream, sequence=entry.sequence, actor=entry.actor,
            unit=entry.unit, authority=entry.authority, act=entry.act, at=entry.at, body=entry.body,
            personal_digest=entry.personal_digest,
        )  # fmt: skip
        if entry.sequence != count or entry.previous != previous or digest != entry.digest:
            faults.append(entry.sequence)
        anchored += last is not None and entry.recorded_at < last
        previous = entry.digest
    if (count, previous) != (row.revision, row.ledger_head):
        faults.append(0)
    return Checked(count, faults, anchored)
