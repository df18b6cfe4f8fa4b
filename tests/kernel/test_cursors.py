"""The cursor of statements that come again: the same marks on every database, its watchers, and a connection that ends."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tongban.kernel.cursors import hot_cursor
from tongban.kernel.models import Serial


@pytest.mark.django_db
def test_marks_and_per_cent_signs_read_the_same_on_every_database() -> None:
    Serial.objects.create(scope="a %s ", last=7)
    for _turn in range(2):
        cursor = hot_cursor()
        cursor.execute("SELECT scope || '100%%' FROM kernel_serial WHERE last=%s", (7,))
        assert cursor.fetchall() == [("a %s 100%",)]


@pytest.mark.django_db
def test_it_is_one_cursor_and_the_log_and_watchers_see_its_statements() -> None:
    assert hot_cursor() is hot_cursor()
    with CaptureQueriesContext(connection) as said:
        hot_cursor().execute("SELECT %s + 1", (41,))
    assert "41" in said.captured_queries[0]["sql"]
    seen: list[str] = []

    def watch(execute, sql, values, many, context):  # type: ignore[no-untyped-def]
        seen.append(sql)
        return execute(sql, values, many, context)

    with connection.execute_wrapper(watch):
        hot_cursor().execute("SELECT %s + 1", (41,))
    assert seen == ["SELECT %s + 1"]


@pytest.mark.django_db
def test_its_errors_are_those_of_django() -> None:
    Serial.objects.create(scope="twice", last=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        hot_cursor().execute("INSERT INTO kernel_serial (scope, last) VALUES (%s, %s)", ("twice", 2))


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_closed_is_not_used_again() -> None:
    hot_cursor().execute("SELECT 1")
    connection.close()
    cursor = hot_cursor()
    cursor.execute("SELECT %s + 1", (1,))
    assert cursor.fetchall() == [(2,)]
