"""A unit that has had very many tickets reads a page of them as fast as one that has had few."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.desks.hotline.town import MARKET, NINE, dispatched, who
from tongban.desks.hotline import api as hotline
from tongban.desks.hotline.models import Turn
from tongban.kernel import api as kernel
from tongban.kernel.docket import selectors

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("town")]


@pytest.fixture
def helped() -> list[int]:
    """Tickets of another unit in which the market office had a turn, the oldest first."""
    tickets = [dispatched().docket for _turn in range(12)]
    Turn.objects.bulk_create(
        Turn(docket_id=docket, unit=MARKET, sender="centre", part="helper", sent_at=NINE)
        for docket in tickets[::2]
    )
    return tickets[::2]


@pytest.mark.parametrize("few", [100, 3])
@pytest.mark.parametrize("open_only", [True, False])
def test_pages_are_the_same_whichever_way_they_are_read(
    helped: list[int], monkeypatch: pytest.MonkeyPatch, few: int, *, open_only: bool
) -> None:
    monkeypatch.setattr(selectors, "FEW", few)
    shown, after = [], ""
    while True:
        page = kernel.page(
            who("market"), kernel.Filters(kind="ticket", open_only=open_only), after=after, size=4
        )
        shown += [row.id for row in page.rows]
        after = page.after
        if not after:
            break
    assert shown == (helped if open_only else helped[::-1])
    assert kernel.count(who("market"), kernel.Filters(kind="ticket", open_only=open_only)) == len(helped)


@pytest.mark.parametrize(("open_only", "index"), [(True, "docket_open_kind"), (False, "docket_kind_opened")])
def test_many_turns_are_read_in_an_index_order(
    helped: list[int], monkeypatch: pytest.MonkeyPatch, index: str, *, open_only: bool
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's planner decides by the number of rows")
    monkeypatch.setattr(selectors, "FEW", 3)
    with CaptureQueriesContext(connection) as said:
        kernel.page(who("market"), kernel.Filters(kind="ticket", open_only=open_only))
    wanted = [
        one["sql"] for one in said.captured_queries if "EXISTS" in one["sql"] and "hotline_turn" in one["sql"]
    ]
    assert wanted
    for sql in wanted:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"))
            plan = " / ".join(row[-1] for row in cursor.fetchall())
        if '"due_at" IS NULL' not in sql:
            assert f"USING INDEX {index}" in plan, plan
            assert "TEMP B-TREE" not in plan, plan


def test_a_unit_narrows_what_it_had_by_any_field(helped: list[int]) -> None:
    page = hotline.page(who("market"), hotline.Asked(kind="help", channel="phone"))
    assert {one.docket for one in page.items} == set(helped)
