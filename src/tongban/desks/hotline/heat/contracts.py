"""What crosses the door of heat."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

AFFAIR: Final = "affair"
REPEAT: Final = "repeat"
"""The kinds of dockets: a matter that many people tell of, and somebody's repeated messages under review."""


@dataclass(frozen=True, slots=True)
class Level:
    """A threshold of the pack: so many people within so many days."""

    number: int
    people: int
    days: int
    name: str
    name_en: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Tickets that tell of one thing at one place.

    :ivar number: the group's own number, stable while it grows
    :ivar docket: number of the warning's docket, "" while there is none; `state` its state
    :ivar trend: messages a week, the last twelve weeks, oldest first
    """

    number: int
    rank: int
    heat: float
    first_at: datetime
    last_at: datetime
    place: str
    summary: str
    tickets: int
    people: int
    pace: int
    spread: int
    angry: int
    level: int
    region: str
    unit: str
    docket: str = ""
    state: str = ""
    latitude: float | None = None
    longitude: float | None = None
    trend: tuple[int, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody or something often complained of: an estate, a company, a road."""

    name: str
    tickets: int
    people: int
    groups: int
    open: int
    closed: int
    unsatisfied: int
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Portrait:
    """A subject in figures.

    :ivar months: (first day of the month as ``YYYY-MM``, tickets), the last twelve
    :ivar matters: (category, tickets), most first; `units` likewise
    :ivar satisfaction: (value, tickets) of those that were asked
    """

    subject: Subject
    months: tuple[tuple[str, int], ...]
    matters: tuple[tuple[str, int], ...]
    units: tuple[tuple[str, int], ...]
    satisfaction: tuple[tuple[str, int], ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark of repeated messages that holds for a ticket's caller, as the caller is told of it.

    :ivar appealed: an objection is under review; else one may be made
    """

    number: str
    marked_at: datetime
    appealed: bool


class HeatRefused(Exception):  # noqa: N818 - an answer, not a fault
    """What cannot be done: why, and what is possible."""

    def __init__(self, reason: str, *, possible: str = "") -> None:
        super().__init__(reason)
        self.reason, self.possible = reason, possible
