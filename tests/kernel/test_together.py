"""Several workers and officers at the same instant, on a database with several writers."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tests.kernel.toy import CITIZEN, CLERK, at, make_flow, opening
from tongban.kernel import api as kernel
from tongban.kernel.clock.firing import fire_due
from tongban.kernel.clock.models import Clock
from tongban.kernel.docket.models import Docket
from tongban.kernel.flow import registry
from tongban.kernel.jobs import declaration
from tongban.kernel.jobs.worker import run_jobs
from tongban.kernel.ledger.models import Entry
from tongban.kernel.ledger.services import verify
from tongban.kernel.outbox import relay as outbox
from tongban.kernel.outbox.models import Event, Handled

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("toy_flow"),
]
MONDAY = at("2026-11-09 10:00")


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run each piece of work in a thread of its own, all starting at once; results or errors in order."""
    results: list[Any] = [None] * len(works)
    gate = threading.Barrier(len(works))

    def run(index: int, work: Callable[[], Any]) -> None:
        try:
            gate.wait(10)
            results[index] = work()
        except Exception as error:  # noqa: BLE001 - handed to the test
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def open_some(count: int) -> list[int]:
    rows, _replayed = kernel.open_dockets([opening() for _ in range(count)], actor=CITIZEN, at=MONDAY)
    return [row.id for row in rows]


@pytest.mark.parametrize("turn", range(5))
def test_one_key_pressed_twice_acts_once(turn):
    (docket,) = open_some(1)
    press = lambda: kernel.perform(docket, "take", actor=CLERK, at=MONDAY, key="k")  # noqa: E731
    answers = together(press, press)
    assert sorted(answer.replayed for answer in answers) == [False, True]
    assert {(answer.state, answer.revision) for answer in answers} == {("work", 2)}
    assert Entry.objects.filter(act="take").count() == Event.objects.filter(topic="toy.take").count() == 1


@pytest.mark.parametrize("turn", range(5))
def test_two_officers_on_one_docket_one_is_told_that_it_moved(turn):
    (docket,) = open_some(1)
    press = lambda: kernel.perform(docket, "take", actor=CLERK, at=MONDAY, seen=1)  # noqa: E731
    answers = together(press, press)
    refused = [answer for answer in answers if isinstance(answer, kernel.Conflict)]
    assert len(refused) == 1
    assert refused[0].extra["changes"][0]["act"] == "take"
    assert Docket.objects.get().revision == 2


def test_one_submission_sent_twice_opens_one():
    send = lambda: kernel.open_dockets([opening()], actor=CITIZEN, at=MONDAY, key="k")  # noqa: E731
    answers = together(send, send, send)
    assert sorted(replayed for _rows, replayed in answers) == [False, True, True]
    assert Docket.objects.count() == 1


def test_numbers_given_out_at_once_are_all_different():
    answers = together(*[lambda: open_some(5) for _ in range(4)])
    assert len({key for ids in answers for key in ids}) == 20
    assert Docket.objects.values("number").distinct().count() == 20


def test_many_moves_in_opposite_order_do_not_block_each_other():
    ids = open_some(40)
    note = {"reason": "同时"}

    def write(order: list[int]) -> Any:
        requests = [kernel.Request(docket, "note", note) for docket in order]
        return kernel.perform_many(requests, actor=CLERK, at=MONDAY, atomic=True)

    answers = together(lambda: write(ids), lambda: write(ids[::-1]))
    assert [len(answer) for answer in answers] == [40, 40]
    assert set(Docket.objects.values_list("revision", flat=True)) == {3}
    assert verify(anchor=None, at=MONDAY).faults == []


@pytest.mark.parametrize("turn", range(3))
def test_a_registers_stream_takes_what_many_write_at_once(turn):
    look = lambda: kernel.record(stream="exchange:person:1", act="look", actor=CLERK, at=MONDAY)  # noqa: E731
    answers = together(*[look] * 6)
    assert sorted(answers) == [f"exchange:person:1#{number}" for number in range(1, 7)]
    assert verify(anchor=None, at=MONDAY).faults == []


