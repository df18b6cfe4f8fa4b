"""A ticket's life: which moves are made when and by whom. Pure; every instant fits the hotline's rules and limits.

Everything has its hours, as desks have: a unit signs in the morning and answers in the afternoon, so that what a day brings
is made in few strokes. A moment is a day and a minute of it, in Shanghai.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Final

from tongban.year.contracts import Topic
from tongban.year.planning.city import City, Place

SIGN, GIVE_BACK, ASK_DELAY, URGE, HELP, JUDGE, APPROVE, REPLY, REVIEW = (
    580,
    610,
    630,
    650,
    900,
    930,
    940,
    960,
    1050,
)
CALL_BACK, REOPEN, NOTE = 600, 840, 860
FIRST_HOUR, LAST_HOUR = 8, 19
"""Between which the hotline dispatches."""
LAST_MINUTE: Final = 24 * 60 - 1
LONGEST: Final = 17
"""Working days that an answer takes which is late by every city's limits."""
DELAY: Final = 5
ANSWERING: Final = frozenset({"reply", "review"})
HEARING: Final = frozenset({"call_back", "reopen", "close"})
STUCK: Final = 3
"""One in so many of those that are open at the end lies at its unit, however long."""
ORDER: Final = (
    "take", "answer", "dispatch", "refuse", "withdraw", "merge", "sign", "give_back", "overrule", "uphold", "ask_delay",
    "approve_delay", "urge", "finish", "reply", "review", "call_back", "reopen", "close",
)  # fmt: skip
"""What comes first where two moves have the same minute."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message as it comes in."""

    index: int
    day: date
    minute: int
    channel: str
    topic: Topic
    place: Place
    fate: str
    number: int
    call: int = -1
    """Which of the year's calls it was told in; -1: none."""
    urgent: bool = False
    caller: int = -1
    """Whose earlier ticket this one says again; -1: nobody's."""
    phone: str = ""
    """The number it was told from; empty where it did not come by telephone."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a ticket that goes to a unit fares."""

    level: str = "county"
    days: int = 1
    returned: str = ""
    delayed: bool = False
    joint: bool = False
    urged: bool = False
    reopened: bool = False
    signed_late: bool = False
    handled_late: bool = False
    urgent: bool = False
    """Done on the day itself, at whatever hour it comes."""
    heard: str = "happy"
    """At the last call-back: happy, bitter (with the operator only), unhappy, sour (with both), unreached."""
    open: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """One move. `who` is a role of the hotline's desk or the id of a unit."""

    day: date
    minute: int
    move: str
    who: str
    ticket: int
    data: Mapping[str, Any] = field(default_factory=dict)


def dispatched_at(day: date, minute: int) -> tuple[date, int]:
    """When the hotline gets to a ticket: in the next hour, at night in the morning."""
    hour = minute // 60 + 1
    if hour <= FIRST_HOUR:
        return day, FIRST_HOUR * 60 + 5
    if hour <= LAST_HOUR:
        return day, hour * 60 + 5
    return day + timedelta(days=1), FIRST_HOUR * 60 + 5


def handled(told: Told, way: Way, *, city: City, last: date) -> list[Act]:
    """The life of a ticket that goes to a unit: closed by the last day, or still open on it."""
    acts = _life(told, way, city)
    if way.open:
        left_out = HEARING | ANSWERING if told.number % STUCK == 0 else HEARING
        return [act for act in acts if act.day <= last and act.move not in left_out]
    if way.urgent:
        return _in_haste(_life(told, Way(level=way.level, heard=way.heard), city), told)
    if acts[-1].day <= last:
        return acts
    acts = _life(told, Way(level=way.level, heard=way.heard), city)
    return acts if acts[-1].day <= last else _in_haste(acts, told)


def _in_haste(acts: list[Act], told: Told) -> list[Act]:
    """On the last days of all, and where it is urgent: everything on the day itself."""
    return [
        replace(act, day=told.day, minute=min(told.minute + 10 * (n + 1), LAST_MINUTE))
        for n, act in enumerate(acts)
    ]


