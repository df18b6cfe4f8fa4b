"""What a plan has to know of a city: where people call from, who deals with what, on which days offices work."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere people call from. `county` is the division whose units deal with it."""

    region: str
    name: str
    county: str
    latitude: float | None = None
    longitude: float | None = None


@dataclass(frozen=True, slots=True)
class City:
    """The city in which a plan takes place.

    :param units: unit by department, level (``city``, ``county``) and county
    :param workdays: every working day of the time and of two months after it
    :param people: ids of those who apply for something
    """

    places: tuple[Place, ...]
    units: Mapping[tuple[str, str, str], str]
    workdays: frozenset[date]
    people: tuple[str, ...] = ()

    def unit(self, department: str, *, level: str, county: str) -> str:
        """The unit that deals with something of a department; the city's where the county has none."""
        return self.units.get((department, level, county)) or self.units[department, "city", county]

    def has(self, department: str, county: str) -> bool:
        """Whether anybody in the city has to do with it."""
        return (department, "city", county) in self.units

    def works(self, day: date) -> bool:
        """Whether offices are open."""
        return day in self.workdays

    def after(self, day: date, count: int = 1) -> date:
        """The working day so many working days after a day."""
        while count:
            day += timedelta(days=1)
            count -= day in self.workdays
        return day
