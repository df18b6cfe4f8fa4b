"""Calls are in the ledger as they ended: once, without numbers, and whole bills of calls count as heard ones do."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.actors.factories import a_unit
from tests.desks.hotline.telephony.test_calls import DAY, NOON, PHONE, SUN
from tongban.actors.models import Officer
from tongban.desks.hotline.telephony import api
from tongban.desks.hotline.telephony.contracts import CallEvent, TelephonyError
from tongban.desks.hotline.telephony.models import Call
from tongban.kernel.ledger.models import Entry

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=9)


@pytest.fixture(autouse=True)
def sun(db):
    """Who answers."""
    Officer.objects.create(pk=3, name="孙悦", unit=a_unit("421200-dsj"), staff_number="T-SUN")


def listed():
    """What the ledger says last of each call."""
    found = {}
    for entry in Entry.objects.filter(stream__startswith="calls:").order_by("id"):
        for one in json.loads(entry.body)["calls"]:
            found[one["key"]] = one
    return list(found.values())


def event(kind, seconds, **more):
    return CallEvent(f"e-{kind}", "c1", kind, NOON + timedelta(seconds=seconds), **more)


def test_a_call_is_told_when_it_is_over_and_again_when_more_is_heard():
    api.record_events(
        exchange="city", at=NOON, events=[event("offered", 0, line="12345", caller=PHONE), event("queued", 4)]
    )
    assert listed() == []
    over = [event("answered", 9, station=SUN), event("ended", 90)]
    api.record_events(exchange="city", at=LATER, events=over)
    (call,) = listed()
    assert (call["outcome"], call["waited"], call.get("rating")) == ("answered", 5, None)
    api.record_events(exchange="city", at=LATER, events=over)
    assert Entry.objects.filter(stream__startswith="calls:").count() == 1, "heard twice, told once"
    api.record_events(exchange="city", at=LATER, events=[event("rated", 95, rating=2)])
    assert listed()[0]["rating"] == 2
    said = "".join(Entry.objects.filter(stream__startswith="calls:").values_list("body", flat=True))
    assert PHONE not in said
    assert SUN not in said


BILL = [
    api.CallRecord("b1", "12345", NOON, NOON + timedelta(seconds=100), queued_at=NOON, answered_at=NOON + timedelta(seconds=8), officer=SUN, caller=PHONE, rating=1),
    api.CallRecord("b2", "12345", NOON, NOON + timedelta(seconds=50), queued_at=NOON),
    api.CallRecord("b3", "12319", NOON, NOON + timedelta(seconds=5)),
]  # fmt: skip


def test_a_bill_of_calls_counts_as_calls_that_were_heard():
    made = api.take_over(exchange="city", records=BILL, at=LATER)
    found = api.answer_figures(since=DAY, until=DAY)
    assert (found.offered, found.answered, found.dropped, found.left, found.content) == (3, 1, 1, 1, 1)
    assert sorted(one["outcome"] for one in listed()) == ["answered", "dropped", "left"]
    assert Call.objects.get(pk=made["b1"]).caller == PHONE
    assert api.take_over(exchange="city", records=BILL, at=LATER) == made
    assert len(listed()) == Call.objects.count() == 3
    rated = CallEvent("late", "b1", "rated", NOON + timedelta(hours=1), rating=4)
    api.record_events(exchange="city", at=LATER, events=[rated])
    row = Call.objects.get(pk=made["b1"])
    assert (row.rating, row.outcome, row.wait_seconds, row.officer) == (4, "answered", 8, SUN)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"line": "nowhere"}, "unknown_line"),
        ({"rating": 9}, "rating"),
        ({"ended_at": NOON - timedelta(seconds=1)}, "order"),
        ({"ended_at": LATER + timedelta(seconds=1)}, "future"),
        ({"call": ""}, "too_long"),
        ({"call": "b" * 81}, "too_long"),
        ({"caller": "1" * 33}, "too_long"),
        ({"recording": "r" * 201}, "too_long"),
        ({"officer": "officer:4004"}, "unknown_officer"),
        ({"officer": "person:3"}, "unknown_officer"),
    ],
)
def test_a_bill_with_a_wrong_call_is_refused_whole(wrong, code):
    with pytest.raises(TelephonyError) as refused:
        api.take_over(exchange="city", records=[BILL[1], replace(BILL[0], **wrong)], at=LATER)
    assert refused.value.code == code
    assert code in {"unknown_line", "rating"} or refused.value.possible
    assert not Call.objects.exists()


def test_tickets_of_many_calls_are_noted_at_once():
    made = api.take_over(exchange="city", records=BILL, at=LATER)
    pairs = [(made["b1"], "T-1"), (made["b1"], "T-2"), (made["b2"], "T-3")]
    api.link_tickets(pairs, at=LATER)
    api.link_tickets(pairs, at=LATER)
    assert [one.id for one in api.calls_of_ticket("T-2")] == [made["b1"]]
    assert len(Call.objects.get(pk=made["b1"]).tickets.all()) == 2
