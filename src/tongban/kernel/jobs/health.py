"""Whether database, worker and queues are well."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError

from tongban.kernel.jobs.models import JobState, WorkerBeat
from tongban.kernel.outbox.models import Event
from tongban.kernel.outbox.relay import parked

SILENT = timedelta(seconds=30)


@dataclass(slots=True)
class Health:
    """`well` is False when the database or every worker is away."""

    database: bool = True
    worker: bool = False
    waiting: int = 0
    parked: list[dict[str, Any]] = field(default_factory=list)
    failed_jobs: list[str] = field(default_factory=list)

    @property
    def well(self) -> bool:
        return self.database and self.worker


def health(*, at: datetime) -> Health:
    """Look at the database; never raises."""
    state = Health()
    try:
        state.worker = WorkerBeat.objects.filter(beat_at__gte=at - SILENT).exists()
        state.waiting = Event.objects.filter(delivered_at=None)[:10_000].count()
        state.parked = parked()
        state.failed_jobs = list(JobState.objects.exclude(error="").values_list("name", flat=True))
    except DatabaseError:
        state.database = False
    return state
