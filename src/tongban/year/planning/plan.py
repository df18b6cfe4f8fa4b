"""A year's plan, day by day in order of time: what is planned is forgotten with its day, so that a year costs no more memory than a month."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import groupby

from tongban.year.contracts import Profile, Topic
from tongban.year.planning.calls import Call, Calls, spread
from tongban.year.planning.city import City, Place
from tongban.year.planning.lives import HELP, LAST_MINUTE, ORDER, Act, Told, Way, dispatched_at, handled
from tongban.year.planning.quantities import SETTLED, Quantities, quantities
from tongban.year.planning.quotas import Allotment, Marked, apportion, number_of

MAINS = 200
"""How many of the last tickets at units one may be merged into."""
TOGETHER = 500
"""Moves of one stroke, at most."""
AGAIN, UNTIL, AFTER = 4, Fraction(9, 10), 8
"""Somebody who says the same again and again: so many tickets, all before this part of the year is over; so many working
days after the last one it is put forward."""
SEEN = 40
"""Tickets that are looked through for those."""
BY_PHONE = frozenset({"phone", "line"})
TAKEN = 54
"""In the hour: from when what was said in its calls is taken."""


@dataclass(frozen=True, slots=True)
class Stroke:
    """What is done at once: the calls of a day, the messages of an hour, moves in their order, sessions.

    :param minute: of what is taken or heard together; each move has its own
    :param count: of what is told by its number alone, such as sessions with leaders; `first` is the first of them in the year
    """

    kind: str
    minute: int = 0
    acts: tuple[Act, ...] = ()
    told: tuple[Told, ...] = ()
    calls: tuple[Call, ...] = ()
    count: int = 0
    first: int = 0
    tickets: tuple[int, ...] = ()
    """Of what is about tickets of the year: which."""


@dataclass(frozen=True, slots=True)
class Day:
    """Everything that happens on a day, in order."""

    day: date
    strokes: tuple[Stroke, ...]

    @property
    def tickets(self) -> int:
        """How many messages come in."""
        return sum(len(one.told) for one in self.strokes)


class Plan:
    """A year of a city: the same for the same profile, scale, seed and days."""

    def __init__(
        self,
        profile: Profile,
        *,
        scale: Fraction,
        seed: int,
        last: date,
        city: City,
        topics: Mapping[str, Topic],
    ) -> None:
        """:raises YearError: figures that cannot be together"""
        self.profile, self.seed, self.city = profile, seed, city
        self.first, self.last = profile.days_to(last)
        self.counts: Quantities = quantities(profile, scale=scale)
        self._topics = topics
        self._allot()
        self._recent: deque[tuple[int, str, date]] = deque(maxlen=MAINS)
        self._waiting: list[int] = []
        self._at_units = 0

    def _allot(self) -> None:
        counts, assumed, seed = self.counts, self.profile.assumed, self.seed
        total, handled = counts.requests, counts.handled
        self._channel = Allotment(counts.channels, "channel", seed)
        self._fate = Allotment(counts.fates, "fate", seed)
        hours = apportion(total, assumed.hours)
        self._hour = Allotment({str(hour): count for hour, count in enumerate(hours)}, "hour", seed)
        self._asked = self._of_weights(total, self._weighed(asks=True), "asked")
        self._complained = self._of_weights(total, self._weighed(asks=False), "complained")
        self._place = Allotment(
            dict(zip(map(str, range(len(self.city.places))), apportion(total, [1] * len(self.city.places)), strict=True)),
            "place", seed,
        )  # fmt: skip
        whole = handled + counts.open
        self._level = self._of_weights(whole, assumed.levels, "level")
        self._days = self._of_weights(whole, dict(zip(("1", "2", "3"), assumed.days, strict=True)), "days")
        self._heard = Allotment(counts.heard, "heard", seed)
        early = int(handled * SETTLED)
        self._marked = {
            name: Marked(getattr(counts, name), early, name, seed) for name in ("joint", "urged", "reopened")
        }
        self._trouble = Allotment(self._troubles(early), "trouble", seed)
        self._upheld = Marked(int(early * assumed.upheld), early, "upheld", seed)
        self._again = self._repeated()

    def _repeated(self) -> dict[int, int]:
        """Which tickets say again what an earlier one said: by telephone, answered at once."""
        found: dict[int, int] = {}
        total = int(self.counts.requests * UNTIL)
        for repeater in range(self.counts.blocked):
            first = repeater * total // self.counts.blocked
            near = range(first, min(first + SEEN, (repeater + 1) * total // self.counts.blocked))
            fit = [n for n in near if self._fate(n) == "at_once" and self._channel(n) in BY_PHONE]
            if len(fit) >= AGAIN:
                found |= dict.fromkeys(fit[:AGAIN], fit[0])
        return found

    def repeaters(self) -> frozenset[int]:
        """The last ticket of each who says the same again and again."""
        return frozenset({leader: index for index, leader in self._again.items()}.values())

    def _troubles(self, size: int) -> dict[str, int]:
        """What goes wrong with a ticket, one thing at most, so that each clock comes out as planned."""
        found, left = {}, size
        for name in ("signed_late", "handled_late", "returned", "delayed", "urgent"):
            found[name] = min(getattr(self.counts, name), left)
            left -= found[name]
        return {**found, "none": left}

    def _weighed(self, *, asks: bool) -> dict[str, Fraction]:
        weights = self.profile.assumed.topics
        found = {
            key: weights.get(key, Fraction()) for key, topic in self._topics.items() if topic.asks is asks
        }
        return found if sum(found.values()) else dict.fromkeys(found, Fraction(1))

    def _of_weights(self, total: int, weights: Mapping[str, Fraction], name: str) -> Allotment:
        return Allotment(
            dict(zip(weights, apportion(total, list(weights.values())), strict=True)), name, self.seed
        )

    def days(self) -> Iterator[Day]:
        """Every day from the first to the last, once."""
        self._recent.clear()
        self._waiting, self._at_units = [], 0
        counts, dates = self.counts, [self.first + timedelta(days=n) for n in range(self.profile.days)]
        weights, working = self.weights(dates), [Fraction(self.city.works(day)) for day in dates]
        calls = Calls(counts.calls, counts.answered, hours=self.profile.assumed.hours, seed=self.seed)
        coming: dict[date, list[Act]] = defaultdict(list)
        again: dict[date, list[int]] = defaultdict(list)
        last_ones = self.repeaters()
        spreads = [spread(counts.requests, weights), spread(counts.calls, weights)]
        counted = {
            "session": spread(counts.sessions, working), "cross": spread(counts.crossings, working),
            "apply": spread(counts.applications, weights), "use": spread(counts.uses, working),
        }  # fmt: skip
        for day, (first, count), (call, many) in zip(dates, *spreads, strict=True):
            told_in = calls.of_hours(call, many)
            told = self._told(day, first, count, told_in)
            told_in = _from_their_phones(told_in, told)
            urgent = set()
            for one in told:
                acts, hurries = self._life(one)
                urgent |= {one.index} if hurries else set()
                for act in acts:
                    coming[act.day].append(act)
            told = [replace(one, urgent=True) if one.index in urgent else one for one in told]
            desks = [
                Stroke(name, count=number, first=start) for name, own in counted.items() for start, number in [next(own)]
            ]  # fmt: skip
            for one in told:
                if one.index in last_ones:
                    again[self.city.after(day, AFTER)].append(one.index)
            if put_forward := tuple(again.pop(day, ())):
                desks.append(Stroke("repeat", count=len(put_forward), tickets=put_forward))
            if counts.casework:
                desks += [Stroke("inbox", count=1), Stroke("desk", count=int(self.city.works(day)))]
            yield Day(
                day, (*_strokes(told, coming.pop(day, []), told_in), *(one for one in desks if one.count))
            )

    def weights(self, dates: Sequence[date]) -> list[Fraction]:
        """How busy each day is: its month's share, cut by weekdays."""
        assumed = self.profile.assumed
        of_month: dict[tuple[int, int], Fraction] = defaultdict(Fraction)
        length: dict[tuple[int, int], int] = defaultdict(int)
        for day in dates:
            of_month[day.year, day.month] += assumed.weekdays[day.weekday()]
            length[day.year, day.month] += 1
        return [
            assumed.months[day.month - 1] * length[day.year, day.month] * assumed.weekdays[day.weekday()]
            / of_month[day.year, day.month]
            for day in dates
        ]  # fmt: skip

    def _told(self, day: date, first: int, count: int, calls: Mapping[int, list[Call]]) -> list[Told]:
        """The day's messages, in order of time; those by telephone came in calls that were answered."""
        answered = iter([one for hour in calls.values() for one in hour if one.answered is not None])
        found = []
        for hour, index in sorted((int(self._hour(index)), index) for index in range(first, first + count)):
            fate, channel = self._fate(index), self._channel(index)
            topic, place, number = self.about(index)
            call = next(answered, None) if channel == "phone" else None
            later = max(hour, call.ended // 3600) if call else hour
            minute = later * 60 + TAKEN + number_of(day, later) % 4
            heard_in, leader = call.index if call else -1, self._again.get(index, -1)
            phone = self._phone(leader if leader >= 0 else index) if channel in BY_PHONE else ""
            found.append(
                Told(
                    index,
                    day,
                    minute,
                    channel,
                    topic,
                    place,
                    fate,
                    number,
                    heard_in,
                    caller=leader,
                    phone=phone,
                )
            )
        return sorted(found, key=lambda one: (one.minute, one.index))

    def _phone(self, caller: int) -> str:
        return f"139{number_of('message', self.seed, caller) % 10**8:08d}"

    def about(self, index: int) -> tuple[Topic, Place, int]:
        """What a ticket is about: topic, place, and the number of the house."""
        index = self._again.get(index, index)
        asked = self._asked(index) if self._fate(index) == "at_once" else self._complained(index)
        place = self.city.places[int(self._place(index))]
        return self._topics[asked], place, 1 + number_of("told", self.seed, index) % 9999

    def _life(self, told: Told) -> tuple[list[Act], bool]:
        """What becomes of a ticket, and whether it is urgent."""
        if told.fate == "unit":
            way = self._way()
            return self._handled(told, way), way.urgent
        return self._unhandled(told), False

    def _handled(self, told: Told, way: Way) -> list[Act]:
        acts = handled(told, way, city=self.city, last=self.last)
        if acts:
            ends = date.max if acts[-1].move not in {"call_back", "close"} else acts[-1].day
            self._recent.append((told.index, told.topic.key, ends))
            acts += self._merged_into(told, acts[0])
        return acts

    def _unhandled(self, told: Told) -> list[Act]:
        if told.fate == "at_once":
            return [Act(told.day, min(told.minute + 1, LAST_MINUTE), "answer", "operator", told.index)]
        day, minute = dispatched_at(told.day, told.minute)
        if day > self.last:
            day, minute = self.last, LAST_MINUTE
        if told.fate == "merged":
            return self._merge(told, day, minute)
        move, who = ("refuse", "dispatcher") if told.fate == "refused" else ("withdraw", "operator")
        return [Act(day, minute, move, who, told.index)]

    def _merge(self, told: Told, day: date, minute: int) -> list[Act]:
        """Into a ticket about the same that is still open then; else into the next one that comes."""
        still = [(index, key) for index, key, ends in self._recent if ends > day]
        into = next(
            (index for index, key in reversed(still) if key == told.topic.key),
            still[-1][0] if still else None,
        )
        if into is None:
            self._waiting.append(told.index)
            return []
        return [Act(day, minute, "merge", "dispatcher", told.index, {"into": into})]

    def _merged_into(self, told: Told, sent: Act) -> list[Act]:
        """What waited for a ticket to be merged into goes into this one when it is dispatched."""
        if sent.day > self.last:
            return []
        waiting, self._waiting = self._waiting, []
        return [
            Act(sent.day, sent.minute, "merge", "dispatcher", index, {"into": told.index})
            for index in waiting
        ]

    def _way(self) -> Way:
        """How the next ticket for a unit fares."""
        place, self._at_units = self._at_units, self._at_units + 1
        level, days = self._level(place), int(self._days(place))
        if place >= self.counts.handled:
            return Way(level=level, days=days, open=True)
        marks = {name: mark(place) for name, mark in self._marked.items()}
        trouble = self._trouble(place) if place < self._trouble.size else "none"
        returned = ("upheld" if self._upheld(place) else "overruled") if trouble == "returned" else ""
        late = {name: trouble == name for name in ("delayed", "signed_late", "handled_late", "urgent")}
        late["urgent"] &= not any(marks.values())
        return Way(level=level, days=days, returned=returned, heard=self._heard(place), **marks, **late)


def _from_their_phones(calls: Mapping[int, list[Call]], told: Sequence[Told]) -> dict[int, list[Call]]:
    """The day's calls, those in which a ticket was told from the number that the ticket bears."""
    phones = {one.call: one.phone for one in told if one.call >= 0}
    return {
        hour: [replace(one, caller=phones[one.index]) if one.index in phones else one for one in own]
        for hour, own in calls.items()
    }


def _strokes(
    told: Sequence[Told], acts: Sequence[Act], calls: Mapping[int, list[Call]]
) -> tuple[Stroke, ...]:
    """What a day brings: calls, what is said in them, then the moves of the day in their order.

    Moves of a morning and of an afternoon are apart, since who is asked in the morning for help helps in the afternoon.
    """
    rung = tuple(one for own in calls.values() for one in own)
    found = [Stroke("ring", LAST_MINUTE, calls=rung)] if rung else []
    found += [
        Stroke("take", minute, told=tuple(group))
        for minute, group in groupby(told, key=lambda one: one.minute)
    ]
    ordered = sorted(acts, key=lambda act: (act.minute, ORDER.index(act.move), act.ticket))
    for _part, group in groupby(ordered, key=lambda act: act.minute < HELP):
        own = tuple(group)
        found += [Stroke("move", acts=own[n : n + TOGETHER]) for n in range(0, len(own), TOGETHER)]
    return tuple(found)
