"""`perform`: the only way a docket changes."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kernel.toy import CITIZEN, CLERK, STRANGER, at, opening
from tongban.kernel import api as kernel
from tongban.kernel import store
from tongban.kernel.clock.models import Clock
from tongban.kernel.docket.models import Docket
from tongban.kernel.ledger.models import Entry
from tongban.kernel.ledger.services import history, verify
from tongban.kernel.outbox.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("toy_flow")]
MONDAY = at("2026-11-09 10:00")


def open_one(**changes):
    (row,), _replayed = kernel.open_dockets([opening(**changes)], actor=CITIZEN, at=MONDAY)
    return row


def test_opening_gives_number_clock_ledger_and_event():
    row = open_one()
    assert row.number.startswith("Z421202-261109-00001-")
    assert kernel.normalise(row.number.lower().replace("-", "")) == row.number
    stored = Docket.objects.get()
    assert stored.due_at == at("2026-11-17 00:00")  # 5 working days after Monday end with Monday
    assert stored.ledger_head == Entry.objects.get().digest
    assert Event.objects.get().topic == "toy.opened"


def test_a_move_changes_state_clocks_ledger_together():
    row = open_one()
    done = kernel.perform(row.id, "take", actor=CLERK, at=at("2026-11-10 09:00"))
    assert (done.state, done.revision) == ("work", 2)
    notice, decide = Clock.objects.order_by("id")
    assert (notice.outcome, notice.stopped_at) == ("kept", at("2026-11-10 09:00"))
    assert decide.due_at == Docket.objects.get().due_at == at("2026-12-09 00:00")
    assert [item.act for item in history(row.number, at=MONDAY)] == ["open", "take"]
    assert verify(anchor=None, at=MONDAY).faults == []


@pytest.mark.parametrize("count", [1, 3])
def test_a_move_writes_the_columns_that_it_changes_and_no_others(count):
    """Each column written costs its indexes a turn, changed or not."""
    rows = [open_one() for _turn in range(count)]
    with CaptureQueriesContext(connection) as said:
        kernel.perform_many([kernel.Request(row.id, "take") for row in rows], actor=CLERK, at=MONDAY)
    (sql,) = (
        one["sql"] for one in said.captured_queries if "kernel_docket" in one["sql"] and " SET " in one["sql"]
    )
    sets = sql.rpartition(" SET ")[2].partition(" FROM ")[0]
    written = {part.split("=")[0].strip(' "') for part in sets.split(",") if "=" in part}
    assert written == {"state", "due_at", "revision", "ledger_head"}
    for row, stored in zip(rows, Docket.objects.order_by("id"), strict=True):
        assert (stored.state, stored.revision, stored.title) == ("work", 2, row.title)


def test_who_does_not_see_the_docket_learns_nothing():
    row = open_one()
    with pytest.raises(kernel.NotFound) as hidden:
        kernel.perform(row.id, "take", actor=STRANGER, at=MONDAY)
    with pytest.raises(kernel.NotFound) as missing:
        kernel.perform(10**9, "take", actor=STRANGER, at=MONDAY)
    assert str(hidden.value) == str(missing.value)


def test_who_sees_but_may_not_is_told_what_is_open():
    row = open_one()
    with pytest.raises(kernel.NotPermitted) as error:
        kernel.perform(row.id, "take", actor=CITIZEN, at=MONDAY)
    assert [name for name, _label in error.value.open_moves] == ["note", "drop"]
    assert Docket.objects.get().revision == 1


def test_a_move_not_open_names_the_open_ones():
    row = open_one()
    with pytest.raises(kernel.MoveRefused) as error:
        kernel.perform(row.id, "finish", actor=CLERK, at=MONDAY)
    assert error.value.code == "not_open"
    assert "受理" in str(error.value)
    with pytest.raises(kernel.MoveRefused, match="没有“nonsense”这个动作"):
        kernel.perform(row.id, "nonsense", actor=CLERK, at=MONDAY)


def test_wrong_input_names_each_field_and_changes_nothing():
    row = open_one()
    kernel.perform(row.id, "take", actor=CLERK, at=MONDAY)
    with pytest.raises(kernel.InvalidInput) as error:
        kernel.perform(row.id, "ask", actor=CLERK, at=MONDAY, data={"reason": "", "color": "red"})
    assert set(error.value.fields) == {"reason", "color"}
    assert error.value.fields["reason"] == "请填理由。"
    assert Docket.objects.get().state == "work"


def test_the_same_key_gives_the_first_answer_and_acts_once():
    row = open_one()
    first = kernel.perform(row.id, "take", actor=CLERK, at=MONDAY, key="k1")
    again = kernel.perform(row.id, "take", actor=CLERK, at=MONDAY, key="k1")
    assert again.replayed
    assert (again.revision, again.state) == (first.revision, first.state)
    assert Entry.objects.filter(act="take").count() == 1
    with pytest.raises(kernel.Conflict, match="幂等键"):
        kernel.perform(row.id, "note", actor=CLERK, at=MONDAY, data={"reason": "别的"}, key="k1")


def test_opening_twice_with_one_key_opens_once():
    first, _ = kernel.open_dockets([opening()], actor=CITIZEN, at=MONDAY, key="k")
    again, replayed = kernel.open_dockets([opening()], actor=CITIZEN, at=MONDAY, key="k")
    assert replayed
    assert again[0].number == first[0].number
    assert Docket.objects.count() == 1
    with pytest.raises(kernel.Conflict):
        kernel.open_dockets([opening(subject="other")], actor=CITIZEN, at=MONDAY, key="k")


def test_a_stale_page_is_told_who_changed_what():
    row = open_one()
    kernel.perform(row.id, "take", actor=CLERK, at=MONDAY)
    with pytest.raises(kernel.Conflict) as error:
        kernel.perform(row.id, "note", actor=CLERK, at=MONDAY, data={"reason": "备注"}, seen=1)
    assert error.value.extra["changes"][0]["actor"] == CLERK.id
    assert error.value.extra["changes"][0]["act"] == "take"


def test_waiting_for_the_applicant_does_not_cost_the_unit_time():
    row = open_one()
    kernel.perform(row.id, "take", actor=CLERK, at=MONDAY)
    kernel.perform(row.id, "ask", actor=CLERK, at=at("2026-11-11 10:00"), data={"reason": "缺图纸"})
    decide = Clock.objects.get(name="decide")
    assert decide.suspended_at == at("2026-11-11 10:00")
    assert Docket.objects.get().due_at == Clock.objects.get(name="supply").due_at
    kernel.perform(row.id, "supply", actor=CITIZEN, at=at("2026-11-16 10:00"))
    decide.refresh_from_db()
    assert decide.suspended_at is None
    assert decide.due_at == at("2026-12-11 00:00")  # three working days stood still: 12, 13, 16


def test_closing_leaves_no_clock_running():
    row = open_one()
    kernel.perform(row.id, "take", actor=CLERK, at=MONDAY)
    kernel.perform(row.id, "drop", actor=CITIZEN, at=at("2026-11-10 10:00"))
    docket = Docket.objects.get()
    assert (docket.outcome, docket.due_at) == ("withdrawn", None)
    assert docket.closed_at == at("2026-11-10 10:00")
    assert not Clock.objects.filter(stopped_at=None).exists()
    assert Clock.objects.get(name="decide").outcome == "dropped"
    with pytest.raises(kernel.MoveRefused):
        kernel.perform(row.id, "note", actor=CITIZEN, at=MONDAY, data={"reason": "再说"})


def test_many_at_once_one_refused_stops_no_other_and_costs_the_same():
    rows, _ = kernel.open_dockets([opening() for _ in range(30)], actor=CITIZEN, at=MONDAY)
    kernel.perform(rows[3].id, "drop", actor=CITIZEN, at=MONDAY)
    with CaptureQueriesContext(connection) as small:
        kernel.perform_many([kernel.Request(r.id, "take") for r in rows[:2]], actor=CLERK, at=MONDAY)
    with CaptureQueriesContext(connection) as large:
        results = kernel.perform_many(
            [kernel.Request(r.id, "take") for r in rows[2:]], actor=CLERK, at=MONDAY
        )
    assert len(large) == len(small) < 12
    refused = [r for r in results if isinstance(r, kernel.Refused)]
    assert [(r.docket, r.error.code) for r in refused] == [(rows[3].id, "not_open")]
    assert Docket.objects.filter(state="work").count() == 29
    assert verify(anchor=None, at=MONDAY).faults == []


def test_atomic_many_is_all_or_none():
    rows, _ = kernel.open_dockets([opening() for _ in range(3)], actor=CITIZEN, at=MONDAY)
    kernel.perform(rows[2].id, "drop", actor=CITIZEN, at=MONDAY)
    with pytest.raises(kernel.MoveRefused):
        kernel.perform_many([kernel.Request(r.id, "take") for r in rows], actor=CLERK, at=MONDAY, atomic=True)
    assert not Docket.objects.filter(state="work").exists()


def test_personal_input_lies_beside_the_chain_and_can_be_erased():
    row = open_one()
    kernel.perform(
        row.id, "note", actor=CITIZEN, at=MONDAY, data={"reason": "联系我", "phone": "13800005678"}
    )
    entry = Entry.objects.get(act="note")
    assert "13800005678" not in entry.body
    item = history(row.number, at=MONDAY, with_personal=True)[-1]
    assert item.personal == {"phone": "13800005678"}
    place = kernel.erase_subject("person:1", actor=CITIZEN, at=MONDAY, reason="本人要求")
    assert history(row.number, at=MONDAY, with_personal=True)[-1].personal == {"erased": place}
    verdict = verify(anchor=None, at=MONDAY)
    assert (verdict.faults, verdict.erased) == ([], 1)


def test_nothing_is_found_of_nothing():
    """An empty question is one that both databases answer."""
    assert store.clocks_of([]) == {}
    assert store.children_of([]) == []
    assert store.media_types([]) == {}
    assert store.present("kernel_docket", "number", []) == set()
