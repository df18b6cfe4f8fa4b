"""Reading schools and their lists. Who may see a list is decided by the caller."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from tongban.desks.themes.schools import looking
from tongban.desks.themes.schools.models import Enrolment, Photo, PhotoState, School
from tongban.desks.themes.schools.services import school_year
from tongban.kernel.contracts import Actor
from tongban.kernel.prepared import Prepared

PAGE = 200
"""Lines of a list on one page; what is settled makes room for the next."""


@dataclass(frozen=True, slots=True)
class Seats:
    """How a school's year stands."""

    school: School
    applied: int
    placed: int
    photos: int

    @property
    def free(self) -> int:
        return max(0, self.school.seats - self.placed)


@dataclass(frozen=True, slots=True)
class Line:
    """One application on a list; `double`: the child stands on another list or line too."""

    row: Enrolment
    double: bool


def schools(region: str = "") -> list[School]:
    """Every school, by region and code."""
    rows = School.objects.order_by("region", "stage", "code")
    return list(rows.filter(region=region) if region else rows)


_BY_CODE = Prepared(lambda code: School.objects.filter(code=code))


def school(code: str) -> School | None:
    return _BY_CODE.first(code=code)


def kept_by(actor: Actor) -> list[School]:
    """The schools whose lists an officer keeps: those of the units in which he holds a role."""
    return list(
        School.objects.filter(unit__in={grant.unit for grant in actor.grants}).order_by("region", "code")
    )


def counts(found: Iterable[School], *, at: datetime) -> list[Seats]:
    """Seats, applications and photos that wait for a human, of several schools; two queries."""
    rows = list(found)
    year = school_year(at)
    numbers = {
        school: (n, placed)
        for school, n, placed in Enrolment.objects.filter(school__in=rows, year=year)
        .values_list("school")
        .annotate(n=Count("id"), placed=Count("id", filter=Q(placed_at__isnull=False)))
    }
    photos = dict(
        Photo.objects.filter(
            enrolment__school__in=rows,
            enrolment__year=year,
            state__in=(PhotoState.CLEAN, PhotoState.DOUBTFUL),
        )
        .values_list("enrolment__school")
        .annotate(n=Count("id"))
    )
    return [Seats(one, *numbers.get(one.pk, (0, 0)), photos.get(one.pk, 0)) for one in rows]


def lines(one: School, *, placed: bool, at: datetime) -> list[Line]:
    """The list in its order: by category, then by the time of submitting."""
    year = school_year(at)
    rows = list(
        Enrolment.objects.filter(school=one, year=year, placed_at__isnull=not placed).order_by(
            "rank", "at", "id"
        )[:PAGE]
    )
    children = (
        Enrolment.objects.filter(year=year, child__in={row.child for row in rows})
        .values("child")
        .annotate(n=Count("id"))
        .filter(n__gt=1)
    )
    double = {row["child"] for row in children}
    return [Line(row, row.child in double) for row in rows]


def photos(one: School, state: PhotoState, *, at: datetime) -> list[tuple[Photo, list[str]]]:
    """Photos in a state that wait for a human, each with what is doubtful in words."""
    rows = (
        Photo.objects.filter(enrolment__school=one, enrolment__year=school_year(at), state=state)
        .select_related("enrolment", "enrolment__school")
        .order_by("id")[:PAGE]
    )
    return [(row, [str(looking.SAID[code]) for code in row.findings.split()]) for row in rows]
