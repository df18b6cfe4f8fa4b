"""The hotline's figures as plain values. Rates keep numerator and denominator; nothing to divide by is no rate."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from tongban.desks.hotline.telephony.api import AnswerFigures

NET: Final = ("web", "qr", "mailbox", "message", "open311")
"""Channels that count as the net 网络; grid workers, other lines and sessions are neither phone nor net."""


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a whole, kept as two counts."""

    part: int = 0
    whole: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.part + other.part, self.whole + other.whole)


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` (inclusive) to `until` (exclusive), in a division and below (empty: the whole city)."""

    since: datetime
    until: datetime
    region: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """Messages that came in. Categories are those of the first level; divisions are counties (or townships of one)."""

    total: int = 0
    by_channel: dict[str, int] = field(default_factory=dict)
    by_kind: dict[str, int] = field(default_factory=dict)
    by_region: dict[str, int] = field(default_factory=dict)
    by_category: dict[str, int] = field(default_factory=dict)
    urged: int = 0
    urges: int = 0
    supervised: int = 0
    repeated: int = 0
    reopened: int = 0


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit. `signed` and `handled` are limits that ended in the period; `late` tickets that are late now.

    `score` is the ranking's: see `ranking`.
    """

    unit: str
    signed: Share = Share()
    handled: Share = Share()
    satisfied: Share = Share()
    solved: Share = Share()
    returned: int = 0
    upheld: int = 0
    late: int = 0
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything of one period, as of `at`."""

    period: Period
    at: datetime
    taken: Taken
    closed: int
    signed: Share
    handled: Share
    satisfied: Share
    solved: Share
    partly: int
    operators: Share
    returned: int
    judged: Share
    calls: AnswerFigures
    units: tuple[UnitLine, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the trend."""

    day: date
    taken: int
    closed: int


@dataclass(frozen=True, slots=True)
class Cluster:
    """Tickets near one another: `count` of them about `place`; `row` and `column` name the cell of the map."""

    row: int
    column: int
    latitude: float
    longitude: float
    place: str
    count: int


@dataclass(frozen=True, slots=True)
class Tile:
    """One division on the schematic map: its cell, and how many tickets it has."""

    code: str
    name: str
    column: int
    row: int
    count: int
