"""Reading regions, units, officers and parties."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Exists, Q, QuerySet
from django.utils.translation import gettext as _

from tongban.actors.contracts import (
    APPLICANT_ROLE,
    ActingInfo,
    Level,
    NotKnownError,
    RegionInfo,
    Role,
    UnitInfo,
)
from tongban.actors.directory import directory
from tongban.actors.models import (
    Acting,
    Appointment,
    Delegation,
    Officer,
    Organisation,
    Person,
    UnitName,
)
from tongban.kernel.contracts import SYSTEM, SYSTEM_ID, Actor, Authority, Grant
from tongban.kernel.prepared import Prepared

_ZONE = ZoneInfo("Asia/Shanghai")
# Those who look over a whole region, not only over their unit.
OVERSEERS = frozenset({Role.SUPERVISOR, Role.LEADER})


def day_of(at: datetime) -> date:
    """The day in China on which an aware instant lies."""
    return at.astimezone(_ZONE).date()


def holds_on(day: date) -> Q:
    """Condition on rows with `from_date` and `until_date` (the last day included)."""
    return Q(from_date__lte=day) & (Q(until_date__isnull=True) | Q(until_date__gte=day))


# Regions and units -------------------------------------------------------------------------


def region(code: str) -> RegionInfo:
    """A division by its twelve-digit code.

    :raises NotKnownError: no such division here
    """
    found = directory().regions.get(code)
    if found is None:
        raise NotKnownError(_("没有区划 %(code)s。") % {"code": code})
    return found


def region_chain(code: str) -> tuple[str, ...]:
    """Codes of the region and of everything above it, nearest first; empty when not known."""
    return directory().chain(code)


def regions_within(code: str) -> frozenset[str]:
    """Codes of the region and of everything below it."""
    return directory().within(code)


def regions_below(code: str) -> list[RegionInfo]:
    """The divisions directly below, by code, those that have ended left out."""
    held = directory()
    found = (held.regions[one] for one in held.below.get(code, ()))
    return sorted((one for one in found if one.ended_on is None), key=lambda one: one.code)


# Digits of the twelve that name a division of each level.
_DIGITS = {Level.CITY: 4, Level.COUNTY: 6, Level.TOWNSHIP: 9, Level.VILLAGE: 12}


def code_range(code: str) -> tuple[str, str]:
    """First and last code that a division's own numbering covers."""
    digits = _DIGITS[Level(region(code).level)]
    return code[:digits].ljust(12, "0"), code[:digits].ljust(12, "9")


def regions_between(first: str, last: str) -> list[str]:
    """Codes of known divisions from `first` to `last`."""
    return [code for code in directory().regions if first <= code <= last]


def unit(unit_id: str) -> UnitInfo:
    """A unit by its id, ended ones too.

    :raises NotKnownError: no such unit
    """
    found = directory().units.get(unit_id)
    if found is None:
        raise NotKnownError(_("没有单位 %(id)s。") % {"id": unit_id})
    return found


def live_unit(unit_id: str) -> UnitInfo | None:
    """The unit, or whoever took over from it when it has ended; None when nobody did."""
    units = directory().units
    seen: set[str] = set()
    found = units.get(unit_id)
    while found is not None and found.ended_on is not None:
        if found.id in seen or not found.successor:
            return None
        seen.add(found.id)
        found = units.get(found.successor)
    return found


def unit_for(*, department: str, region: str) -> UnitInfo | None:
    """The unit of a department that is responsible for a region: the region's own, else one above.

    A unit that was merged is answered by its successor, whatever department that belongs to.
    None when no level has such a unit.
    """
    held = directory()
    for code in held.chain(region):
        candidates = [held.units[uid] for uid in held.by_place.get((code, department), ())]
        candidates.sort(key=lambda u: (u.ended_on is not None, _same_department(u), u.id))
        for candidate in candidates:
            found = live_unit(candidate.id)
            if found is not None:
                return found
    return None


def _same_department(unit_info: UnitInfo) -> bool:
    parent = directory().units.get(unit_info.parent)
    return parent is not None and (parent.department, parent.region) == (
        unit_info.department,
        unit_info.region,
    )


def units_in(
    *, region: str, department: str = "", below: bool = False, ended: bool = False
) -> list[UnitInfo]:
    """Units of a region, by id; with `below` those of every region under it too."""
    held = directory()
    codes: Iterable[str] = held.within(region) if below else (region,)
    found = (held.units[uid] for code in codes for uid in held.by_region.get(code, ()))
    return sorted(
        (
            u
            for u in found
            if (ended or u.ended_on is None) and (not department or u.department == department)
        ),
        key=lambda u: u.id,
    )


