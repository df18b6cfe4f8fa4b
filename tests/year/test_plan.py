"""A plan is the same for the same seed, in order of time, whole, and forgets what is over."""

from datetime import date, timedelta
from fractions import Fraction

from tongban.year import profiles
from tongban.year.planning.city import City, Place
from tongban.year.planning.plan import Plan

COUNTIES = ("421202000000", "421221000000")


def a_plan(*, scale=0.004, seed=7, last=date(2023, 12, 31)):
    topics = profiles.topics()
    departments = {name for one in topics.values() for name in (one.department, one.helper) if name}
    units = {
        (name, level, county): f"{'421200' if level == 'city' else county[:6]}-{name}"
        for name in departments for level in ("city", "county") for county in COUNTIES
    }  # fmt: skip
    days = [date(2022, 1, 1) + timedelta(days=n) for n in range(1200)]
    city = City(
        tuple(Place(county, "某地", county) for county in COUNTIES),
        units,
        frozenset(d for d in days if d.weekday() < 5),
    )
    found = profiles.profile("xianning-2023")
    return Plan(found, scale=Fraction(str(scale)), seed=seed, last=last, city=city, topics=topics)


def shape(plan):
    return [(day.day, day.strokes) for day in plan.days()]


def test_the_same_seed_gives_the_same_year_and_asking_twice_changes_nothing():
    plan = a_plan(scale=0.001)
    first = shape(plan)
    assert first == shape(plan) == shape(a_plan(scale=0.001)) != shape(a_plan(scale=0.001, seed=8))


def test_everything_planned_happens_once_in_order():
    plan = a_plan()
    counts, taken, moves, calls, answered = plan.counts, {}, {}, 0, 0
    for day in plan.days():
        acts = [act for stroke in day.strokes for act in stroke.acts]
        assert [act.minute for act in acts] == sorted(act.minute for act in acts)
        assert all(0 <= act.minute < 1440 and act.day == day.day for act in acts)
        for stroke in day.strokes:
            calls += len(stroke.calls)
            answered += sum(call.answered is not None for call in stroke.calls)
            for told in stroke.told:
                assert taken.setdefault(told.index, (day.day, stroke.minute)) == (day.day, stroke.minute)
            for act in stroke.acts:
                assert taken[act.ticket] <= (day.day, act.minute)
                moves.setdefault(act.ticket, []).append(act.move)
    assert len(taken) == counts.requests == 1445
    assert (calls, answered) == (1275, 1207)
    ends = [own[-1] if own else "" for own in (moves.get(index) for index in taken)]
    closed = sum(1 for own in moves.values() if own[-1] in {"answer", "call_back", "close"})
    assert closed == 1275
    assert ends.count("merge") == counts.fates["merged"]
    assert ends.count("refuse") == counts.fates["refused"]
    every = [move for own in moves.values() for move in own]
    for move, many in (
        ("give_back", counts.returned),
        ("ask_delay", counts.delayed),
        ("reopen", counts.reopened),
    ):
        assert every.count(move) == many > 0


def test_a_ticket_bears_the_number_of_the_call_in_which_it_was_told():
    days = list(a_plan().days())
    callers = {call.index: call.caller for day in days for stroke in day.strokes for call in stroke.calls}
    told = [one for day in days for stroke in day.strokes for one in stroke.told]
    in_calls = [one for one in told if one.call >= 0]
    assert in_calls
    assert [one.phone for one in in_calls] == [callers[one.call] for one in in_calls]
    assert all(bool(one.phone) == (one.channel in {"phone", "line"}) for one in told)
    again = [one for one in told if one.caller >= 0]
    assert len({one.phone for one in again}) == len({one.caller for one in again}), (
        "who says it again rings again"
    )


def test_a_year_may_end_on_another_day_and_its_tail_is_open():
    last = date(2024, 3, 1)
    plan = a_plan(last=last)
    days = [day.day for day in plan.days()]
    assert (days[0], days[-1], len(days)) == (date(2023, 3, 3), last, 365)
    assert plan.counts.open > 0
