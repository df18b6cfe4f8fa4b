"""The embedded worker: delivers events, fires due clocks, runs scheduled jobs.

It runs in threads beside the web threads, or as a process of its own (`tongban worker`); any number may run against
PostgreSQL. News and due clocks have a thread of their own, so that nobody waits for them behind a job of minutes.
"""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import close_old_connections, connections
from django.db.models import Q
from django.utils import timezone

from tongban.kernel import store
from tongban.kernel.clock.firing import fire_due
from tongban.kernel.jobs.declaration import Job, all_jobs
from tongban.kernel.jobs.models import JobState, WorkerBeat
from tongban.kernel.outbox.relay import relay

logger = logging.getLogger(__name__)
PAUSE_SECONDS = 0.5
BEAT = timedelta(seconds=5)
AT_ONCE = 10
"""Events or clocks of one transaction: people who write meanwhile wait for moments only."""


Work = Callable[[datetime, str], int]
"""One round of work, at an instant and in a worker's name; gives how much was done."""


def worker_name() -> str:
    """Which worker this is: machine, process, thread."""
    return f"{socket.gethostname()[:20]}:{os.getpid()}:{threading.get_ident() % 100000}"


def run_jobs(*, at: datetime, holder: str, most: int | None = None) -> int:
    """Run jobs that are due and not leased to another worker, the longest due first; one missed run is caught up once.

    :param most: how many at this instant; a lease begins with it, so that whoever reads the clock runs them singly
    """
    ran = 0
    for job in _due(at):
        if ran == most:
            break
        if _claim(job, at=at, holder=holder):
            error = ""
            try:
                job.run(at)
            except Exception as failure:  # a failing job must not stop the others
                logger.exception("job %s failed", job.name)
                error = type(failure).__name__
            with store.writing():
                JobState.objects.filter(name=job.name, holder=holder).update(
                    holder="",
                    lease_until=None,
                    finished_at=at,
                    error=error,
                    next_at=job.schedule.following(at),
                )
            ran += 1
    return ran


def _due(at: datetime) -> list[Job]:
    """Jobs whose instant has come, in the order of their instants; new ones are entered."""
    next_at = dict(JobState.objects.values_list("name", "next_at"))
    new = [
        JobState(name=job.name, next_at=job.schedule.first(at))
        for job in all_jobs()
        if job.name not in next_at
    ]
    if new:
        with store.writing():
            JobState.objects.bulk_create(new, ignore_conflicts=True)
        next_at |= {state.name: state.next_at for state in new}
    return sorted((job for job in all_jobs() if next_at[job.name] <= at), key=lambda job: next_at[job.name])


def _claim(job: Job, *, at: datetime, holder: str) -> bool:
    with store.writing():
        free = Q(lease_until=None) | Q(lease_until__lt=at)
        claimed = JobState.objects.filter(free, name=job.name, next_at__lte=at).update(
            holder=holder, lease_until=at + job.lease, started_at=at
        )
    return bool(claimed)


def tell(*, at: datetime) -> int:
    """Deliver the news that waits and fire the clocks that are due; gives how much was done."""
    return relay(at=at, at_once=AT_ONCE) + fire_due(at=at, at_once=AT_ONCE)


def beat(*, at: datetime, holder: str) -> None:
    """Leave a sign of life."""
    with store.writing():
        WorkerBeat.objects.update_or_create(worker=holder, defaults={"beat_at": at})
        WorkerBeat.objects.filter(beat_at__lt=at - timedelta(hours=1)).delete()


def run(stop: threading.Event) -> None:
    """Work until told to stop: jobs in a thread of their own, news and clocks in the caller's."""
    jobs = threading.Thread(target=_rounds, args=(stop, _jobs), name="tongban-jobs", daemon=True)
    jobs.start()
    _rounds(stop, lambda at, _holder: tell(at=at), alive=True)
    jobs.join()


def _jobs(at: datetime, holder: str) -> int:
    return run_jobs(at=at, holder=holder, most=1)


def _rounds(stop: threading.Event, work: Work, *, alive: bool = False) -> None:
    """Round after round until told to stop. The only place below the web layer that reads the clock.

    :param alive: whether this thread leaves the worker's sign of life
    """
    holder, last_beat = worker_name(), None
    while not stop.is_set():
        done = 0
        try:
            at = timezone.now()
            if alive and (last_beat is None or at - last_beat >= BEAT):
                beat(at=at, holder=holder)
                last_beat = at
            done = work(at, holder)
        except Exception:  # a database that is away comes back; the worker must still be there
            logger.exception("worker round failed")
        if not done:
            stop.wait(PAUSE_SECONDS)
        close_old_connections()
    connections.close_all()


def start_thread() -> threading.Event:
    """Start the worker beside the web threads; set the event to stop it."""
    stop = threading.Event()
    threading.Thread(target=run, args=(stop,), name="tongban-worker", daemon=True).start()
    return stop