class _Line:
    """Acts in the making."""

    def __init__(self, told: Told, city: City, way: Way) -> None:
        self.told, self.city, self.way = told, city, way
        county = told.place.county
        self.unit = city.unit(told.topic.department, level=way.level, county=county)
        self.helper = ""
        if told.topic.helper and city.has(told.topic.helper, county):
            self.helper = city.unit(told.topic.helper, level=way.level, county=county)
        self.acts: list[Act] = []

    def add(self, day: date, minute: int, move: str, who: str, **data: Any) -> None:
        self.acts.append(Act(day, minute, move, who, self.told.index, data))


def _life(told: Told, way: Way, city: City) -> list[Act]:
    line = _Line(told, city, way)
    day = _dispatch(line)
    day = _signing(line, day)
    day = _answering(line, day)
    day = _hearing(line, day + timedelta(days=1))
    return line.acts


def _dispatch(line: _Line) -> date:
    """Gives the day on which the unit gets to it."""
    city, told, way = line.city, line.told, line.way
    day, minute = dispatched_at(told.day, told.minute)
    tomorrow = minute > GIVE_BACK and city.works(day + timedelta(days=1))
    in_time = city.works(day) and (minute + 5 <= SIGN or tomorrow)
    if way.returned and not in_time:  # it may be returned within 24 hours only: sent when the unit is there
        day, minute = city.after(day), FIRST_HOUR * 60 + 5
    helpers = [line.helper] if way.joint and not way.returned and line.helper not in {"", line.unit} else []
    line.add(day, minute, "dispatch", "dispatcher", unit=line.unit, helpers=helpers)
    signs = day if city.works(day) and minute + 5 <= SIGN else city.after(day)
    if helpers:
        line.add(signs, HELP, "finish", line.helper)
    return signs


def _signing(line: _Line, day: date) -> date:
    city, way = line.city, line.way
    if way.returned:
        line.add(day, GIVE_BACK, "give_back", line.unit)
        if way.returned == "upheld" and line.helper not in {"", line.unit}:
            line.unit = line.helper
            line.add(day, JUDGE, "uphold", "dispatcher", unit=line.unit)
        else:
            line.add(day, JUDGE, "overrule", "dispatcher")
        day = city.after(day)
    if way.signed_late:
        day = city.after(day, 3)
    line.add(day, SIGN, "sign", line.unit)
    return day


def _answering(line: _Line, signed: date) -> date:
    """Gives the day of the answer."""
    city, way, days = line.city, line.way, line.way.days
    following = city.after(signed)
    if way.handled_late:
        days = LONGEST
    elif way.signed_late:
        days = 1
    elif way.delayed:
        line.add(following, ASK_DELAY, "ask_delay", line.unit, days=DELAY)
        line.add(following, APPROVE, "approve_delay", "dispatcher")
        days += DELAY
    if way.urged:
        line.add(following, URGE, "urge", "operator")
    return _reply(line, city.after(signed, days))


def _reply(line: _Line, day: date) -> date:
    line.add(day, REPLY, "reply", line.unit)
    line.add(day, REVIEW, "review", "dispatcher")
    return day


def _hearing(line: _Line, day: date) -> date:
    """The caller is heard; who is unhappy has it done again, or it is closed with a reason."""
    city, way = line.city, line.way
    if way.reopened:
        line.add(day, CALL_BACK, "call_back", "callback", heard="unhappy")
        line.add(day, REOPEN, "reopen", "callback")
        signs = city.after(day)
        line.add(signs, SIGN, "sign", line.unit)
        day = _reply(line, city.after(signs)) + timedelta(days=1)
    line.add(day, CALL_BACK, "call_back", "callback", heard=way.heard)
    if way.heard in {"unhappy", "sour"}:
        line.add(day, NOTE, "close", "callback")
    return day
