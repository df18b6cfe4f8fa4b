"""News arrives: in a docket's order, once per handler, and a failing handler loses nothing."""

import threading
from datetime import timedelta

import pytest

from tests.kernel.toy import CITIZEN, CLERK, at, opening
from tongban.kernel import api as kernel
from tongban.kernel.jobs import declaration, worker
from tongban.kernel.jobs.health import health
from tongban.kernel.jobs.models import JobState
from tongban.kernel.outbox import relay as outbox
from tongban.kernel.outbox.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("toy_flow")]
NOW = at("2026-11-09 10:00")


@pytest.fixture
def heard(monkeypatch):
    monkeypatch.setattr(outbox, "_HANDLERS", {})
    return []


def open_one():
    (row,), _ = kernel.open_dockets([opening()], actor=CITIZEN, at=NOW)
    return row


def test_events_of_a_docket_arrive_in_the_order_of_its_ledger(heard):
    @outbox.on("toy.*")
    def listen(news):
        heard.append((news.body["number"], news.topic))

    first, second = open_one(), open_one()
    for row in (second, first):
        kernel.perform(row.id, "take", actor=CLERK, at=NOW)
        kernel.perform(row.id, "finish", actor=CLERK, at=NOW)
    assert outbox.relay(at=NOW) == 6
    for row in (first, second):
        assert [t for n, t in heard if n == row.number] == ["toy.opened", "toy.take", "toy.finish"]
    assert outbox.relay(at=NOW) == 0


def test_a_failing_handler_parks_only_its_docket_and_recovers_without_doubles(heard):
    broken = {"on": True}

    @outbox.on("toy.opened")
    def steady(news):
        heard.append(("steady", news.id))

    @outbox.on("toy.opened")
    def fragile(news):
        if broken["on"]:
            raise OSError("the broker is away, call 13800005678")
        heard.append(("fragile", news.id))

    bad = open_one()
    kernel.perform(bad.id, "take", actor=CLERK, at=NOW)
    assert outbox.relay(at=NOW) == 0
    assert "13800005678" not in Event.objects.get(topic="toy.opened").error
    now = NOW
    for _ in range(3):
        now += timedelta(minutes=5)
        outbox.relay(at=now)
    assert outbox.parked()[0]["topic"] == "toy.opened"
    assert health(at=now).parked
    broken["on"] = False
    assert outbox.relay(at=now + timedelta(hours=2)) == 2
    kinds = [kind for kind, _event in heard]
    assert kinds.count("fragile") == 1, "each handler has done its part once"
    assert not Event.objects.filter(delivered_at=None).exists()


def test_a_watcher_is_told_of_every_event_once_handled_or_not_and_a_failing_one_parks_one(heard, monkeypatch):
    monkeypatch.setattr(outbox, "_WATCHERS", [])
    seen, broken = [], {"topic": "toy.take"}

    @outbox.on("toy.opened")
    def listen(news):
        heard.append(news.id)

    @outbox.watch
    def watcher(sightings):
        for one in sightings:
            if one.topic == broken["topic"]:
                raise OSError("disk full")
        seen.extend((one.topic, one.stream, one.sequence) for one in sightings)

    first, second = open_one(), open_one()
    for row in (first, second):
        kernel.perform(row.id, "take", actor=CLERK, at=NOW)
    assert outbox.relay(at=NOW) == 2, "what opened them was handled and seen"
    assert len(seen) == 2
    broken["topic"] = ""
    assert outbox.relay(at=NOW + timedelta(hours=1)) == 2
    wanted = [
        (f"toy.{act}", row.number, n) for n, act in ((1, "opened"), (2, "take")) for row in (first, second)
    ]
    assert sorted(seen) == sorted(wanted), "each once, however often a batch was tried"
    assert len(heard) == 2


@pytest.mark.django_db(transaction=True)
def test_a_handler_that_writes_and_fails_leaves_nothing_behind(heard):
    @outbox.on("toy.opened")
    def half(news):
        JobState.objects.create(name=f"half {news.id}", next_at=NOW)
        raise ValueError("half-way")

    open_one()
    outbox.relay(at=NOW)
    assert not JobState.objects.filter(name__startswith="half").exists()


