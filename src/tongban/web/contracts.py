"""Shapes that components draw. Every context fills them from its own rows; the shell knows none.

A component reads attributes only, so any object (or mapping) with the same names will do.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class ClockState(StrEnum):
    """How a running limit stands (ui.md §1); ``done`` and ``missed`` are ended ones."""

    ON_TIME = "on_time"
    NEAR = "near"
    OVERDUE = "overdue"
    SUSPENDED = "suspended"
    DONE = "done"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class ClockView:
    """One limit as a reader sees it.

    :param left: what is left, or what it is over by, counted in `unit`; None shows the date only
    :param unit: ``working_days``, ``natural_days``, ``working_hours`` or ``minutes``
    :param whole_day: the limit ends with a day (24:00), so the hour is not shown
    :param provisional: `due_at` lies past the last published calendar
    :param note: why it stands still, or what else a reader should know
    """

    state: ClockState
    due_at: datetime
    left: int | None = None
    unit: str = "working_days"
    whole_day: bool = True
    provisional: bool = False
    note: str = ""
    label: str = ""


def clock_state(
    *,
    at: datetime,
    due_at: datetime,
    warn_at: datetime | None = None,
    suspended_at: datetime | None = None,
    stopped_at: datetime | None = None,
) -> ClockState:
    """The state at `at` of a limit with these instants."""
    if stopped_at is not None:
        return ClockState.MISSED if stopped_at > due_at else ClockState.DONE
    if (suspended_at or at) > due_at:
        return ClockState.OVERDUE
    if suspended_at is not None:
        return ClockState.SUSPENDED
    return ClockState.NEAR if warn_at is not None and at >= warn_at else ClockState.ON_TIME


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """What happened: `what`, by `who` (a unit, for citizens), what comes `next`; newest first in a list."""

    at: datetime
    what: str
    who: str = ""
    next: str = ""
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Where a keyset page stands: cursors of its neighbours, empty at an end."""

    previous: str = ""
    next: str = ""
    size: int = 50
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Reusable:
    """A paper that government already holds and this slot may reuse."""

    value: str
    label: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in a slot; `size` in bytes."""

    name: str
    size: int
    url: str = ""
    preview_url: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """One material to hand in.

    :param name: of the form field
    :param reuse: offered first; choosing one needs no upload
    :param later: the material may follow (容缺后补), with the text that says by when
    """

    name: str
    label: str
    help: str = ""
    sample_url: str = ""
    mistakes: tuple[str, ...] = ()
    reuse: tuple[Reusable, ...] = ()
    chosen: str = ""
    files: tuple[Upload, ...] = ()
    required: bool = True
    later: str = ""
    error: str = ""
    used_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MoveButton:
    """A move of the flow on a docket page; `refused` says why it is not open."""

    name: str
    label: str
    url: str = ""
    refused: str = ""
    primary: bool = False
    danger: bool = False
    post: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter; `remove_url` is the list without it."""

    label: str
    remove_url: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A headline figure; `url` opens the dockets behind it."""

    label: str
    value: str
    url: str = ""
    denominator: str = ""
    note: str = ""
    state: str = field(default="")