@pytest.fixture
def told():
    """Which events a handler was given, in order, by whichever worker."""
    seen: list[tuple[int, int]] = []

    @outbox.on("toy.*")
    def listen(news: outbox.News) -> None:
        seen.append((news.docket or 0, news.id))

    yield seen
    outbox._HANDLERS.pop("toy.*")


def test_two_relays_handle_every_event_once_and_in_order(told):
    ids = open_some(15)
    for docket in ids:
        kernel.perform(docket, "take", actor=CLERK, at=MONDAY)
        kernel.perform(docket, "finish", actor=CLERK, at=MONDAY)
    works = [lambda: outbox.relay(at=MONDAY)] * 3
    assert all(isinstance(count, int) for count in together(*works))
    outbox.relay(at=MONDAY)  # what a worker left because another one held its stream
    assert not Event.objects.filter(delivered_at=None).exists()
    assert len(told) == len(set(told)) == Handled.objects.count() == 45
    for docket in ids:
        own = [key for other, key in told if other == docket]
        assert own == sorted(own)


def test_handlers_that_move_dockets_never_wait_in_a_circle_with_who_moves_many():
    ids = open_some(2)
    for docket in reversed(ids):  # the news of the second one is told first
        kernel.perform(docket, "take", actor=CLERK, at=MONDAY)
    noted, answers = [], []

    def note_both() -> None:
        requests = [kernel.Request(docket, "note", {"reason": "两件"}) for docket in ids]
        answers.extend(together(lambda: kernel.perform_many(requests, actor=CLERK, at=MONDAY)))

    other = threading.Thread(target=note_both)

    @outbox.on("toy.take")
    def note(news: outbox.News) -> None:
        noted.append(news.docket)
        kernel.perform(news.docket or 0, "note", actor=CLERK, at=MONDAY, data={"reason": "一件"})
        if other.ident is None:
            other.start()
            assert _somebody_waits()

    try:
        assert outbox.relay(at=MONDAY) == 4
        other.join(60)
    finally:
        outbox._HANDLERS.pop("toy.take")
    assert noted == ids[::-1], "nothing had to be done again"
    assert [type(done) for done in answers[0]] == [kernel.Done] * 2


def _somebody_waits() -> bool:
    """Until somebody waits for a lock on this server."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)")
            if cursor.fetchone()[0]:
                return True
        time.sleep(0.01)
    return False


def test_two_workers_let_a_limit_fall_due_once():
    open_some(12)
    later = at("2026-11-18 10:00")
    counts = together(*[lambda: fire_due(at=later)] * 2)
    assert sum(counts) == 12
    assert set(Docket.objects.values_list("state", "revision")) == {("work", 2)}
    assert Clock.objects.filter(name="notice", outcome="missed").count() == 12


def test_a_job_runs_under_one_lease_and_is_taken_over_when_it_lapses(monkeypatch):
    ran: list[str] = []
    monkeypatch.setattr(declaration, "_JOBS", {})

    @declaration.job("toy.job", every=declaration.every(timedelta(days=1)))
    def run(at: Any) -> None:
        ran.append("once")

    holders = [f"w{number}" for number in range(4)]
    counts = together(*[lambda name=name: run_jobs(at=MONDAY, holder=name) for name in holders])
    assert sum(counts) == len(ran) == 1
    assert run_jobs(at=MONDAY + timedelta(days=1), holder="w9") == 1


def test_two_children_moved_at_once_wait_for_their_parent_not_for_each_other():
    parent_flow = registry.register(make_flow("toyparent", "O"))
    heard: list[int] = []
    parent_flow.when_children_move(lambda families: heard.extend(one.parent.id for one in families))
    try:
        child = opening()
        above = opening(kind="toyparent", children=(child, child, child))
        (parent,), _replayed = kernel.open_dockets([above], actor=CITIZEN, at=MONDAY)
        children = [row.id for row in kernel.children_of([parent.id], actor=kernel.SYSTEM)[parent.id]]
        moves = [lambda key=key: kernel.perform(key, "take", actor=CLERK, at=MONDAY) for key in children]
        drop = lambda: kernel.perform(parent.id, "drop", actor=CITIZEN, at=MONDAY)  # noqa: E731
        answers = together(*moves, drop)
        assert [type(answer) for answer in answers] == [kernel.Done] * 4
        assert heard == [parent.id] * 3
    finally:
        registry.forget("toyparent")
