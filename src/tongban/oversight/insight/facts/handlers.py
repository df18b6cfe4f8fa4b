"""What the outbox tells of is noted here, in the transaction of its delivery."""

from __future__ import annotations

from collections.abc import Sequence

from tongban.kernel import api as kernel
from tongban.kernel.outbox.relay import Sighting as Told
from tongban.kernel.outbox.relay import watch
from tongban.oversight.insight.facts.keeping import kept
from tongban.oversight.insight.facts.models import Sighting


@watch
def note(told: Sequence[Told]) -> None:
    """Note entries of dockets, and of the records that are counted; several events of one entry are one note."""
    counts = kept().counts
    wanted = {(one.stream, one.sequence) for one in told if counts(one.stream)}
    if wanted:
        columns = ("stream", "sequence")
        kernel.put_rows(Sighting._meta.db_table, columns, sorted(wanted), key=columns)
