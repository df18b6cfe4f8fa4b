"""Facts come from the outbox and can be made again from the ledger: the same rows, without personal data."""

import fcntl
import json
import random
from datetime import date, timedelta

import pyarrow.parquet as pq
import pytest

from tests.kernel.toy import CITIZEN, CLERK, at, make_flow, opening
from tongban.kernel import api as kernel
from tongban.kernel.flow import registry
from tongban.kernel.ledger.models import Entry
from tongban.kernel.outbox.models import Event
from tongban.kernel.outbox.relay import relay
from tongban.oversight.insight.facts import api as facts
from tongban.oversight.insight.facts import folding, services, storing
from tongban.oversight.insight.facts.keeping import words_of
from tongban.oversight.insight.facts.models import Sighting

pytestmark = pytest.mark.django_db
MONDAY = at("2026-11-09 10:00")
ASKED = {"reason": "缺一份材料", "phone": "13800005678"}
MOVES = (
    ("take", CLERK, {}), ("ask", CLERK, ASKED), ("supply", CITIZEN, {}), ("finish", CLERK, {}), ("drop", CITIZEN, {}),
    ("note", CLERK, {"reason": "张三来过电话"}),
)  # fmt: skip


@pytest.fixture(autouse=True)
def city(settings, tmp_path):
    flow = registry.register(make_flow())
    settings.DATA = tmp_path
    yield storing.folder()
    registry.forget(flow.kind)


def lived(seed, *, collects):
    """Dockets with moves at random, over weeks; what the outbox has is delivered and collected now and then."""
    chance, moment, rows = random.Random(seed), MONDAY, []
    for _ in range(60):
        moment += timedelta(hours=chance.choice((1, 5, 30)))
        if not rows or chance.random() < 0.2:
            opened, _again = kernel.open_dockets(
                [opening(channel=chance.choice(("web", "hall")))], actor=CITIZEN, at=moment
            )
            rows += opened
        else:
            move, actor, data = chance.choice(MOVES)
            try:
                kernel.perform(chance.choice(rows).id, move, actor=actor, at=moment, data=data)
            except kernel.MoveRefused:
                continue
        if collects and chance.random() < 0.3:
            relay(at=moment)
            services.collect()
    relay(at=moment)
    services.collect()
    return rows


def table(root, name):
    return [row for day in facts.days_of(root, name) for row in storing.read(root, name, day).to_pylist()]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_facts_of_the_outbox_are_those_of_the_ledger(city, seed):
    lived(seed, collects=True)
    told, rows = facts.digest(city), len(table(city, "moves"))
    assert rows == Entry.objects.exclude(stream__contains=":").count(), "one row for each thing that happened"
    assert facts.verify().same
    facts.rebuild()
    assert facts.digest(city) == told
    assert len(table(city, "moves")) == rows


