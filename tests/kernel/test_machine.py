"""Whatever moves are made in whatever order: nothing is lost, doubled, left running or unchained."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.kernel.toy import CITIZEN, CLERK, STRANGER, at, opening
from tongban.kernel import api as kernel
from tongban.kernel.clock.firing import fire_due
from tongban.kernel.clock.models import Clock
from tongban.kernel.docket.models import Docket
from tongban.kernel.ledger.models import Entry
from tongban.kernel.ledger.services import verify
from tongban.kernel.outbox.models import Event

MOVES = ["take", "deem", "ask", "supply", "lapse", "note", "finish", "drop"]
INPUT = {"ask": {"reason": "缺图纸"}, "note": {"reason": "备注", "phone": "13800005678"}}


class Dockets(RuleBasedStateMachine):
    numbers = Bundle("numbers")
    done = Bundle("done")

    def __init__(self):
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @initialize()
    def begin(self):
        self.now = at("2026-11-02 09:00")
        self.opened = {}
        self.applied = 0
        self.first = {}

    @rule(target=numbers, count=st.integers(1, 3), key=st.sampled_from(["", "k1", "k2"]))
    def open(self, count, key):
        openings = [opening(title=f"{count}") for _ in range(count)]
        known = self.opened.get(key) if key else None
        try:
            rows, replayed = kernel.open_dockets(openings, actor=CITIZEN, at=self.now, key=key)
        except kernel.Conflict:
            assert known is not None
            assert len(known) != count
            return known[0]
        ids = [row.id for row in rows]
        assert replayed == (known is not None)
        if replayed:
            assert ids == known
        else:
            self.opened[key or f"plain{len(self.opened)}"] = ids
            self.applied += count
        return ids[0]

    @rule(
        target=done,
        docket=numbers,
        move=st.sampled_from(MOVES),
        actor=st.sampled_from([CLERK, CITIZEN, STRANGER, kernel.SYSTEM]),
        key=st.sampled_from(["", "a", "b"]),
        seen=st.sampled_from([None, 1, 2, 3]),
    )
    def move(self, docket, move, actor, key, seen):
        before = Docket.objects.get(id=docket)
        data = INPUT.get(move, {})
        try:
            result = kernel.perform(docket, move, actor=actor, at=self.now, data=data, key=key, seen=seen)
        except kernel.MoveRefused:
            after = Docket.objects.get(id=docket)
            assert (after.revision, after.state) == (before.revision, before.state)
            return (docket, "refused")
        slot = (docket, actor.id, key)
        if result.replayed:
            assert self.first[slot] == (move, result.revision, result.state)
        else:
            assert result.revision == before.revision + 1
            self.applied += 1
            if key:
                assert slot not in self.first
                self.first[slot] = (move, result.revision, result.state)
        return (docket, move)

    @rule(dockets=st.lists(numbers, max_size=4), move=st.sampled_from(MOVES))
    def many(self, dockets, move):
        results = kernel.perform_many(
            [kernel.Request(d, move, INPUT.get(move, {})) for d in dockets], actor=CLERK, at=self.now
        )
        assert len(results) == len(dockets)
        self.applied += sum(not isinstance(result, kernel.Refused) for result in results)

    @rule(days=st.integers(0, 9), hours=st.integers(0, 23))
    def time_passes(self, days, hours):
        self.now += timedelta(days=days, hours=hours)

    @rule()
    def clocks_fire(self):
        before = Entry.objects.count()
        fire_due(at=self.now)
        self.applied += Entry.objects.count() - before
        assert fire_due(at=self.now) == 0, "what was fired does not fire again"

    @rule(_end=consumes(done))
    def look(self, _end):
        """Thin the bundle so that long runs stay quick."""

    @invariant()
    def every_docket_is_whole(self):
        for docket in Docket.objects.all():
            clocks = list(Clock.objects.filter(docket=docket.id, stopped_at=None))
            if docket.closed_at:
                assert not clocks
                assert docket.outcome
                assert docket.due_at is None
            running = [clock.due_at for clock in clocks if clock.suspended_at is None]
            if not docket.closed_at:
                assert docket.due_at == min(running, default=None)
            assert Entry.objects.filter(stream=docket.number).count() == docket.revision
        assert Docket.objects.count() == sum(len(ids) for ids in self.opened.values())

    @invariant()
    def the_ledger_is_whole(self):
        assert verify(anchor=None, at=self.now).faults == []
        assert Entry.objects.count() == self.applied
        assert Event.objects.filter(topic__startswith="toy.").count() == self.applied


@pytest.mark.django_db
@pytest.mark.usefixtures("toy_flow")
def test_any_sequence_of_moves():
    run_state_machine_as_test(
        Dockets,
        settings=settings(
            max_examples=30, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
