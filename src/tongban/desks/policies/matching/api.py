"""The door of matching: how one party stands with every measure and why, who is entitled to a measure, runs, telling."""

from tongban.desks.policies.matching.contracts import (
    AmountInfo,
    Cause,
    ConditionInfo,
    Counts,
    Entitled,
    Holds,
    Known,
    Lack,
    Lacking,
    MatchingError,
    News,
    PairInfo,
    Remedy,
    RunInfo,
    RunState,
    Said,
    Why,
)
from tongban.desks.policies.matching.running import ask, run_all, run_measure, run_party
from tongban.desks.policies.matching.selectors import counts, entitled, last_complete, latest_runs, run
from tongban.desks.policies.matching.standing import standing, why
from tongban.desks.policies.matching.telling.sending import register_taken
from tongban.desks.policies.matching.telling.wishes import decline, mute, wishes_of

__all__ = [
    "AmountInfo",
    "Cause",
    "ConditionInfo",
    "Counts",
    "Entitled",
    "Holds",
    "Known",
    "Lack",
    "Lacking",
    "MatchingError",
    "News",
    "PairInfo",
    "Remedy",
    "RunInfo",
    "RunState",
    "Said",
    "Why",
    "ask",
    "counts",
    "decline",
    "entitled",
    "last_complete",
    "latest_runs",
    "mute",
    "register_taken",
    "run",
    "run_all",
    "run_measure",
    "run_party",
    "standing",
    "why",
    "wishes_of",
]
