"""Schedules that contexts declare in their `jobs.py`::

@job("ledger.seal", every=daily(0, 10))
def seal_yesterday(at: datetime) -> None: ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
Run = Callable[[datetime], None]
Schedule = Callable[[datetime], datetime]


@dataclass(frozen=True, slots=True)
class Job:
    """A named function that the worker runs at every instant of its schedule, once."""

    name: str
    following: Schedule
    run: Run
    lease: timedelta


_JOBS: dict[str, Job] = {}


def every(length: timedelta) -> Schedule:
    """At equal distances."""
    return lambda after: after + length


def daily(hour: int, minute: int = 0) -> Schedule:
    """Every day at an hour of Shanghai."""

    def following(after: datetime) -> datetime:
        local = after.astimezone(SHANGHAI)
        at = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return at if at > local else at + timedelta(days=1)

    return following


def job(name: str, *, every: Schedule, lease: timedelta = timedelta(minutes=10)) -> Callable[[Run], Run]:
    """Declare a scheduled job. `lease`: after this long another worker may take it over."""

    def declare(function: Run) -> Run:
        _JOBS[name] = Job(name, every, function, lease)
        return function

    return declare


def all_jobs() -> list[Job]:
    """Every declared job, by name."""
    return [_JOBS[name] for name in sorted(_JOBS)]
