"""Nothing is given or paid twice: jobs repeated, killed at every statement, two claimants of one place at the same instant."""

import threading
from contextlib import suppress
from functools import partial

import pytest
from django.db import connection
from django.db.backends.utils import CursorWrapper
from hypothesis import given
from hypothesis import strategies as st

from tongban.desks.policies.claims import api, giving, paying, rules
from tongban.desks.policies.claims.models import Due, Pool, Run
from tongban.desks.policies.claims.rules import Candidate
from tongban.desks.policies.contracts import Order
from tongban.kernel import api as kernel
from tongban.registers.payments import paying_out
from tongban.registers.payments.models import Item

SEVERAL_WRITERS = pytest.mark.postgres


class Killed(BaseException):
    """The process is gone."""


def killed_again_and_again(work, monkeypatch, *, until):
    """Begin a piece of work and kill it at its first, second, third … statement, later in wider steps, until it gets
    through; gives how often it was killed."""
    execute, killed, limit = CursorWrapper.execute, 0, 0
    while True:
        limit += 1 + limit // 4
        left = [limit]

        def dying(self, sql, params=None, left=left):
            left[0] -= 1
            if left[0] < 0:
                raise Killed
            return execute(self, sql, params)

        with monkeypatch.context() as patch:
            patch.setattr(CursorWrapper, "execute", dying)
            try:
                work()
            except Killed:
                killed += 1
                continue
        if until():
            return killed


@pytest.mark.django_db(transaction=True)  # so that what is killed is really rolled back
def test_killed_again_and_again_from_the_list_to_the_bank(town, monkeypatch):
    """Each job is killed again and again; in the end there is one list, one batch, one payment each, and the books agree."""
    town.change(quota=2, order=Order("amount"))
    town.companies(甲=300, 乙=200, 丙=100)
    assert killed_again_and_again(town.drawn, monkeypatch, until=Run.objects.exists) > 5
    (run,) = Run.objects.all()
    assert town.sound()
    town.does("head", run.docket, "publish")
    town.days_over()
    for name in ("甲", "乙"):
        killed_again_and_again(
            lambda name=name: town.confirms(name),
            monkeypatch,
            until=lambda name=name: town.state(name) == "confirmed",
        )
    killed_again_and_again(town.bundle, monkeypatch, until=lambda: set(states()) == {"paying"})
    assert Item.objects.count() == 2

    def at_the_bank():
        town.later(minutes=6)
        town.pays()
        paying_out.ask_unanswered(at=town.at)
        paying.settle_open(at=town.at)

    killed_again_and_again(at_the_bank, monkeypatch, until=lambda: set(states()) == {"paid"})
    assert town.out() == [200, 300]
    town.bundle()
    town.pays()
    assert town.out() == [200, 300]
    assert town.sound()


def states():
    return Due.objects.exclude(state="left").values_list("state", flat=True)


@pytest.mark.django_db
def test_a_lost_event_is_mended_by_the_books_of_payments(town):
    town.companies(甲=100)
    town.concluded()
    town.confirms("甲")
    town.bundle()
    town.news = lambda: None
    town.pays()
    assert town.state("甲") == "paying"
    assert paying.settle_open(at=town.at) == 1
    assert paying.settle_open(at=town.at) == 0
    assert town.state("甲") == "paid"
    paid = kernel.history(Due.objects.get().stream, at=town.at)[-1]
    assert (paid.act, len(paid.body["company"])) == ("bank_paid", 64), "each company can be counted once"


def together(*works):
    """Each in a thread of its own, all starting at once; what each came to, or its error."""
    found, gate = [None] * len(works), threading.Barrier(len(works))

    def run(place, work):
        try:
            gate.wait(10)
            found[place] = work()
        except Exception as error:  # noqa: BLE001 - handed to the test
            found[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=one) for one in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return found


@SEVERAL_WRITERS
@pytest.mark.django_db(transaction=True)
def test_one_place_and_two_claimants_in_the_same_second(town):
    town.change(way="quick", quota=1)
    town.companies(甲=100, 乙=100)
    made = together(lambda: town.claim("甲"), lambda: town.claim("乙"))
    assert sorted(one.state for one in made) == ["claimed", "queued"]
    assert sorted(one.rank for one in made) == [0, 1]
    assert (Pool.objects.get().taken, town.sound()) == (1, True)


