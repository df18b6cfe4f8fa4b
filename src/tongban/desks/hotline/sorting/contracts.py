"""What crosses the door of sorting."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tongban.desks.hotline.contracts import Urgency

Word = tuple[str, float]
"""A word of the message, and how much it spoke for the category (above zero: for it)."""


def hundredths(confidence: float) -> int:
    """A confidence as it is shown: nothing that was learned is ever wholly sure."""
    return min(round(confidence * 100), 99)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What sorting makes of a message: a proposal; a person, or a threshold that the city set, decides.

    :param category: one to three levels of the taxonomy; empty where there is no model (`reason` says why)
    :param confidence: of the first level; 0.9 is right nine times in ten
    :param words: what decided, weightiest first
    :param matter: code of the regulated matter (kinds 02, 03, 06), `matter_basis` its law and article; or empty
    :param unit: id of the unit in charge at the place, or empty
    :param calls: 110, 119, 120 that an emergency is for
    :param region: division code of the place as far as the message tells, else the one asked with
    :param version: of the model
    """

    category: tuple[str, ...] = ()
    confidence: float = 0.0
    words: tuple[Word, ...] = ()
    matter: str = ""
    matter_name: str = ""
    matter_basis: str = ""
    unit: str = ""
    urgency: Urgency = Urgency.ORDINARY
    alarms: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    region: str = ""
    version: str = ""
    reason: str = ""
    others: tuple[Word, ...] = ()
    """The next likeliest first levels, with their confidences."""

    @property
    def path(self) -> str:
        """The category as tickets keep it."""
        return "/".join(self.category)


@dataclass(frozen=True, slots=True)
class Ruling:
    """Whether a suggestion may be dispatched without a person, and why or why not."""

    automatic: bool
    why: str
    threshold: float | None


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold that was set; empty `channel` or `category`: for every one. No `confidence`: never without a person."""

    region: str
    channel: str
    category: str
    confidence: float | None
    set_by: str
    set_at: datetime


@dataclass(frozen=True, slots=True)
class Proposed:
    """What was proposed for one ticket, and what became of it.

    :param automatic: it was dispatched as proposed without a person; `why` says why, or why not
    :param followed: who dispatched it sent it to the unit that was proposed; None: not dispatched yet
    :param returned: that unit returned it, and the return was judged to be right
    """

    version: str
    category: str
    confidence: float
    unit: str
    matter: str
    threshold: float | None
    why: str
    automatic: bool
    decided_by: str
    followed: bool | None
    returned: bool
    unit_chosen: str = ""

    @property
    def sure(self) -> int:
        """Confidence in hundredths."""
        return hundredths(self.confidence)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Proposals that were decided on: `followed` as proposed, `returned` of those with right; `by_itself` without a person."""

    decided: int = 0
    by_itself: int = 0
    followed: int = 0
    returned: int = 0

    @property
    def right(self) -> int:
        """Followed, and not returned."""
        return self.followed - self.returned

    @property
    def other(self) -> int:
        """Sent to another unit than proposed."""
        return self.decided - self.followed

    def __add__(self, other: Accuracy) -> Accuracy:
        return Accuracy(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Version:
    """A model as the register of models tells of it. Figures are of held-out messages."""

    name: str
    made_at: datetime
    made_by: str
    source: str
    texts: int
    macro_f1: float | None
    calibration_error: float | None
    in_use: bool
    note: str = ""
    before: float | None = None
    """The figure of the version that was in use then, on the same messages."""
    held_out: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """What a training came to."""

    version: str
    replaced: bool
    words: str
    texts: int
    held_out: int
    macro_f1: float | None = None
    before: float | None = None
    calibration_error: float | None = None
    facts: dict[str, Any] = field(default_factory=dict)


class SortingError(Exception):
    """What cannot be done, in words that say what is possible."""
