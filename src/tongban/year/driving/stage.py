"""The demonstration's city as a plan needs it, and the officers who act in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.actors.api import Role
from tongban.desks.hotline.api import CENTRE
from tongban.kernel import api as kernel
from tongban.kernel.calendar.rules import CalendarError
from tongban.kernel.calendar.selectors import calendar_for
from tongban.year.contracts import Topic, YearError
from tongban.year.driving import staffing
from tongban.year.driving.staffing import staffed
from tongban.year.planning.city import City, Place

SHANGHAI = ZoneInfo("Asia/Shanghai")
ROLES: Final = {"operator": Role.OPERATOR, "dispatcher": Role.DISPATCHER, "callback": Role.CALLBACK}
DECIDING: Final = (Role.HANDLER.value, Role.APPROVER.value, Role.WINDOW.value)
AFTERWARDS: Final = timedelta(days=90)
"""How far beyond the last day working days are looked up."""


def moment(day: date, minute: int) -> datetime:
    """A minute of a day in Shanghai."""
    return datetime.combine(day, time(minute // 60, minute % 60), tzinfo=SHANGHAI)


def set_up(topics: Iterable[Topic], *, first: date, last: date, people: int = 0, seed: int = 0) -> City:
    """The city of this installation, with somebody at every unit that is needed.

    :param people: so many residents who apply for something, invented
    :raises YearError: there is no hotline in it, or no calendar of that time
    """
    at, known = moment(first, 0), tuple(topics)
    if actors.unit_for(department=CENTRE, region=settings.ROOT_REGION) is None:
        raise YearError(_("没有12345热线中心。"), possible=_("先装入城市：tongban demo load --only city。"))
    units = _units(known)
    asking = tuple(f"person:{staffing.FIRST_PERSON + n}" for n in range(people))
    wanted = {unit: [Role.HANDLER.value] for unit in set(units.values()) if not staffed(unit, at=at)}
    if people:
        wanted |= staffing.wanting(_deciding(), DECIDING, at=at)
    settled = not people or actors.party_name(asking[-1]) != asking[-1]
    counties = [one.code for one in _counties()]
    staffing.enter(wanted, [] if settled else staffing.residents(people, counties, seed=seed))
    actors.forget()
    return City(_places(), units, _workdays(first, last), asking)


def _deciding() -> list[str]:
    """Units of city and counties, where departments decide."""
    regions = (settings.ROOT_REGION, *(one.code for one in _counties()))
    return [unit.id for region in regions for unit in actors.units_in(region=region)]


def _counties() -> list[actors.RegionInfo]:
    return actors.regions_below(settings.ROOT_REGION)


def _places() -> tuple[Place, ...]:
    return tuple(
        Place(one.code, one.name, county.code, one.latitude, one.longitude)
        for county in _counties()
        for one in (county, *actors.regions_below(county.code))
    )


def _units(topics: Iterable[Topic]) -> Mapping[tuple[str, str, str], str]:
    found = {}
    departments = {name for topic in topics for name in (topic.department, topic.helper) if name}
    for department in sorted(departments):
        for county in _counties():
            for level, region in (("city", settings.ROOT_REGION), ("county", county.code)):
                unit = actors.unit_for(department=department, region=region)
                if unit:
                    found[department, level, county.code] = unit.id
    return found


def _workdays(first: date, last: date) -> frozenset[date]:
    calendar = calendar_for(settings.ROOT_REGION)
    days = (first + timedelta(days=n) for n in range((last + AFTERWARDS - first).days))
    try:
        return frozenset(day for day in days if calendar.is_workday(day))
    except CalendarError as error:
        raise YearError(str(error)) from error


class Cast:
    """Who acts: officers of the hotline's desk by role, of other units by the unit's id."""

    def __init__(self, at: datetime) -> None:
        self._at = at
        self._known: dict[str, kernel.Actor] = {}
        self._holders: dict[tuple[str, str], list[str]] = {}
        self._actors: dict[tuple[str, str], kernel.Actor] = {}
        centre = actors.unit_for(department=CENTRE, region=settings.ROOT_REGION)
        self.centre = centre.id if centre else ""

    def who(self, name: str) -> kernel.Actor:
        """:raises YearError: nobody is appointed"""
        if name not in self._known:
            unit = self.centre if name in ROLES else name
            found = self._officer(name, unit)
            if not found:
                raise YearError(_("%(unit)s没有人：%(name)s。") % {"unit": unit, "name": name})
            self._known[name] = actors.actor(actor_id=found, at=self._at, unit_id=unit)
        return self._known[name]

    def of(self, role: str, unit: str, *, but: str = "") -> kernel.Actor | None:
        """Somebody with a role at a unit who is not `but`; None where there is nobody."""
        if (role, unit) not in self._holders:
            self._holders[role, unit] = sorted(actors.officers_with(role=role, unit_id=unit, at=self._at))
        found = next((one for one in self._holders[role, unit] if one != but), "")
        if not found:
            return None
        if (found, unit) not in self._actors:
            self._actors[found, unit] = actors.actor(actor_id=found, at=self._at, unit_id=unit)
        return self._actors[found, unit]

    def _officer(self, name: str, unit: str) -> str:
        if name not in ROLES:
            return staffed(unit, at=self._at)
        return min(actors.officers_with(role=ROLES[name].value, unit_id=unit, at=self._at), default="")
