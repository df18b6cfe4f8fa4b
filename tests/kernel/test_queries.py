"""What is read in a list costs the same number of statements however long it is, in an index's order."""

import re
from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kernel.toy import CITIZEN, CLERK, at, opening
from tongban.kernel import api as kernel
from tongban.kernel.contracts import Actor, Grant
from tongban.kernel.docket.models import Docket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("toy_flow")]
MONDAY = at("2026-11-09 10:00")
BY_OWN_ROWS = re.compile(
    r"SEARCH kernel_docket USING INTEGER PRIMARY KEY \(rowid=\?\) / LIST SUBQUERY \d+ / "
    r"SEARCH \w+ USING (COVERING )?INDEX \w+ \((actor|unit)=\?\)"
)
BOTH = Actor(
    "officer:3",
    grants=frozenset({Grant("clerk", "u1"), Grant("clerk", "u2")}),
    parties=frozenset({"person:1", "person:3"}),
)


def open_many(count: int, **changes: str) -> list[int]:
    rows, _replayed = kernel.open_dockets([opening(**changes)] * count, actor=CITIZEN, at=MONDAY)
    return [row.id for row in rows]


def statements(work) -> list[str]:
    with CaptureQueriesContext(connection) as said:
        work()
    return [query["sql"] for query in said.captured_queries]


LISTS = {
    "unit": (CLERK, kernel.Filters(unit="u1")),
    "officer": (CLERK, kernel.Filters(officer="officer:1")),
    "applicant": (CITIZEN, kernel.Filters(applicant="person:1", open_only=False)),
    "everything one sees": (BOTH, kernel.Filters(kind="toy")),
    "everything, closed too": (BOTH, kernel.Filters(kind="toy", open_only=False)),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_page_costs_the_same_statements_however_many_rows(name):
    actor, filters = LISTS[name]
    open_many(2)
    few = statements(lambda: kernel.page(actor, filters))
    open_many(60)
    many = statements(lambda: kernel.page(actor, filters))
    assert len(many) <= len(few) <= 12


@pytest.mark.parametrize("open_only", [True, False])
def test_what_is_seen_for_several_reasons_comes_once_and_in_order(open_only):
    mine = open_many(3)  # unit u1 and applicant person:1: two reasons
    theirs = open_many(3, unit="u2", applicant="person:9")
    asked = open_many(3, unit="u9", applicant="person:3")
    open_many(2, unit="u9", applicant="person:9")
    kernel.perform(mine[0], "take", actor=CLERK, at=MONDAY)  # due later than the others
    filters = kernel.Filters(kind="toy", open_only=open_only)
    shown, after = [], ""
    while True:
        page = kernel.page(BOTH, filters, after=after, size=2)
        shown += [row.id for row in page.rows]
        after = page.after
        if not after:
            break
    everything = [*mine, *theirs, *asked]
    expected = [*everything[1:], mine[0]] if open_only else everything[::-1]
    assert shown == expected


@pytest.mark.parametrize("open_only", [True, False])
@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_read_backwards_are_the_pages_read_forwards(open_only, size):
    mine = open_many(4)
    open_many(3, unit="u2", applicant="person:9")
    for number, key in enumerate(mine):  # two of the same instant, one without a deadline
        Docket.objects.filter(id=key).update(
            due_at=None if number == 3 else MONDAY + timedelta(days=number // 2)
        )
    filters = kernel.Filters(kind="toy", open_only=open_only)

    def pages(start):
        page = start
        while page:
            yield page
            page = page.after and kernel.page(BOTH, filters, after=page.after, size=size)

    forwards = list(pages(kernel.page(BOTH, filters, size=size)))
    assert forwards[0].before == ""
    for earlier, later in pairwise(forwards):
        back = kernel.page(BOTH, filters, before=later.before, size=size)
        assert [row.id for row in back.rows] == [row.id for row in earlier.rows]
        assert (back.before, back.after) == (earlier.before, earlier.after)


def test_dockets_without_a_deadline_come_after_those_with_one_for_every_reason():
    first, second = open_many(2)
    (third,) = open_many(1, unit="u2", applicant="person:9")
    Docket.objects.filter(id=first).update(due_at=None)
    page = kernel.page(BOTH, kernel.Filters(kind="toy"), size=2)
    assert [row.id for row in page.rows] == [second, third]
    rest = kernel.page(BOTH, kernel.Filters(kind="toy"), size=2, after=page.after)
    assert [row.id for row in rest.rows] == [first]


def test_opening_many_costs_the_same_statements_as_opening_few():
    few = statements(lambda: open_many(2))
    many = statements(lambda: open_many(40))
    assert len(few) == len(many) <= 8


def test_no_worklist_sorts_what_it_reads():
    """The planner is asked with many rows: an index must give the order, and a page stop early."""
    open_many(300)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for actor, filters in LISTS.values():
        for sql in statements(lambda a=actor, f=filters: kernel.page(a, f)):
            if "kernel_docket" not in sql or '"due_at" IS NULL' in sql or connection.vendor != "sqlite":
                continue
            with connection.cursor() as cursor:
                cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"))
                plan = " / ".join(row[-1] for row in cursor.fetchall())
            # What a desk names by its own rows is looked up while it is a few (tests of the hotline: and when it is many).
            few = bool(BY_OWN_ROWS.match(plan))
            assert few or "USING INDEX docket_" in plan, plan
            if filters.unit or filters.applicant or not filters.open_only:
                assert few or "TEMP B-TREE" not in plan, plan


def test_several_lists_are_counted_in_one_statement_each_in_the_index_of_open_work():
    keys = open_many(7)
    for move in ("take", "finish"):
        kernel.perform(keys[0], move, actor=CLERK, at=MONDAY)
    lists = [
        kernel.Filters(unit="u1"), kernel.Filters(unit="u1", state="new"), kernel.Filters(unit="u2"),
        kernel.Filters(unit="u1", open_only=False), kernel.Filters(unit="u1", outcome="granted"), kernel.Filters(kind="toy"),
        kernel.Filters(unit="u1", near_at=MONDAY), kernel.Filters(officer="officer:1"),
    ]  # fmt: skip
    assert len(statements(lambda: kernel.counts(CLERK, lists))) == 1
    assert kernel.counts(CLERK, lists) == [kernel.count(CLERK, one) for one in lists]
    assert kernel.counts(CLERK, lists[:6], most=5) == [5, 5, 0, 5, 1, 5]
    assert kernel.counts(Actor("officer:9"), lists[:1]) == [0], "who sees nothing is told of none"
    if connection.vendor == "sqlite":
        (sql,) = statements(lambda: kernel.counts(CLERK, [lists[0], lists[-1]]))
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + sql.replace("%", "%%"))
            plan = " / ".join(row[-1] for row in cursor.fetchall())
        assert "INDEX docket_open_unit" in plan, plan
        assert "INDEX docket_open_officer" in plan, plan
        assert "TEMP B-TREE" not in plan, plan


def test_a_reason_that_says_the_filters_again_is_not_asked_for_by_itself():
    """By itself it read all of an applicant's dockets, looking for a kind of which there was none."""
    open_many(20)
    actor, filters = next((actor, filters) for actor, filters in LISTS.values() if filters.applicant)
    asked = [sql for sql in statements(lambda: kernel.page(actor, filters)) if 'FROM "kernel_docket"' in sql]
    assert len(asked) == 1
    assert "'sampling'" in asked[0], "the kind with a reason of its own is among what is read"
