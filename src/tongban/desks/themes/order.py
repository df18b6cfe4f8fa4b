"""The order of matters: who waits for whom, on which level, and by which day each is due.

Knows codes and dates only. A joint survey is an event of its own: it is held once the last of its
matters has been opened, and none of them is decided before it; its days are not counted against the
limits (行政许可法 45).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from tongban.registers.catalogue.contracts import LimitSpec


class Calendar(Protocol):
    """Working days of a region. Both functions are monotone: a later start is never due earlier."""

    def due(self, start: date, limit: LimitSpec) -> date:
        """Last day of a limit that begins on `start`; days count from the next one. 0 = `start` itself,
        or the next working day.
        """
        ...

    def working_days(self, start: date, end: date) -> int:
        """Working days after `start` up to and including `end`."""
        ...

    def is_provisional(self, day: date) -> bool:
        """Whether `day` lies past the last published calendar."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """One matter to be scheduled; `after` names steps of the same set only."""

    code: str
    limit: LimitSpec
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Joint:
    """A joint survey of `days` working days for the named steps."""

    codes: tuple[str, ...]
    days: int


@dataclass(frozen=True, slots=True)
class Slot:
    starts_on: date
    due_on: date


def find_cycle(edges: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """One circle among prerequisites (`edges[x]` = what x waits for), first = last; empty if none."""
    done: set[str] = set()
    for root in edges:
        trail: list[str] = []
        stack: list[tuple[str, bool]] = [(root, False)]
        while stack:
            node, leaving = stack.pop()
            if leaving:
                trail.pop()
                done.add(node)
            elif node in trail:
                return (*trail[trail.index(node) :], node)
            elif node not in done:
                trail.append(node)
                stack.append((node, True))
                stack.extend((nearer, False) for nearer in edges.get(node, ()))
    return ()


def event_edges(after: Mapping[str, Iterable[str]], joints: Sequence[Joint]) -> dict[str, tuple[str, ...]]:
    """Prerequisites as events (``code`` finished, ``+code`` opened, ``*n`` survey n held), so that a
    survey of two matters of which one waits for the other shows as the circle that it is.
    """
    edges: dict[str, list[str]] = {}
    for code, earlier in after.items():
        edges[f"+{code}"] = list(earlier)
        edges[code] = [f"+{code}"]
    for number, joint in enumerate(joints):
        edges[f"*{number}"] = [f"+{code}" for code in joint.codes]
        for code in joint.codes:
            edges[code].append(f"*{number}")
    return {node: tuple(earlier) for node, earlier in edges.items()}


def levels(after: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Level of every code: 0 waits for nothing, else one more than the deepest it waits for.

    :raises ValueError: the prerequisites are a circle
    """
    found: dict[str, int] = {}
    waiting = dict(after)
    while waiting:
        ready = [code for code, earlier in waiting.items() if all(code_ in found for code_ in earlier)]
        if not ready:
            raise ValueError(" → ".join(find_cycle(waiting)))
        for code in ready:
            found[code] = max((found[earlier] + 1 for earlier in waiting.pop(code)), default=0)
    return found


def ancestors(after: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    """For every code all that it waits for, directly or through others. No circles."""
    found: dict[str, frozenset[str]] = {}

    def of(code: str) -> frozenset[str]:
        if code not in found:
            direct = frozenset(after.get(code, ()))
            found[code] = direct.union(*(of(earlier) for earlier in direct))
        return found[code]

    for code in after:
        of(code)
    return found


def schedule(
    steps: Sequence[Step], joints: Sequence[Joint], *, start: date, calendar: Calendar
) -> tuple[dict[str, Slot], tuple[date, ...]]:
    """Dates of every step, and for every joint survey the day its last matter is opened.

    Everything that can begin at once begins on `start`; the rest on the day its last prerequisite is due.

    :param steps: in an order in which every step stands after all it waits for
    :raises ValueError: prerequisites and surveys wait for each other
    """
    limits = {step.code: step.limit for step in steps}
    edges = event_edges({step.code: step.after for step in steps}, joints)
    at: dict[str, date] = {}
    held: dict[int, date] = {}
    joint_of = {code: number for number, joint in enumerate(joints) for code in joint.codes}
    for event in _sorted(edges):
        latest = max((at[earlier] for earlier in edges[event]), default=start)
        if event.startswith("*"):
            number = int(event[1:])
            held[number] = latest
            at[event] = calendar.due(latest, LimitSpec(joints[number].days))
        elif event.startswith("+"):
            at[event] = latest
        elif event in joint_of:
            number = joint_of[event]
            left = _left(limits[event], at[f"+{event}"], held[number], calendar)
            at[event] = calendar.due(at[f"*{number}"], left)
        else:
            at[event] = calendar.due(at[f"+{event}"], limits[event])
    slots = {step.code: Slot(at[f"+{step.code}"], at[step.code]) for step in steps}
    return slots, tuple(held[number] for number in range(len(joints)))


def one_by_one(
    steps: Sequence[Step], survey_days: Mapping[str, int], *, start: date, calendar: Calendar
) -> date:
    """Day on which everything is done if each step is begun when the one before it is finished, each
    with a survey of its own.
    """
    day = start
    for step in steps:
        day = calendar.due(day, step.limit)
        if step.code in survey_days:
            day = calendar.due(day, LimitSpec(survey_days[step.code]))
    return day


def _left(limit: LimitSpec, opened: date, held: date, calendar: Calendar) -> LimitSpec:
    """What is left of a limit when its clock is stopped on `held`."""
    if limit.unit == "natural_days":
        return LimitSpec(max(limit.amount - (held - opened).days, 0), limit.unit)
    used = calendar.working_days(opened, held)
    if limit.unit == "working_hours":
        return LimitSpec(max(limit.amount - used * HOURS_A_DAY, 0), limit.unit)
    return LimitSpec(max(limit.amount - used, 0), limit.unit)


HOURS_A_DAY = 7
"""Shortest published day of a unit: fewer hours counted as used, so a promise is never too early."""


def _sorted(edges: Mapping[str, Sequence[str]]) -> list[str]:
    placed: dict[str, None] = {}
    waiting = dict(edges)
    while waiting:
        ready = [event for event, earlier in waiting.items() if all(other in placed for other in earlier)]
        if not ready:
            raise ValueError(" → ".join(find_cycle(waiting)))
        for event in ready:
            placed[event] = None
            del waiting[event]
    return list(placed)
