"""Moves of different people at different instants go together, and come to what they come to one by one."""

from datetime import timedelta

import pytest

from tests.kernel.toy import CITIZEN, CLERK, at, opening
from tongban.kernel import api as kernel
from tongban.kernel.clock.firing import Due, _parts, fire_due
from tongban.kernel.clock.models import Clock
from tongban.kernel.ledger.models import Entry
from tongban.kernel.ledger.services import verify
from tongban.kernel.outbox.models import Event

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("toy_flow")]
NOW = at("2026-11-09 10:00")
ASKED = {"reason": "缺一份材料", "phone": "13800005678"}
LIFE = (("take", CLERK, {}), ("ask", CLERK, ASKED), ("supply", CITIZEN, {}), ("finish", CLERK, {}))


def opened(count):
    rows, _again = kernel.open_dockets([opening() for _ in range(count)], actor=CITIZEN, at=NOW)
    return [row.id for row in rows]


def said(dockets):
    """What the ledger says of dockets, but for what differs by number."""
    rows = Entry.objects.filter(stream__in=kernel_numbers(dockets)).order_by("stream", "sequence")
    return [(row.sequence, row.actor, row.unit, row.act, row.at) for row in rows]


def kernel_numbers(dockets):
    return [kernel.docket_by_id(one, actor=kernel.SYSTEM).number for one in dockets]


def test_each_has_its_own_actor_and_instant_as_if_made_alone(django_assert_max_num_queries):
    together, alone = opened(5), opened(5)
    for turn, (move, actor, data) in enumerate(LIFE):
        moments = [NOW + timedelta(hours=10 * turn + place) for place in range(5)]
        asked = [
            kernel.Request(docket, move, data, key=move, actor=actor, at=moment)
            for docket, moment in zip(together, moments, strict=True)
        ]
        with django_assert_max_num_queries(40):
            done = kernel.perform_many(asked, actor=kernel.SYSTEM, at=moments[-1])
        assert all(isinstance(one, kernel.Done) for one in done)
        for docket, moment in zip(alone, moments, strict=True):
            kernel.perform(docket, move, actor=actor, at=moment, data=data, key=move)
        again = kernel.perform_many(asked, actor=kernel.SYSTEM, at=moments[-1])
        assert all(one.replayed for one in again), "the key is the actor's own"
    assert said(together) == said(alone)
    clocks = [
        list(
            Clock.objects.filter(docket__in=those)
            .order_by("docket", "id")
            .values_list("name", "due_at", "outcome")
        )
        for those in (together, alone)
    ]
    assert clocks[0] == clocks[1]
    assert verify(anchor=None, at=NOW).faults == []


def test_people_of_different_rights_are_told_apart():
    first, second = opened(2)
    done = kernel.perform_many(
        [kernel.Request(first, "take", actor=CITIZEN, at=NOW), kernel.Request(second, "take", actor=CLERK, at=NOW)],
        actor=kernel.SYSTEM, at=NOW,
    )  # fmt: skip
    assert [type(one).__name__ for one in done] == ["Refused", "Done"]


def test_clocks_fire_together(django_assert_max_num_queries):
    opened(30)
    with django_assert_max_num_queries(40):
        assert fire_due(at=at("2026-11-18 08:00")) == 30
    assert Entry.objects.filter(act="deem", at=at("2026-11-17 00:00")).count() == 30


def test_one_that_cannot_fire_holds_up_itself_only():
    dockets = opened(30)
    blocked = dockets[3]
    Clock.objects.filter(docket=blocked).update(on_due="finish")  # a move that is not open there
    assert fire_due(at=at("2026-11-18 08:00")) == 29
    left = Clock.objects.get(docket=blocked, name="notice")
    assert (left.fired_at, left.next_at) == (None, at("2026-11-18 08:05"))
    assert fire_due(at=at("2026-11-18 08:01")) == 0


def test_an_effect_that_breaks_holds_up_its_own_clock_only(toy_flow):
    dockets = opened(3)

    @toy_flow.effect("deem")
    def breaks(step):
        if step.docket.id == dockets[0]:
            raise KeyError("nobody thought of this")

    assert fire_due(at=at("2026-11-18 08:00")) == 2
    left = Clock.objects.get(docket=dockets[0], name="notice")
    assert (left.fired_at, left.next_at) == (None, at("2026-11-18 08:05"))


def test_a_clock_is_looked_at_after_what_its_family_did_earlier():
    first, second, other = (
        Due(n, docket, 1, on_due) for n, docket, on_due in ((1, 2, "end"), (2, 3, ""), (3, 4, ""))
    )
    alone = Due(4, 9, None, "end")
    assert list(_parts([first, alone, second, other], 10)) == [[first, alone], [second, other]]
    assert list(_parts([second, other, first], 10)) == [[second, other, first]], "a warning moves nobody"
    assert list(_parts([Due(5, 1, None, "end"), second], 10)) == [[Due(5, 1, None, "end")], [second]]


def test_a_thousand_warnings_cost_a_few_statements(django_assert_max_num_queries):
    dockets = opened(100)
    kernel.perform_many([kernel.Request(one, "take") for one in dockets], actor=CLERK, at=NOW)
    with django_assert_max_num_queries(12):
        assert fire_due(at=at("2026-12-04 00:00")) == 100
    assert Event.objects.filter(topic="clock.warned").count() == 100
    with django_assert_max_num_queries(12):
        assert fire_due(at=at("2026-12-09 09:00")) == 100
    assert Event.objects.filter(topic="clock.missed").count() == 100
