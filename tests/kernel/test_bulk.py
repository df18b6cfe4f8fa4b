"""Many rows in one go come to what they come to one by one, whatever is in them, on both databases."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, models, transaction

from tongban.kernel import bulk, store
from tongban.kernel.outbox.models import Event, Handled

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 9, 2, 0, 0, 7, tzinfo=UTC)
BODIES = ("", "NULL", "\\N", 'a"b\\c', "{1,2}", "一行\n两行\t三", "'; --", "%s %%", "null", " 空 格 ")
COLUMNS = ("topic", "stream", "sequence", "docket", "body", "created_at", "attempts", "error")


class Word(models.TextChoices):
    HEARD = "heard", "听到"


def written(count):
    """So many events, every other one of no docket."""
    rows = [
        (Word.HEARD if n % 3 else "said", f"S{n}", n, None if n % 2 else n, BODIES[n % len(BODIES)], NOW + timedelta(days=n), 0, "")
        for n in range(count)
    ]  # fmt: skip
    with store.writing():
        store.insert_rows("kernel_event", COLUMNS, rows)
    return rows


@pytest.mark.parametrize("count", [1, bulk.FEW - 1, bulk.FEW, 40])
def test_what_was_written_is_there_as_it_was(count):
    rows = written(count)
    found = Event.objects.order_by("id").values_list(*COLUMNS)
    assert list(found) == [
        tuple(str(value) if isinstance(value, str) else value for value in row) for row in rows
    ]


@pytest.mark.parametrize("count", [1, 3, 40])
def test_each_row_gets_its_own_values_and_those_that_are_not_meant_none(count):
    written(count + 1)
    with store.writing():
        changes = [(body, NOW, f"S{n}") for n, body in zip(range(count), BODIES * 4, strict=False)]
        store.change_rows("kernel_event", ("error", "retry_at"), changes, key=["stream"], null=["docket"])
    for row in Event.objects.all():
        meant = row.docket is None and row.sequence < count
        assert (row.error, row.retry_at) == (
            (BODIES[row.sequence % len(BODIES)], NOW) if meant else ("", None)
        )


def test_one_of_many_values_is_asked_for():
    written(40)
    for most in (0, 3, 30):
        wanted = [f"S{n}" for n in range(most)]
        assert set(Event.objects.filter(stream__among=wanted).values_list("stream", flat=True)) == set(wanted)
        assert Event.objects.filter(docket__among=range(most)).count() == (most + 1) // 2


def test_a_row_that_cannot_be_leaves_none_of_its_batch():
    rows = [(1, f"handler {n % 30}") for n in range(31)]
    with pytest.raises(IntegrityError), transaction.atomic(), store.writing():
        store.insert_rows("kernel_event_handled", ("event_id", "handler"), rows)
    assert not Handled.objects.exists()