def unit_name(*, unit_id: str, on: date | None = None) -> str:
    """What a unit is called, or was called on a day; its id when not known."""
    found = directory().units.get(unit_id)
    if on is None:
        return found.name if found else unit_id
    earlier = UnitName.objects.filter(unit_id=unit_id, from_date__lte=on).order_by("-from_date").first()
    return earlier.name if earlier else (found.name if found else unit_id)


# Actors ------------------------------------------------------------------------------------


def _appointments(officer: int, day: date, at: datetime) -> QuerySet[Appointment, Any]:
    of_officer = ("officer__name", "officer__unit_id", "officer__ended_on")
    held = Appointment.objects.filter(holds_on(day), officer_id=officer)
    delegated = Exists(_delegations(officer, day, at))
    return held.annotate(delegated=delegated).values_list("role", "unit_id", "delegated", *of_officer)


def _delegations(officer: int, day: date, at: datetime) -> QuerySet[Delegation, Any]:
    held = Delegation.objects.filter(holds_on(day), officer_id=officer)
    valid = held.filter(Q(revoked_at__isnull=True) | Q(revoked_at__gt=at)).order_by("pk")
    return valid.values_list("pk", "unit_id", "roles", "matters")


_APPOINTED = Prepared(_appointments, officer=int, day=date, at=datetime)
_DELEGATED = Prepared(_delegations, officer=int, day=date, at=datetime)


def actor_of_officer(*, officer_id: int, at: datetime, unit_id: str = "") -> Actor:
    """The kernel actor of an officer with what holds at `at`; one query, one more for what was delegated to him.

    :param unit_id: the unit acted for; one in which no appointment holds falls back to the own
    :raises NotKnownError: no such officer
    """
    day, actor_id = day_of(at), f"officer:{officer_id}"
    rows = list(_APPOINTED(officer=officer_id, day=day, at=at))
    name, own_unit, ended_on = rows[0][3:] if rows else _officer(officer_id)
    if ended_on is not None and ended_on <= day:
        return Actor(id=actor_id, name=name)
    grants = frozenset(Grant(row[0], row[1]) for row in rows)
    held_units = {grant.unit for grant in grants}
    home = unit_id if unit_id in held_units else own_unit
    if home not in held_units and held_units:
        home = min(held_units)
    units = directory().units
    return Actor(
        id=actor_id,
        name=name,
        unit=home,
        region=units[home].region if home in units else "",
        grants=grants,
        authorities=(_delegated(officer_id, at) if not rows or rows[0][2] else ())
        + _entrusted(officer_id, grants, at),
        regions=frozenset(units[g.unit].region for g in grants if g.role in OVERSEERS and g.unit in units),
    )


def _officer(officer_id: int) -> tuple[str, str, date | None]:
    found = Officer.objects.filter(pk=officer_id).values_list("name", "unit_id", "ended_on").first()
    if found is None:
        raise NotKnownError(_("没有这名工作人员。"))
    return found


def _delegated(officer_id: int, at: datetime) -> tuple[Authority, ...]:
    rows = _DELEGATED(officer=officer_id, day=day_of(at), at=at)
    return tuple(
        Authority(id=f"delegation:{pk}", unit=of, roles=frozenset(roles), matters=frozenset(matters))
        for pk, of, roles, matters in rows
    )


def _entrusted(officer_id: int, grants: frozenset[Grant], at: datetime) -> tuple[Authority, ...]:
    """What citizens entrusted to an agent; nobody else is asked about, so others cost no query."""
    if not any(grant.role == Role.AGENT for grant in grants):
        return ()
    from tongban.actors.mandates import authorities_of_agent

    return authorities_of_agent(officer_id, at=at)


def _led(person: int, day: date) -> QuerySet[Organisation, Any]:
    led = Organisation.objects.filter(legal_representative_id=person).order_by("pk")
    return led.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day)).values_list("pk", "name")


def _actings(person: int, day: date, at: datetime) -> QuerySet[Acting]:
    held = Acting.objects.filter(holds_on(day), person_id=person, awaiting=False)
    valid = held.filter(Q(revoked_at__isnull=True) | Q(revoked_at__gt=at)).order_by("pk")
    return valid.select_related("for_organisation", "for_person")


def _citizens(person: int, day: date, at: datetime) -> QuerySet[Person, Any]:
    for_others = Exists(_led(person, day)) | Exists(_actings(person, day, at))
    found = Person.objects.filter(pk=person).annotate(for_others=for_others)
    return found.values_list("name", "region", "ended_on", "for_others")


_CITIZEN = Prepared(_citizens, person=int, day=date, at=datetime)
_LED = Prepared(_led, person=int, day=date)
_ACTING = Prepared(_actings, person=int, day=date, at=datetime)


