"""What a city's year is told by: published figures with their rows, what is assumed beside them, and what a run came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction


class YearError(Exception):
    """A profile that cannot be read, or a run that cannot be; `possible` says what can."""

    def __init__(self, reason: str, *, possible: str = "") -> None:
        super().__init__(reason)
        self.reason, self.possible = reason, possible

    def __str__(self) -> str:
        return f"{self.reason}{self.possible}"


@dataclass(frozen=True, slots=True)
class Published:
    """One figure that the city published.

    :param row: what it is about, for who compares: matters A, themes B, casework C, the hotline E, policies G, with a number
    :param indicator: which of insight's it is compared with; empty: none computes it yet
    :param stock: how many there are, not how many there were in the time: a smaller run has as many
    """

    key: str
    value: Fraction
    row: str
    indicator: str
    stock: bool = False

    @property
    def decimals(self) -> int:
        """How many of them the city published."""
        text = str(float(self.value))
        return len(text.partition(".")[2].rstrip("0"))


@dataclass(frozen=True, slots=True)
class Assumed:
    """What no report says and a year needs all the same. Shares are of 1, weights of each other.

    :param phone: share of requests that came by telephone, where it is not published
    :param line: share of those by telephone that other lines handed over
    :param net: weights of the channels over the network
    :param closed: share of requests that are closed at the end, where it is not published
    :param at_once: share of the closed ones that were answered at once
    :param unclosed: weights of what became of the others: merged, refused, withdrawn, open
    :param upheld: share of returns that were right
    :param unreached: share of call-backs that reached nobody
    :param signed_late, handled_late: where on-time shares are not published
    :param levels: weights of city and county units
    :param urgent: share of those that units handle
    :param days: weights of one, two and three working days between signing and answering
    :param applications: of themes in the time, through the network
    :param crossings: handed over to places outside, where it is not published
    :param uses: of e-licences at windows
    :param decided_late, rejected: shares of department cases
    :param reviewed: share of closed applications that their applicant evaluated
    :param badly: share of these that were not content
    """

    months: tuple[Fraction, ...]
    weekdays: tuple[Fraction, ...]
    hours: tuple[Fraction, ...]
    phone: Fraction
    line: Fraction
    net: Mapping[str, Fraction]
    closed: Fraction
    at_once: Fraction
    unclosed: Mapping[str, Fraction]
    returned: Fraction
    upheld: Fraction
    delayed: Fraction
    joint: Fraction
    urged: Fraction
    reopened: Fraction
    unreached: Fraction
    satisfied: Fraction
    operators_satisfied: Fraction
    signed_late: Fraction
    handled_late: Fraction
    urgent: Fraction
    decided_late: Fraction
    rejected: Fraction
    reviewed: Fraction
    badly: Fraction
    applications: Fraction
    crossings: Fraction
    uses: Fraction
    days: tuple[Fraction, ...]
    levels: Mapping[str, Fraction]
    topics: Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class Profile:
    """A city's year, or a part of one: figures only."""

    slug: str
    city: str
    city_en: str
    first: date
    last: date
    made_up: bool
    published: Mapping[str, Published]
    assumed: Assumed

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    def value(self, key: str) -> Fraction | None:
        """A published figure; None where the city published none."""
        found = self.published.get(key)
        return found.value if found else None

    def days_to(self, last: date) -> tuple[date, date]:
        """First and last day when it ends on `last` instead."""
        return last - timedelta(days=self.days - 1), last


@dataclass(frozen=True, slots=True)
class Topic:
    """Something people say, who deals with it and what is answered; ``{place}`` and ``{n}`` stand for where.

    :param asks: a question that the hotline answers by itself
    """

    key: str
    department: str
    helper: str
    category: str
    kind: str
    matter: str
    text: str
    reply: str
    asks: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report: a published figure beside what insight computes.

    :param expected: the published figure at the run's scale; None where it cannot be scaled
    :param found: what insight says, None for none
    :param told: what the annual report says; empty where the run is no calendar year's
    :param same: whether both are what was published; None where nothing computes it yet
    """

    key: str
    row: str
    indicator: str
    published: str
    expected: str
    found: str
    told: str
    same: bool | None
    generated: bool
