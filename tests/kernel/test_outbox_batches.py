"""News by the batch: however events are parted and whichever handler fails, each handler gets each event once, in a docket's order."""

from collections import Counter
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel.toy import CITIZEN, CLERK, at, opening
from tongban.kernel import api as kernel
from tongban.kernel import store
from tongban.kernel.jobs.models import JobState
from tongban.kernel.outbox import relay as outbox
from tongban.kernel.outbox.models import Event, Handled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("toy_flow")]
NOW = at("2026-11-09 10:00")


@pytest.fixture
def heard(monkeypatch):
    monkeypatch.setattr(outbox, "_HANDLERS", {})
    monkeypatch.setattr(outbox, "_WATCHERS", [])
    return []


def opened(count):
    rows, _again = kernel.open_dockets([opening() for _ in range(count)], actor=CITIZEN, at=NOW)
    return rows


def test_a_handler_of_many_gets_a_batch_at_once_and_never_two_of_a_docket(
    heard, django_assert_max_num_queries
):
    @outbox.on("toy.opened", "toy.take", many=True)
    def together(news):
        heard.append([(one.docket, one.topic) for one in news])

    rows = opened(40)
    kernel.perform_many([kernel.Request(row.id, "take") for row in rows[:20]], actor=CLERK, at=NOW)
    with django_assert_max_num_queries(16):
        assert outbox.relay(at=NOW, at_once=100) == 60
    assert [len(told) for told in heard] == [40, 20], "what opened them, then what followed"
    assert all(len({docket for docket, _topic in told}) == len(told) for told in heard)
    assert Handled.objects.count() == 60
    Event.objects.update(delivered_at=None)
    assert outbox.relay(at=NOW, at_once=100) == 60
    assert len(heard) == 2, "who has handled an event is not told of it again"


def test_one_that_fails_parks_one_docket_and_undoes_nobody_elses_work(heard):
    rows = opened(6)
    bad = {rows[2].id}

    @outbox.on("toy.opened", many=True)
    def write(news):
        for one in news:
            JobState.objects.create(name=f"seen {one.docket}", next_at=NOW)
        if bad & {one.docket for one in news}:
            raise ValueError("half-way")

    kernel.perform(rows[2].id, "take", actor=CLERK, at=NOW)
    assert outbox.relay(at=NOW, at_once=100) == 5
    assert {row.name for row in JobState.objects.all()} == {
        f"seen {row.id}" for row in rows if row.id not in bad
    }
    assert (
        list(Event.objects.filter(delivered_at=None).values_list("stream", flat=True)) == [rows[2].number] * 2
    )
    bad.clear()
    assert outbox.relay(at=NOW + timedelta(hours=1), at_once=100) == 2


class Faults:
    """Handlers that fail at the events and as often as they are told, and what they got when they did not."""

    def __init__(self, faults):
        self.faults, self.told, self.watched = Counter(faults), [], []

    def hear(self, name, news):
        for one in news:
            if self.faults[(name, one.id)]:
                self.faults[(name, one.id)] -= 1
                raise OSError
        with_them = [(name, one.docket, one.id) for one in news]
        JobState.objects.bulk_create([JobState(name=f"{name} {one.id}", next_at=NOW) for one in news])
        self.told += with_them


def random_days(data, faults, first):
    dockets = [row.id for row in opened(data.draw(st.integers(1, 4)))]
    for docket, move in data.draw(
        st.lists(st.tuples(st.sampled_from(dockets), st.sampled_from(("take", "finish"))), max_size=8)
    ):
        try:
            kernel.perform(docket, move, actor=CLERK, at=NOW)
        except kernel.MoveRefused:
            continue
    keys = list(Event.objects.filter(id__gt=first).values_list("id", flat=True))
    for name, key in data.draw(
        st.lists(st.tuples(st.sampled_from(("one", "many")), st.sampled_from(keys)), max_size=4)
    ):
        faults.faults[(name, key)] += 1
    return keys


@settings(max_examples=25)
@given(data=st.data())
def test_whatever_fails_and_however_it_is_parted_each_is_told_once_and_in_order(data):
    handlers, watchers = outbox._HANDLERS, outbox._WATCHERS
    outbox._HANDLERS, outbox._WATCHERS = {}, []
    try:
        _one_life(data)
    finally:
        outbox._HANDLERS, outbox._WATCHERS = handlers, watchers


def _one_life(data):
    faults = Faults({})

    @outbox.on("toy.opened", "toy.take")
    def one(news):
        faults.hear("one", [news])

    @outbox.on("toy.*", many=True)
    def many(news):
        assert len({each.docket for each in news}) == len(news)
        faults.hear("many", news)

    JobState.objects.all().delete()
    first = Event.objects.order_by("-id").values_list("id", flat=True).first() or 0
    keys = random_days(data, faults, first)
    moment = NOW
    for _round in range(12):
        outbox.relay(at=moment, at_once=data.draw(st.sampled_from((1, 2, 5, 100))))
        moment += timedelta(hours=2)
    assert not Event.objects.filter(delivered_at=None).exists()
    kept = [tuple(row.name.split()) for row in JobState.objects.all()]
    assert len(kept) == len(set(kept)), "what a handler wrote is there once"
    wanted = [("many", str(key)) for key in keys]
    wanted += [
        ("one", str(k))
        for k in Event.objects.filter(id__in=keys).exclude(topic="toy.finish").values_list("id", flat=True)
    ]
    assert sorted(kept) == sorted(wanted)
    last = {place: turn for turn, place in enumerate(faults.told)}
    for name in ("one", "many"):
        for docket in {place[1] for place in faults.told}:
            own = sorted(key for who, where, key in last if (who, where) == (name, docket))
            turns = [last[(name, docket, key)] for key in own]
            assert all(a < b for a, b in pairwise(turns)), "a docket's order"


def test_an_event_in_other_hands_is_left_to_them(heard, monkeypatch):
    @outbox.on("toy.*", many=True)
    def listen(news):
        heard.extend((one.docket, one.topic) for one in news)

    first, second = opened(2)
    kernel.perform(first.id, "take", actor=CLERK, at=NOW)
    theirs, read = Event.objects.get(topic="toy.opened", docket=first.id).id, store.lock_events
    with monkeypatch.context() as there:
        there.setattr(store, "lock_events", lambda ids: [row for row in read(ids) if row.id != theirs])
        assert outbox.relay(at=NOW, at_once=100) == 1
    assert heard == [(second.id, "toy.opened")], "nor what comes after it in the same docket"
    assert outbox.relay(at=NOW, at_once=100) == 2
