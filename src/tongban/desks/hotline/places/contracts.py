"""What crosses the door of places."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PlaceView:
    """A place with its code. Coordinates WGS 84, both or none.

    :param where: the place in words, as a ticket keeps it
    :param tickets: how many came from its code; 0 where nobody counted
    """

    code: str
    name: str
    where: str
    region: str
    latitude: float | None
    longitude: float | None
    unit: str
    made_at: datetime
    retired_at: datetime | None
    tickets: int = 0

    @property
    def live(self) -> bool:
        return self.retired_at is None


class PlacesRefused(Exception):  # noqa: N818 - an answer, not a fault
    """What cannot be done: why, and words by form field."""

    def __init__(self, reason: str, *, fields: dict[str, str] | None = None) -> None:
        super().__init__(reason)
        self.reason, self.fields = reason, fields or {}
