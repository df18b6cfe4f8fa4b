"""How a flow declares its clocks: lengths of time and limits. Nothing here reckons."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from django.utils.functional import Promise

if TYPE_CHECKING:
    from tongban.kernel.flow.step import Step

Words = str | Promise
Basis = Literal["working_days", "natural_days", "working_hours", "minutes"]


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time as the law counts it. Zero means at once.

    :param source: the rule behind it where the desk's data say it; else that of the limit
    :param warn: how long before the due instant to warn, where the data say it; else that of the limit
    """

    amount: int
    basis: Basis = "working_days"
    source: str = ""
    warn: Span | None = None


def working_days(amount: int) -> Span:
    """A number of working days of the region's calendar (行政许可法 第八十二条)."""
    return Span(amount, "working_days")


def natural_days(amount: int) -> Span:
    """A number of natural days."""
    return Span(amount, "natural_days")


def working_hours(amount: int) -> Span:
    """A number of hours of the unit's timetable."""
    return Span(amount, "working_hours")


def minutes(amount: int) -> Span:
    """A number of minutes round the clock, nights and holidays included (24 hours are 1,440)."""
    return Span(amount, "minutes")


@dataclass(frozen=True, slots=True)
class Limit:
    """A clock that a move starts.

    :param span: its length, or a function of the step that reads it from the desk's data
    :param on_due: name of the move that the system makes, once, when the limit falls due
    :param warn: how long before the due instant the unit is warned
    :param whose: ``unit`` when the clock is the responsible unit's, ``applicant`` when it waits
        for the citizen (such a clock never counts as the unit's delay)
    :param source: article of law behind it
    """

    name: str
    label: Words
    span: Span | Callable[[Step], Span]
    on_due: str = ""
    warn: Span | None = None
    whose: Literal["unit", "applicant"] = "unit"
    source: str = ""