@SEVERAL_WRITERS
@pytest.mark.django_db(transaction=True)
def test_one_claim_sent_twice_two_lists_drawn_at_once_and_two_taps(town):
    town.change(way="quick")
    town.companies(甲=100)
    made = together(lambda: town.claim("甲"), lambda: town.claim("甲"))
    assert len({one.number for one in made}) == 1
    town.change(way="none")
    town.companies(乙=200, 丙=300)
    drawn = together(town.drawn, town.drawn)
    (run,) = [one for one in drawn if one is not None]
    town.does("head", run.docket, "publish")
    town.days_over()
    taps = together(lambda: town.confirms("乙"), lambda: town.confirms("乙"))
    assert {one.state for one in taps} == {"confirmed"}
    together(town.bundle, town.bundle)
    assert Item.objects.count() == 1
    assert town.sound()


@SEVERAL_WRITERS
@pytest.mark.django_db(transaction=True)
def test_a_service_asked_for_with_two_taps_at_once(town, monkeypatch):
    town.change(gives="service", amount=None)
    party, asked, both = town.company("甲", 0), giving.wishes_of, threading.Barrier(2)

    def together_if_they_may(whose):
        found = asked(whose)
        with suppress(threading.BrokenBarrierError):
            both.wait(0.3)
        return found

    monkeypatch.setattr(giving, "wishes_of", together_if_they_may)
    who = town.actor("甲")
    tap = partial(giving.wish, measure="kjj-rd", party=party, actor=who, at=town.at)
    assert len(set(together(tap, tap))) == 1


@SEVERAL_WRITERS
@pytest.mark.django_db(transaction=True)
def test_two_measures_that_exclude_each_other_claimed_at_once(town):
    town.change(way="quick", excludes=("kjj-other",))
    town.has(town.measures["kjj-rd"], key="kjj-other", excludes=())
    town.company("甲", 100)
    town.company("甲", 100, measure="kjj-other")
    made = together(lambda: town.claim("甲"), lambda: town.claim("甲", measure="kjj-other"))
    refused = [one for one in made if isinstance(one, api.ClaimsError)]
    assert [one.code for one in refused] == ["excluded"], made
    assert Due.objects.count() == 1


@pytest.mark.django_db
def test_one_place_and_two_claimants_one_after_the_other(town):
    town.change(way="quick", quota=1)
    town.companies(甲=100, 乙=100)
    assert [town.claim(name).rank for name in ("甲", "乙")] == [0, 1]


candidates = st.lists(
    st.builds(
        Candidate, st.integers(1, 60).map("organisation:{}".format), st.integers(1, 10**13), st.integers(0, 5) | st.none()
    ),
    unique_by=lambda one: one.party, max_size=40,
)  # fmt: skip


@given(candidates, st.integers(0, 20) | st.none(), st.integers(0, 10**14) | st.none(), st.randoms())
def test_the_order_is_fair_whatever_order_they_come_in(found, places, budget, shuffled):
    """The same people in any order give the same list; nobody is left out for whom there was room before a later one."""
    mixed = list(found)
    shuffled.shuffle(mixed)
    for by in ("amount", "element", "first"):
        said = {"by": by, "descending": True, "measure": "m", "period": "2026"}
        ordered = rules.in_order(found, **said)
        assert ordered == rules.in_order(mixed, **said)
        chosen = rules.within(ordered, places=places, budget_fen=budget)
        assert chosen == ordered[: len(chosen)]
        assert places is None or len(chosen) <= places
        spent = sum(one.amount_fen for one in chosen)
        assert budget is None or spent <= budget
        if len(chosen) < len(ordered):
            following = ordered[len(chosen)].amount_fen
            assert len(chosen) == places or (budget is not None and spent + following > budget)
        if by == "amount":
            assert [one.amount_fen for one in ordered] == sorted(
                (one.amount_fen for one in found), reverse=True
            )
        if by == "element":
            known = [one.weight for one in ordered if one.weight is not None]
            assert known == sorted(known, reverse=True)
            assert all(one.weight is None for one in ordered[len(known) :])


def test_what_was_sent_to_the_bank_is_never_simply_sent_again():
    assert "confirmed" not in rules.NEXT["paying"] | rules.NEXT["returned"] | rules.NEXT["paid"]
    assert not rules.NEXT["left"] | rules.NEXT["recovered"]