def actor_of_person(*, person_id: int, at: datetime) -> Actor:
    """The kernel actor of a citizen, with everybody in whose name they may ask; one query, three where there are others.

    Whom they may act for in everything is in `parties`; every acting, limited to matters or not,
    is an authority with role `applicant` and the principal's id as its unit.

    :raises NotKnownError: no such person
    """
    day = day_of(at)
    person = _CITIZEN.first(person=person_id, day=day, at=at)
    if person is None:
        raise NotKnownError(_("没有这个人的登记。"))
    (name, of_region, ended_on, for_others), actor_id = person, f"person:{person_id}"
    if ended_on is not None and ended_on <= day:
        return Actor(id=actor_id, name=name)
    acting = actings_of(person_id=person_id, at=at) if for_others else []
    return Actor(
        id=actor_id,
        name=name,
        region=of_region,
        parties=frozenset({actor_id, *(row.principal for row in acting if not row.matters)}),
        authorities=tuple(
            Authority(
                id=f"acting:{row.id}" if row.id else f"representative:{row.principal}",
                unit=row.principal,
                roles=frozenset({APPLICANT_ROLE}),
                matters=frozenset(row.matters),
            )
            for row in acting
        ),
    )


def actings_of(*, person_id: int, at: datetime) -> list[ActingInfo]:
    """In whose name a person may act at `at`, ended principals left out; two queries.

    A legal representative acts for the organisation by law (民法典 第六十一条): such a row has id 0.
    """
    day = day_of(at)
    found = [
        ActingInfo(id=0, principal=f"organisation:{pk}", name=name, until=None)
        for pk, name in _LED(person=person_id, day=day)
    ]
    for row in _ACTING(person=person_id, day=day, at=at):
        principal = row.for_organisation or row.for_person
        if principal is None or (principal.ended_on is not None and principal.ended_on <= day):
            continue
        found.append(
            ActingInfo(
                id=row.pk,
                principal=str(principal),
                name=principal.name,
                until=row.until_date,
                matters=tuple(row.matters),
            )
        )
    return found


def actor_of_organisation(*, organisation_id: int, at: datetime) -> Actor:
    """The kernel actor of an organisation that signs in by itself; one query.

    :raises NotKnownError: no such organisation
    """
    found = Organisation.objects.filter(pk=organisation_id).only("name", "region", "ended_on").first()
    if found is None:
        raise NotKnownError(_("没有这个单位的登记。"))
    actor_id = f"organisation:{organisation_id}"
    ended = found.ended_on is not None and found.ended_on <= day_of(at)
    parties: frozenset[str] = frozenset() if ended else frozenset({actor_id})
    return Actor(id=actor_id, name=found.name, region=found.region, parties=parties)


def actor(*, actor_id: str, at: datetime, unit_id: str = "") -> Actor:
    """The kernel actor of any id (``officer:12``, ``person:7``, ``organisation:3``, ``system``).

    :raises NotKnownError: nobody has this id
    """
    kind, pk = split_id(actor_id)
    if actor_id == SYSTEM_ID:
        return SYSTEM
    if kind == "officer":
        return actor_of_officer(officer_id=pk, at=at, unit_id=unit_id)
    if kind == "person":
        return actor_of_person(person_id=pk, at=at)
    if kind == "organisation":
        return actor_of_organisation(organisation_id=pk, at=at)
    raise NotKnownError(_("没有主体 %(id)s。") % {"id": actor_id})


def split_id(actor_id: str) -> tuple[str, int]:
    """Kind and row number of an actor id; number 0 when it has none."""
    kind, _colon, pk = actor_id.partition(":")
    return kind, int(pk) if pk.isdecimal() else 0


def units_of_officer(*, officer_id: int, at: datetime) -> list[UnitInfo]:
    """Units in which an officer holds a role at `at`, by id; the ones to switch between. One query."""
    ids = Appointment.objects.filter(holds_on(day_of(at)), officer_id=officer_id).values_list(
        "unit_id", flat=True
    )
    return [directory().units[one] for one in sorted(set(ids))]


def officers_with(*, role: str, unit_id: str, at: datetime) -> list[str]:
    """Actor ids of those appointed to a role in a unit at `at`, who still work there. One query."""
    day = day_of(at)
    rows = (
        Appointment.objects.filter(holds_on(day), role=role, unit_id=unit_id)
        .filter(Q(officer__ended_on__isnull=True) | Q(officer__ended_on__gt=day))
        .values_list("officer_id", flat=True)
    )
    return [f"officer:{pk}" for pk in sorted(set(rows))]


def officers_of(*, unit_id: str, at: datetime) -> list[str]:
    """Actor ids of those who belong to a unit or are appointed to anything in it at `at`. One query."""
    day = day_of(at)
    rows = Officer.objects.filter(
        Q(unit_id=unit_id)
        | Q(pk__in=Appointment.objects.filter(holds_on(day), unit_id=unit_id).values("officer_id"))
    ).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))
    return [f"officer:{pk}" for pk in sorted(rows.values_list("pk", flat=True))]
