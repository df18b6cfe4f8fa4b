"""Delegations 授权 as officers read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from tongban.actors.models import Delegation, Officer
from tongban.actors.selectors import day_of, split_id
from tongban.kernel.contracts import Actor


@dataclass(frozen=True, slots=True)
class Colleague:
    """An officer as somebody who delegates to him knows him."""

    id: int
    name: str
    unit: str


def colleague(staff_number: str, *, at: datetime) -> Colleague | None:
    """The officer with this staff number, who still works; None when there is none. One query."""
    row = Officer.objects.filter(staff_number__iexact=staff_number.strip()).first()
    if row is None or (row.ended_on is not None and row.ended_on <= day_of(at)):
        return None
    return Colleague(row.pk, row.name, row.unit_id)


@dataclass(frozen=True, slots=True)
class DelegationInfo:
    """One delegation: `unit` gave `officer` (of `officer_unit`) its authority over `matters`.

    `matters` empty means all of the unit; `until` is the last day, None for open end.
    """

    id: str
    officer: str
    officer_unit: str
    unit: str
    matters: tuple[str, ...]
    roles: tuple[str, ...]
    since: date
    until: date | None
    document: str
    in_force: bool


@dataclass(frozen=True, slots=True)
class Chief:
    """首席服务员: an officer of `unit` who decides `matters` matters with other units' authority."""

    officer: str
    unit: str
    matters: int


def chiefs(*, at: datetime) -> list[Chief]:
    """Everybody to whom authority is delegated at an instant, by officer; one query."""
    day = day_of(at)
    rows = Delegation.objects.filter(Q(until_date__isnull=True) | Q(until_date__gte=day), from_date__lte=day)
    rows = rows.filter(Q(revoked_at__isnull=True) | Q(revoked_at__gt=at))
    rows = rows.filter(Q(officer__ended_on__isnull=True) | Q(officer__ended_on__gt=day))
    found: dict[tuple[int, str], set[tuple[str, str]]] = {}
    for officer, home, unit, matters in rows.values_list("officer", "officer__unit", "unit", "matters"):
        found.setdefault((officer, home), set()).update((unit, code) for code in matters)
    return [Chief(f"officer:{officer}", home, len(named)) for (officer, home), named in sorted(found.items())]


def delegations_of(actor: Actor, *, at: datetime, most: int = 200) -> list[DelegationInfo]:
    """Given by the units in which the actor holds a role, received there, or the actor's own; newest first.

    One query; ended and revoked ones are listed too, as not in force at `at`.
    """
    units = {grant.unit for grant in actor.grants}
    _kind, own = split_id(actor.id)
    day = day_of(at)
    rows = (
        Delegation.objects.filter(Q(unit__in=units) | Q(officer__unit__in=units) | Q(officer_id=own))
        .select_related("officer")
        .order_by("-from_date", "-pk")[:most]
    )
    return [
        DelegationInfo(
            id=str(row), officer=row.officer.name, officer_unit=row.officer.unit_id, unit=row.unit_id,
            matters=tuple(row.matters), roles=tuple(row.roles), since=row.from_date, until=row.until_date,
            document=row.document,
            in_force=row.from_date <= day
            and (row.until_date is None or row.until_date >= day)
            and (row.revoked_at is None or row.revoked_at > at),
        )
        for row in rows
    ]  # fmt: skip
