"""The door of supervision: watch limits, read warnings, explain, appeal."""

from tongban.oversight.supervision.appealing import Evidence, explain, lodge
from tongban.oversight.supervision.contracts import (
    KIND,
    Appealed,
    Colour,
    Counted,
    Rung,
    SupervisionError,
    Watched,
)
from tongban.oversight.supervision.days import last_day
from tongban.oversight.supervision.marking import scan
from tongban.oversight.supervision.selectors import appealed, counted, late_of, marks, watched
from tongban.oversight.supervision.telling import tell_due

__all__ = [
    "KIND",
    "Appealed",
    "Colour",
    "Counted",
    "Evidence",
    "Rung",
    "SupervisionError",
    "Watched",
    "appealed",
    "counted",
    "explain",
    "last_day",
    "late_of",
    "lodge",
    "marks",
    "scan",
    "tell_due",
    "watched",
]
