"""Regions and units held in memory: they are read at every request and change a few times a year.

A change in this process is seen at once; one made by another process within `TTL_SECONDS`.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import transaction

from tongban.actors.contracts import RegionInfo, UnitInfo
from tongban.actors.models import Region, Unit

TTL_SECONDS = 60.0


@dataclass(slots=True)
class Directory:
    """One reading of both tables. Read-only once built."""

    regions: dict[str, RegionInfo]
    units: dict[str, UnitInfo]
    read_at: float
    below: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    by_place: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    by_region: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    chains: dict[str, tuple[str, ...]] = field(default_factory=dict)
    ranges: dict[str, frozenset[str]] = field(default_factory=dict)
    english: dict[str, str] = field(default_factory=dict)

    def chain(self, code: str) -> tuple[str, ...]:
        """The region and everything above it, nearest first; empty when not known."""
        known = self.chains.get(code)
        if known is None:
            links: list[str] = []
            step = code
            while step in self.regions and step not in links:
                links.append(step)
                step = self.regions[step].parent
            known = self.chains[code] = tuple(links)
        return known

    def within(self, code: str) -> frozenset[str]:
        """The region and everything below it."""
        known = self.ranges.get(code)
        if known is None:
            found, queue = {code}, [code]
            while queue:
                for child in self.below.get(queue.pop(), ()):
                    if child not in found:
                        found.add(child)
                        queue.append(child)
            known = self.ranges[code] = frozenset(found)
        return known


_lock = threading.Lock()
_current: Directory | None = None
_generation = 0


def directory() -> Directory:
    """The reading in force, renewed by two queries when it is older than `TTL_SECONDS`."""
    global _current  # noqa: PLW0603  # one reading per process is the point
    reading = _current
    if reading is not None and time.monotonic() - reading.read_at < TTL_SECONDS:
        return reading
    generation = _generation
    reading = _read()
    with _lock:
        if generation == _generation:  # nothing changed while it was read
            _current = reading
    return reading


def english_unit_name(name: str) -> str:
    """The English of a unit that a paper names; the name itself where nobody wrote one. In memory, no query."""
    return directory().english.get(name, name)


def forget() -> None:
    """Read both tables again at the next question."""
    global _current, _generation
    with _lock:
        _current, _generation = None, _generation + 1


def changed(**_signal: Any) -> None:
    """A region or unit was saved: forget now, and again when others can see it."""
    forget()
    transaction.on_commit(partial(forget))


def _read() -> Directory:
    regions = {row.code: _region(row) for row in Region.objects.all()}
    units = {row.id: _unit(row) for row in Unit.objects.order_by("id")}
    reading = Directory(regions=regions, units=units, read_at=time.monotonic())
    for region in regions.values():
        if region.parent:
            reading.below[region.parent].append(region.code)
    for unit in units.values():
        reading.by_place[unit.region, unit.department].append(unit.id)
        reading.by_region[unit.region].append(unit.id)
        if unit.name_en:
            reading.english[unit.name] = unit.name_en
    return reading


def _region(row: Region) -> RegionInfo:
    return RegionInfo(
        code=row.code,
        name=row.name,
        level=row.level,
        parent=row.parent_id or "",
        name_en=row.name_en,
        latitude=row.latitude,
        longitude=row.longitude,
        ended_on=row.ended_on,
    )


def _unit(row: Unit) -> UnitInfo:
    return UnitInfo(
        id=row.id,
        name=row.name,
        region=row.region_id,
        department=row.department,
        parent=row.parent_id or "",
        name_en=row.name_en,
        address=row.address,
        phone=row.phone,
        opening=tuple(row.opening),
        windows=row.windows,
        latitude=row.latitude,
        longitude=row.longitude,
        uscc=row.uscc,
        ended_on=row.ended_on,
        successor=row.successor_id or "",
    )
