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
Next = Callable[[datetime], datetime]


@dataclass(frozen=True, slots=True)
class Schedule:
    """When something runs.

    :param following: the next instant after another
    :param first: when it runs first where it never ran, from the instant at which that is seen
    """

    following: Next
    first: Next


@dataclass(frozen=True, slots=True)
class Job:
    """A named function that the worker runs at every instant of its schedule, once.

    :param lease: after this long another worker may take a run over
    """

    name: str
    schedule: Schedule
    run: Run
    lease: timedelta


_JOBS: dict[str, Job] = {}


def every(length: timedelta) -> Schedule:
    """At equal distances, from when it is first seen."""
    return Schedule(following=lambda after: after + length, first=lambda seen: seen)


def daily(hour: int, minute: int = 0) -> Schedule:
    """Every day at an hour of Shanghai; a night's work waits for its first night."""

    def following(after: datetime) -> datetime:
        local = after.astimezone(SHANGHAI)
        at = local.replace(hour=hour, minute=minute, second=0, microsecond=0)
        return at if at > local else at + timedelta(days=1)

    return Schedule(following=following, first=following)


def job(name: str, *, every: Schedule, lease: timedelta = timedelta(minutes=10)) -> Callable[[Run], Run]:
    """Declare a scheduled job. `lease`: after this long another worker may take it over."""

    def declare(function: Run) -> Run:
        _JOBS[name] = Job(name, every, function, lease)
        return function

    return declare


def all_jobs() -> list[Job]:
    """Every declared job, by name."""
    return [_JOBS[name] for name in sorted(_JOBS)]
