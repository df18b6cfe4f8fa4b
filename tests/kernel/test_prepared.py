"""A prepared query gives what the ORM gives, whatever the values, and compiles once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler

from tongban.actors.models import Delegation, Officer, Region, Unit
from tongban.kernel.prepared import Prepared

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
TODAY = NOON.date()


def held(officer: int, day: date, at: datetime) -> QuerySet[Delegation, Any]:
    valid = Delegation.objects.filter(officer_id=officer, from_date__lte=day)
    still = valid.filter(Q(revoked_at__isnull=True) | Q(revoked_at__gt=at)).order_by("pk")
    return still.values_list("pk", "roles", "from_date", "revoked_at", "officer__name")


@pytest.fixture
def officers() -> list[Officer]:
    region = Region.objects.create(code="420000000000", name="省", level="2")
    unit = Unit.objects.create(id="420000-x", name="单位", region=region, department="x")
    made = [Officer.objects.create(name=f"员{turn}", unit=unit, staff_number=str(turn)) for turn in range(3)]
    for turn, officer in enumerate(made):
        for back in range(turn + 1):
            Delegation.objects.create(
                officer=officer, unit=unit, roles=["handler", f"r{back}"], matters=[], granted_by="officer:1",
                from_date=TODAY - timedelta(days=back),
                revoked_at=NOON + timedelta(hours=back - 1) if back else None,
            )  # fmt: skip
    return made


def test_the_rows_are_those_of_the_orm(officers: list[Officer]) -> None:
    prepared = Prepared(held, officer=int, day=date, at=datetime)
    seen = set()
    for officer in officers:
        for days in range(-3, 2):
            for hours in range(-1, 3):
                asked = {
                    "officer": officer.pk,
                    "day": TODAY + timedelta(days=days),
                    "at": NOON + timedelta(hours=hours),
                }
                rows = list(prepared(**asked))
                assert rows == list(held(**asked))
                seen.add(len(rows))
    assert seen == {0, 1, 2, 3}, "the values matter"


def test_a_shape_is_compiled_once(officers: list[Officer], monkeypatch: pytest.MonkeyPatch) -> None:
    prepared = Prepared(held, officer=int, day=date, at=datetime)
    list(prepared(officer=officers[0].pk, day=TODAY, at=NOON))

    def refuse(*_args: Any, **_kwargs: Any) -> Any:
        raise AssertionError("compiled again")

    monkeypatch.setattr(SQLCompiler, "as_sql", refuse)
    assert [row[1] for row in prepared(officer=officers[0].pk, day=TODAY, at=NOON)] == [["handler", "r0"]]


def test_other_names_and_unused_ones_are_refused(officers: list[Officer]) -> None:
    prepared = Prepared(held, officer=int, day=date, at=datetime)
    with pytest.raises(TypeError, match="officer, day, at"):
        prepared(officer=officers[0].pk)
    unused = Prepared(lambda name, other: Region.objects.filter(name=name).values_list("code"))
    with pytest.raises(TypeError, match="other"):
        unused(name="省", other="市")