def test_facts_have_one_writer_among_all_processes(city, monkeypatch):
    held = []

    def by_another_process(*_asked):
        with city.with_name("facts.lock").open("w") as file, pytest.raises(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        held.append(1)
        return 0

    kernel.open_dockets([opening()], actor=CITIZEN, at=MONDAY)
    relay(at=MONDAY)
    monkeypatch.setattr(services, "_write_all", by_another_process)
    services.rebuild()
    monkeypatch.setattr(services, "_facts_of", lambda _wanted: by_another_process() or [])
    services.collect()
    assert len(held) == 2


def test_what_an_appeal_says_of_a_docket_names_nobody_either():
    assert folding._unnamed({"subject": "person:7", "kind": "case"})["subject"] == "person"


def test_what_is_remembered_of_a_docket_is_held_against_the_chain(city):
    (row,), _ = kernel.open_dockets([opening()], actor=CITIZEN, at=MONDAY)
    kernel.perform(row.id, "take", actor=CLERK, at=MONDAY)
    relay(at=MONDAY)
    services.collect()
    held = services._remembered._held
    sequence, _digest, docket = held[row.number]
    docket.known["unit"] = "elsewhere"
    held[row.number] = (sequence, "0" * 64, docket)  # as after a ledger that was put back
    kernel.perform(row.id, "ask", actor=CLERK, at=MONDAY, data=ASKED)
    relay(at=MONDAY)
    services.collect()
    assert facts.verify().same
    Sighting.objects.create(stream=row.number, sequence=1)
    services.collect()
    assert facts.verify().same, "a note that comes after its docket was folded further"


def test_an_event_delivered_again_or_late_changes_nothing(city):
    lived(4, collects=False)
    told = facts.digest(city)
    late = list(Event.objects.order_by("-id").values_list("id", flat=True))
    for key in late[::3] + late[::2]:
        Event.objects.filter(id=key).update(delivered_at=None)
        relay(at=MONDAY + timedelta(days=90))
        services.collect()
    assert facts.digest(city) == told


def test_a_collection_killed_before_it_is_noted_is_done_again(city, monkeypatch):
    rows = lived(5, collects=True)
    with monkeypatch.context() as broken:
        kernel.perform(
            rows[-1].id, "note", actor=CLERK, at=MONDAY + timedelta(days=60), data={"reason": "再记一笔"}
        )
        relay(at=MONDAY + timedelta(days=60))
        broken.setattr(services.kernel, "writing", lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            services.collect()
    assert Sighting.objects.exists()
    services.collect()
    assert not Sighting.objects.exists()
    assert facts.verify().same


def test_no_word_of_a_person_is_in_the_files(city):
    lived(6, collects=True)
    said = json.dumps(
        [row for name in facts.TABLES for row in table(city, name)], default=str, ensure_ascii=False
    )
    assert "take" in said
    for word in ("13800005678", "张三", "person:1", "officer:1", "缺一份材料"):
        assert word not in said


def test_a_limit_is_told_with_how_it_ended_and_whose_it_was(city):
    (row,), _ = kernel.open_dockets([opening()], actor=CITIZEN, at=MONDAY)
    kernel.perform(row.id, "take", actor=CLERK, at=MONDAY + timedelta(days=1))
    kernel.perform(row.id, "ask", actor=CLERK, at=MONDAY + timedelta(days=2), data=ASKED)
    kernel.perform(row.id, "supply", actor=CITIZEN, at=MONDAY + timedelta(days=3))
    kernel.perform(row.id, "finish", actor=CLERK, at=MONDAY + timedelta(days=60))
    relay(at=MONDAY + timedelta(days=60))
    services.collect()
    ended = {one["name"]: one for one in table(city, "clocks") if one["ended"]}
    assert [(name, ended[name]["outcome"]) for name in ("notice", "supply", "decide")] == [
        ("notice", "kept"), ("supply", "kept"), ("decide", "missed"),
    ]  # fmt: skip
    assert (ended["supply"]["whose"], ended["decide"]["whose"], ended["decide"]["unit"]) == (
        "applicant",
        "unit",
        "u1",
    )
    assert ended["decide"]["due_at"] - ended["decide"]["started_at"] > timedelta(days=28), (
        "it stood still meanwhile"
    )


def test_an_entry_altered_by_hand_and_a_file_touched_are_found(city):
    lived(7, collects=True)
    assert facts.verify().same
    day = facts.days_of(city, "moves")[0]
    path = facts.file_of(city, "moves", day)
    kept = path.read_bytes()
    pq.write_table(pq.read_table(path).slice(1), path)
    assert facts.verify().days == (("moves", day),)
    path.write_bytes(kept)
    Entry.objects.filter(stream__startswith="Z", sequence=1).update(act="granted")
    assert facts.verify().days[0] == ("moves", date(2026, 11, 9))


def test_codes_and_numbers_are_kept_and_nobodys_own_words():
    said = {
        "satisfaction": "very",
        "close": True,
        "reason": "楼上天天吵",
        "note": "x" * 65,
        "about": "person:7",
    }
    body = {"data": said, "note": {"saved_days": 3}, "outcome": "closed"}
    names = ("satisfaction", "close", "reason", "note", "about", "saved_days", "outcome", "absent")
    kept = {"satisfaction": "very", "close": "true", "saved_days": "3", "outcome": "closed"}
    assert words_of(body, names) == kept


def test_files_with_the_columns_of_yesterday_are_made_anew(city):
    lived(8, collects=True)
    day = facts.days_of(city, "moves")[0]
    path = facts.file_of(city, "moves", day)
    pq.write_table(pq.read_table(path).drop_columns(["by_unit"]), path)
    (city / "columns").write_text("older")
    services.collect()
    assert facts.verify().same


def test_months_that_are_over_are_packed_and_read_so_until_one_of_their_days_is_written_again(city):
    lived(5, collects=False)
    days = facts.days_of(city, "moves")
    first, last = days[0], days[-1]
    assert first.month != last.month
    before = facts.files(city, "moves", first, last)
    assert before == [facts.file_of(city, "moves", day) for day in days]
    told = facts.digest(city)
    assert facts.pack(city) > 0
    assert facts.pack(city) == 0, "once"
    packed = facts.files(city, "moves", first, last)
    assert len(packed) < len(before)
    rows = sum(pq.read_table(path).num_rows for path in packed)
    assert rows == len(table(city, "moves"))
    assert facts.files(city, "moves", days[1], last)[0] == facts.file_of(city, "moves", days[1]), (
        "a part of a month"
    )
    assert facts.digest(city) == told
    pq.write_table(pq.read_table(packed[0]).slice(1), packed[0])
    assert facts.verify().days == (("moves", first),), "what was altered by hand is found"
    assert facts.verify().same, "and not read any more"
    assert facts.pack(city) == 1
    storing.add(city, "moves", first, storing.read(city, "moves", first).to_pylist())
    assert facts.files(city, "moves", first, first.replace(day=28)) == [
        facts.file_of(city, "moves", day) for day in days if day <= first.replace(day=28)
    ]
    assert facts.verify().same
