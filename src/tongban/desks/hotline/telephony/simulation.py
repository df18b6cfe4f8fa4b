"""A simulated exchange's day: calls that arrive in peaks, wait for a free seat, and hang up when it takes too long.

Deterministic: the same seed and day give the same calls, whatever was asked before. No Django, no clock.
"""

from __future__ import annotations

import heapq
import io
import math
import random
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Share of a day's calls by hour: a peak before noon, another after the lunch break.
HOURS = (
    4, 3, 2, 2, 2, 4, 10, 26, 66, 98, 104, 84, 42, 38, 76, 92, 88, 70, 46, 40, 36, 28, 16, 8,
)  # fmt: skip
WEEKEND = 0.55
MENU = (6, 18)
TALK_MEAN, TALK_LEAST = 185.0, 25.0
AFTER_TALK = (20, 60)
PATIENCE_MEAN = 75.0
RATED = 0.62
RATINGS = ((1, 0.86), (2, 0.10), (3, 0.028), (4, 0.008), (5, 0.004))
IN_MENU = 0.022


@dataclass(frozen=True, slots=True)
class SimulatedCall:
    """One call of a day. `seat` counts from 0; None when nobody answered."""

    number: int
    line: str
    caller: str
    offered_at: datetime
    queued_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime
    seat: int | None
    rating: int


def day_of_calls(
    *, seed: int, day: date, calls: int, seats: int, lines: Sequence[str]
) -> list[SimulatedCall]:
    """All calls of a day, in the order in which they come.

    :param calls: how many on an ordinary working day; fewer at weekends
    :param seats: operators at work in the busiest hours; at night a third of them, at least one
    :param lines: keys of lines; the first gets most of the calls
    """
    dice = random.Random(f"{seed}:{day.isoformat()}")  # noqa: S311 - a simulation, nothing to guess
    wanted = calls * (WEEKEND if day.weekday() >= 5 else 1.0) * dice.uniform(0.9, 1.1)
    midnight = datetime.combine(day, time(), tzinfo=SHANGHAI)
    arrivals = sorted(_moment(dice) for _ in range(round(wanted)))
    free = [0.0] * seats
    heapq.heapify(free)
    return [
        _call(
            dice, index, second, midnight=midnight, free=free, seats=_open_seats(second, seats), lines=lines
        )
        for index, second in enumerate(arrivals)
    ]


def _moment(dice: random.Random) -> float:
    hour = dice.choices(range(24), weights=HOURS)[0]
    return hour * 3600 + dice.random() * 3600


def _open_seats(second: float, seats: int) -> int:
    hour = int(second // 3600)
    return seats if 8 <= hour < 18 else max(1, seats // 3)


def _call(
    dice: random.Random, index: int, second: float, *, midnight: datetime, free: list[float], seats: int, lines: Sequence[str]
) -> SimulatedCall:  # fmt: skip
    line = lines[0] if dice.random() < 0.78 or len(lines) == 1 else dice.choice(lines[1:])
    caller = f"1{dice.choice('3578')}{dice.randrange(10**9):09d}"
    menu = dice.uniform(*MENU)
    patience, talk = dice.expovariate(1 / PATIENCE_MEAN), max(TALK_LEAST, dice.expovariate(1 / TALK_MEAN))
    rest, likes = dice.uniform(*AFTER_TALK), dice.random()
    rating = dice.choices([one for one, _ in RATINGS], weights=[share for _, share in RATINGS])[0]
    offered = midnight + timedelta(seconds=int(second))
    if dice.random() < IN_MENU:
        gone = offered + timedelta(seconds=int(menu / 2))
        return SimulatedCall(index, line, caller, offered, None, None, gone, None, 0)
    queued = second + menu
    # Seats that are closed now count as busy: the earliest of the open ones answers.
    answers = max(queued, heapq.nsmallest(len(free) - seats + 1, free)[-1])
    queued_at = midnight + timedelta(seconds=int(queued))
    if answers - queued > patience:
        gone = queued_at + timedelta(seconds=int(patience))
        return SimulatedCall(index, line, caller, offered, queued_at, None, gone, None, 0)
    taken = heapq.nsmallest(len(free) - seats + 1, free)[-1]
    free.remove(taken)
    heapq.heapify(free)
    heapq.heappush(free, answers + talk + rest)
    picked = midnight + timedelta(seconds=int(answers + dice.uniform(1, 9)))
    return SimulatedCall(
        index, line, caller, offered, queued_at, picked, picked + timedelta(seconds=int(talk)),
        index % seats, rating if likes < RATED else 0,
    )  # fmt: skip


RATE, SECONDS, NOTES = 8_000, 2, 8


def tones(seed: str) -> bytes:
    """A WAV of tones, the same for the same seed: what a simulated exchange has instead of voices."""
    chance = random.Random(seed)  # noqa: S311 - a demonstration's tune
    frames = bytearray()
    for _note in range(NOTES):
        pitch = chance.choice((330, 392, 440, 523, 587))
        for n in range(RATE * SECONDS // NOTES):
            frames.append(128 + round(40 * math.sin(2 * math.pi * pitch * n / RATE)))
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE)
        file.writeframes(bytes(frames))
    return out.getvalue()
