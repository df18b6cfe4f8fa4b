"""Whether database, worker and queues are well."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError

from tongban.kernel.jobs.models import JobState, WorkerBeat
from tongban.kernel.outbox.models import Event
from tongban.kernel.outbox.relay import parked

SILENT = timedelta(seconds=30)
Check = Callable[[datetime], list[str]]
_CHECKS: dict[str, Check] = {}


def register_check(name: str, check: Check) -> None:
    """Let a context tell on `/healthz` what troubles it. One line each, no personal data, one query."""
    _CHECKS[name] = check


@dataclass(slots=True)
class Health:
    """`well` is False when the database or every worker is away."""

    database: bool = True
    worker: bool = False
    waiting: int = 0
    parked: list[dict[str, Any]] = field(default_factory=list)
    failed_jobs: list[str] = field(default_factory=list)
    troubles: dict[str, list[str]] = field(default_factory=dict)

    @property
    def well(self) -> bool:
        return self.database and self.worker


@dataclass(frozen=True, slots=True)
class LastRun:
    """When a job ran last, and with what: `error` is the name of what went wrong, empty when nothing did."""

    started_at: datetime | None
    finished_at: datetime | None
    next_at: datetime
    error: str


def last_run(name: str) -> LastRun | None:
    """Of a job that was declared; None before the worker saw it first. One query."""
    row = JobState.objects.filter(pk=name).first()
    return LastRun(row.started_at, row.finished_at, row.next_at, row.error) if row else None


def health(*, at: datetime) -> Health:
    """Look at the database; never raises."""
    state = Health()
    try:
        state.worker = WorkerBeat.objects.filter(beat_at__gte=at - SILENT).exists()
        state.waiting = Event.objects.filter(delivered_at=None)[:10_000].count()
        state.parked = parked()
        state.failed_jobs = list(JobState.objects.exclude(error="").values_list("name", flat=True))
        state.troubles = {name: told for name, check in _CHECKS.items() if (told := check(at))}
    except DatabaseError:
        state.database = False
    return state
