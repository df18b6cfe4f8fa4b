"""A prepared query gives what the ORM gives, whatever the values, and compiles once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.sql.compiler import SQLCompiler
from django.test.utils import CaptureQueriesContext

from tongban.actors.models import Delegation, Officer, Region, Unit
from tongban.kernel import api as kernel
from tongban.kernel.models import Serial
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


def test_models_come_with_what_is_selected_beside_them(officers: list[Officer]) -> None:
    prepared = Prepared(
        lambda unit: Delegation.objects.filter(unit_id=unit).select_related("officer").order_by("pk")
    )
    rows = list(prepared(unit="420000-x"))
    assert rows == list(Delegation.objects.order_by("pk"))
    with CaptureQueriesContext(connection) as asked:
        assert [row.officer for row in rows] == [row.officer for row in Delegation.objects.order_by("pk")]
    assert len(asked) == 1 + len(rows), "only the ORM's own rows had to ask for theirs"
    rows[0].roles = ["changed"]
    rows[0].save()
    assert prepared.first(unit="420000-x") == rows[0]
    assert Delegation.objects.get(pk=rows[0].pk).roles == ["changed"]


def test_a_list_is_bound_item_by_item_whatever_its_length(officers: list[Officer]) -> None:
    def shape(pks: list[int], at: datetime, units: list[str]) -> QuerySet[Delegation, Any]:
        mine = Q(officer_id__in=pks) | Q(granted_by="officer:1", officer__unit_id__in=units)
        return Delegation.objects.filter(mine, Q(revoked_at=None) | Q(revoked_at__gt=at)).values_list(
            "pk", flat=True
        )

    prepared = Prepared(shape, pks=int, at=datetime)
    everybody = [officer.pk for officer in officers]
    for pks in ([everybody[0]], everybody[1:], everybody, [everybody[2], everybody[2]]):
        for units in (["420000-x"], ["nowhere", "elsewhere"]):
            asked = {"pks": pks, "at": NOON, "units": units}
            assert sorted(prepared(**asked)) == sorted(shape(**asked))
    with pytest.raises(TypeError, match="empty"):
        prepared(pks=[], at=NOON, units=["420000-x"])


def test_nothing_found_is_none(officers: list[Officer]) -> None:
    assert Prepared(lambda name: Officer.objects.filter(name=name)).first(name="谁") is None


def test_what_comes_again_is_kept_at_the_server(officers: list[Officer]) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite keeps statements by itself")
    prepared = Prepared(held, officer=int, day=date, at=datetime)
    for _turn in range(4):
        assert list(prepared(officer=officers[1].pk, day=TODAY, at=NOON))
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        kept = [statement for (statement,) in cursor.fetchall()]
    assert sum("actors_delegation" in statement for statement in kept) == 1


def test_a_statement_with_very_many_values_is_bound_in_the_client() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite's own bound is lower")
    rows = [
        (f"many-{number}", 1) for number in range(33_000)
    ]  # the protocol binds 65,535 values at the server
    with kernel.writing():
        kernel.insert_rows("kernel_serial", ("scope", "last"), rows)
    assert Serial.objects.filter(scope__startswith="many-").count() == len(rows)
