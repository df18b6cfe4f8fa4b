"""What is told to whom and when. Pure: no database, no clock.

A piece of news is a measure in one of its periods, and what there is to say of it. Each is a whole number (`code`), so that
what a party was told is a row of numbers; a piece that is among them is never told again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from tongban.desks.policies.contracts import Claimway, MeasureInfo, Period
from tongban.desks.policies.matching.contracts import News

_ORDER = tuple(News)
_STEP = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """How often and how much (`packs/matching/telling.yaml`).

    :param days: between two messages to one party at least so many
    :param listed: measures named in a message; the others are counted
    :param closing_days: a last day so near is told of
    :param percent: a number missed by at most this share of the threshold is a near miss; `near_days` the same of a day
    :param channels: beside the inbox
    """

    days: int
    listed: int
    closing_days: int
    percent: int
    near_days: int
    channels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offer:
    """What could be told to one party: keys of measures."""

    entitled: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    near: tuple[str, ...] = ()

    def of(self, kind: News) -> tuple[str, ...]:
        return {News.ENTITLED: self.entitled, News.CLOSING: self.closing, News.NEAR: self.near}[kind]

    def __bool__(self) -> bool:
        return bool(self.entitled or self.closing or self.near)


def period_of(period: str, day: date) -> str:
    """The period of a measure in which a day lies: ``2026``, ``2026Q4``, ``2026-11``; empty for *once*."""
    match period:
        case Period.YEAR:
            return f"{day.year}"
        case Period.QUARTER:
            return f"{day.year}Q{(day.month + 2) // 3}"
        case Period.MONTH:
            return f"{day.year}-{day.month:02d}"
        case _:
            return ""


def last_day(measure: MeasureInfo) -> date | None:
    """The last day on which a measure is given or claimed."""
    return min((day for day in (measure.closes_on, measure.valid_until) if day is not None), default=None)


def closes_soon(measure: MeasureInfo, *, day: date, limits: Limits) -> bool:
    """Whether somebody who is entitled has to do something soon. What comes without an application does not wait."""
    last = last_day(measure)
    if measure.way == Claimway.NONE or last is None or not measure.open_on(day):
        return False
    return day <= last <= day + timedelta(days=limits.closing_days)


def code(topic: int, kind: News) -> int:
    """A piece of news as a number."""
    return topic * _STEP + _ORDER.index(kind)


def topic_of(piece: int) -> int:
    """The measure in its period that a piece of news is about."""
    return piece // _STEP


def pack_codes(codes: Iterable[int]) -> bytes:
    """What was told, as kept."""
    return np.array(sorted(codes), dtype="<u4").tobytes()


def unpack_codes(packed: bytes) -> set[int]:
    """The same, read back."""
    return set(np.frombuffer(packed, dtype="<u4").tolist())


def may_tell(last_at: datetime | None, *, at: datetime, limits: Limits) -> bool:
    """Whether enough days have gone by since the last message."""
    return last_at is None or at - last_at >= timedelta(days=limits.days)


def fresh(
    offer: Offer, *, told: Collection[int], topics: Mapping[str, int], declined: Collection[str] = (),
    muted: Collection[str] = (),
) -> Offer:  # fmt: skip
    """What of an offer is news to a party that wants it.

    A measure that is told of as new is not told of as closing besides: its last day stands in the same message.

    :param told: codes of what it was told before
    :param topics: number of each measure in its present period; one without a number is not told
    :param declined: kinds that it does not want, `muted` measures
    """

    def news(kind: News, without: Collection[str] = ()) -> tuple[str, ...]:
        if kind.value in declined:
            return ()
        return tuple(
            key
            for key in offer.of(kind)
            if key in topics
            and key not in muted
            and key not in without
            and code(topics[key], kind) not in told
        )

    entitled = news(News.ENTITLED)
    return Offer(entitled, news(News.CLOSING, entitled), news(News.NEAR))


def codes_of(offer: Offer, topics: Mapping[str, int], *, closing: Collection[str]) -> set[int]:
    """What a message with this offer has told.

    :param closing: measures whose last day is near: one told of as new says its last day too
    """
    found = {code(topics[key], kind) for kind in News for key in offer.of(kind)}
    return found | {code(topics[key], News.CLOSING) for key in offer.entitled if key in closing}
