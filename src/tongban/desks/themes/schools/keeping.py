"""Enrolments in the export of one's own data, and what is forgotten when the school year is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tongban.desks.themes.schools.models import Enrolment
from tongban.desks.themes.schools.services import school_year
from tongban.registers.identity.privacy import api as privacy


def enrolments(party: str, _at: datetime) -> Iterable[privacy.Section]:
    """On which school's list somebody's child stands."""
    rows = Enrolment.objects.filter(applicant=party).select_related("school")
    records = [
        {"number": one.number, "school": one.school.name, "child": one.child_name, "category": one.category,
         "at": one.at, "placed_at": one.placed_at}
        for one in rows
    ]  # fmt: skip
    yield privacy.Section("enrolments", {"zh": "入学报名", "en": "Enrolments"}, records)


def forget_names(at: datetime) -> int:
    """Children's names go from the lists once their first school year is over; figures and numbers stay."""
    rows = Enrolment.objects.filter(year__lt=school_year(at) - 1).exclude(applicant="")
    return rows.update(child_name="", applicant="")


privacy.register_source("8-enrolments", enrolments)