def test_a_job_runs_once_for_all_workers_and_catches_up_once(monkeypatch):
    ran = []
    monkeypatch.setattr(declaration, "_JOBS", {})
    declaration.job("tests.daily", every=declaration.daily(3))(ran.append)
    assert worker.run_jobs(at=NOW, holder="a") == 0, "a city's first night's work waits for the night"
    tonight = at("2026-11-10 03:00")
    assert JobState.objects.get(name="tests.daily").next_at == tonight
    assert worker.run_jobs(at=tonight, holder="a") == 1
    assert worker.run_jobs(at=tonight, holder="b") == 0
    late = NOW + timedelta(days=5)
    assert worker.run_jobs(at=late, holder="a") == 1, "five missed nights are caught up by one run"
    assert worker.run_jobs(at=late, holder="a") == 0


def test_a_worker_that_died_gives_its_job_back_when_the_lease_ends(monkeypatch):
    ran = []
    monkeypatch.setattr(declaration, "_JOBS", {})
    declaration.job("tests.leased", every=declaration.every(timedelta(hours=1)))(ran.append)
    (job,) = worker._due(NOW)
    assert worker._claim(job, at=NOW, holder="dead")
    assert worker.run_jobs(at=NOW + timedelta(minutes=1), holder="b") == 0
    assert worker.run_jobs(at=NOW + timedelta(minutes=11), holder="b") == 1


def test_a_lease_begins_when_its_job_does(monkeypatch):
    """A worker runs one job at an instant: a job of an hour before it does not use up the next one's lease."""
    ran = []
    monkeypatch.setattr(declaration, "_JOBS", {})
    declaration.job("tests.a", every=declaration.every(timedelta(hours=1)))(ran.append)
    declaration.job("tests.b", every=declaration.every(timedelta(hours=2)))(ran.append)
    assert worker.run_jobs(at=NOW, holder="a", most=1) == 1
    later = NOW + timedelta(hours=1)
    assert worker.run_jobs(at=later, holder="a", most=1) == 1
    assert ran == [NOW, later]
    assert JobState.objects.get(name="tests.b").finished_at == later, "the longest due goes first"


def test_a_failing_job_is_told_and_stops_no_other(monkeypatch):
    ran = []
    monkeypatch.setattr(declaration, "_JOBS", {})

    @declaration.job("tests.a_fails", every=declaration.daily(1))
    def fails(_at):
        raise ValueError

    declaration.job("tests.b_runs", every=declaration.daily(1))(ran.append)
    worker.run_jobs(at=NOW, holder="a")
    worker.run_jobs(at=NOW + timedelta(days=1), holder="a")
    assert ran
    assert health(at=NOW).failed_jobs == ["tests.a_fails"]


@pytest.mark.django_db(transaction=True)
def test_news_is_delivered_while_a_job_of_minutes_runs(monkeypatch, heard):
    """On SQLite as on PostgreSQL: the job's thread is another one."""
    monkeypatch.setattr(declaration, "_JOBS", {})
    begun, may_end, stop, told = (threading.Event() for _ in range(4))

    @declaration.job("tests.long", every=declaration.every(timedelta(hours=1)))
    def long(_at):
        begun.set()
        may_end.wait(60)

    @outbox.on("toy.opened")
    def tell(_news):
        told.set()

    working = threading.Thread(target=worker.run, args=(stop,))
    working.start()
    try:
        assert begun.wait(30)
        open_one()
        assert told.wait(30), "the news waits behind the job"
        assert not may_end.is_set()
    finally:
        may_end.set()
        stop.set()
        working.join(30)
    assert not working.is_alive()


def test_healthz_tells_whether_a_worker_is_alive(client):
    assert client.get("/healthz").status_code == 503
    from django.utils import timezone

    worker.beat(at=timezone.now(), holder="w")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["well"]) == (200, True)
