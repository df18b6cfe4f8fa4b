"""Random small cities: what a run stores is what each party is told, and a run killed anywhere and repeated is the run."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from itertools import count

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.actors.factories import NOON
from tests.desks.policies.matching.conftest import growth
from tongban.desks.policies.contracts import Standing
from tongban.desks.policies.matching import api, packing, running, storing
from tongban.desks.policies.matching.contracts import Cause, RunState
from tongban.desks.policies.matching.models import Result, Run
from tongban.desks.policies.matching.telling.easing import eased_measure
from tongban.kernel import api as kernel
from tongban.kernel.rules.columns.matching import Measure
from tongban.kernel.rules.elements import Dated
from tongban.kernel.rules.load import Rule
from tongban.registers.portraits import api as portraits
from tongban.registers.portraits.contracts import NewFact

NUMBER = count()
FEW = settings(
    max_examples=10,
    phases=(Phase.explicit, Phase.generate),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
FACTS = {
    "firm.capital": st.integers(0, 9).map(lambda n: n * 100_000_00),
    "firm.trade": st.sampled_from(["工业", "建筑业", "餐饮业"]),
    "firm.abnormal": st.booleans(),
    "firm.county": st.sampled_from(["咸安区", "赤壁市"]),
    "social.insured": st.integers(0, 40),
    "social.insured_before": st.integers(0, 3),
    "tax.paid": st.integers(0, 10**6),  # nobody consented: known and never used
}
AGES = st.sampled_from([0, 20, 35, 60])
CONDITIONS = st.recursive(
    st.one_of(
        st.integers(0, 9).map(lambda n: {">=": [{"var": "firm.capital"}, {"yuan": str(n * 100_000)}]}),
        st.integers(0, 40).map(lambda n: {"<": [{"var": "social.insured"}, n]}),
        st.just({"!": [{"var": "firm.abnormal"}]}),
        st.just({"==": [{"var": "firm.county"}, "咸安区"]}),
        st.just({"in": [{"var": "firm.trade"}, ["工业", "建筑业"]]}),
        st.just({">": [{"var": "tax.paid"}, {"yuan": "1"}]}),
        st.just(
            {">=": [{"divide": [{"var": "social.insured"}, {"var": "social.insured_before"}, "down", 2]}, 2]}
        ),
    ),
    lambda inner: st.builds(
        lambda word, items: {word: items},
        st.sampled_from(["and", "or"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)
AMOUNTS = st.sampled_from(
    [
        None, {"yuan": "800"}, {"*": [{"yuan": "500"}, {"var": "social.insured"}]},
        {"min": [{"divide": [{"var": "firm.capital"}, {"var": "social.insured_before"}, "down"]}, {"yuan": "99"}]},
        {"*": [{"var": "firm.capital"}, 10**8]},
    ]
)  # fmt: skip
CITY = st.tuples(
    st.lists(
        st.fixed_dictionaries({}, optional={key: st.tuples(value, AGES) for key, value in FACTS.items()}),
        max_size=5,
    ),
    st.lists(st.tuples(CONDITIONS, AMOUNTS), min_size=1, max_size=4),
)


def build(town, records, measures):
    """The city as it is drawn."""
    parties = [town.company() for _record in records]
    told = [
        NewFact(str(party), key, value, "scjg", town.today - timedelta(days=age))
        for party, record in zip(parties, records, strict=True)
        for key, (value, age) in record.items()
    ]
    portraits.note(told, actor=kernel.SYSTEM, at=town.at)
    # Keys of their own: what is kept of plans goes by key and version, and an example is taken back.
    town.open(*(growth(f"kjj-m{next(NUMBER)}", condition=rule, amount=amount) for rule, amount in measures))
    return [str(party) for party, record in zip(parties, records, strict=True) if record]


@contextmanager
def taken_back():
    """What an example wrote is undone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@FEW
@given(CITY)
def test_what_is_stored_is_what_every_party_is_told(town, city):
    with taken_back():
        parties = build(town, *city)
        api.run_all(town.at)
        for row in Result.objects.filter(current=True).select_related("run__roll", "sets"):
            roll = packing.unpack_roll(bytes(row.run.roll.packed))
            assert sorted(roll) == sorted(parties)
            entitled = api.entitled(row.key).fen
            unknown, nearest = (
                {roll[one] for one in packing.unpack_rows(bytes(packed), len(roll)).indices()}
                for packed in (row.sets.unknown, row.sets.nearest)
            )
            for party in parties:
                told = next(one for one in api.standing(party, at=town.at) if one.key == row.key)
                stored = (
                    Standing.ENTITLED if party in entitled else Standing.UNKNOWN if party in unknown
                    else Standing.NOT_YET if party in nearest else Standing.NOT
                )  # fmt: skip
                assert (stored, entitled.get(party)) == (told.standing, told.amount_fen)
                assert api.why(party, row.key, at=town.at).standing is told.standing


COMPUTE = running.compute


class Killed(BaseException):
    """The process ends."""


@FEW
@given(CITY, st.integers(0, 9))
def test_a_run_killed_at_any_part_and_repeated_is_the_run(town, city, point):
    with taken_back():
        build(town, *city)
        run = api.ask("organisation", cause=Cause.ASKED, at=town.at)
        patched = pytest.MonkeyPatch()
        patched.setattr(storing, "BATCH", 1)
        patched.setattr(running, "compute", lambda *given, **also: _dying(COMPUTE(*given, **also), point))
        try:
            running.carry_out(run.number, at=town.at, apart=False)
        except Killed:
            assert not Result.objects.filter(current=True).exists()
        finally:
            patched.undo()
        Run.objects.filter(pk=run.number).exclude(state=RunState.COMPLETE).update(state=RunState.WAITING)
        running.carry_out(run.number, at=town.at, apart=False)
        repeated = town.stored()
        Result.objects.all().delete()
        Run.objects.all().delete()
        api.run_all(town.at)
        assert town.stored() == repeated


def _dying(parts, point):
    for number, part in enumerate(parts):
        if number == point:
            raise Killed
        yield part


@FEW
@given(st.lists(CONDITIONS, min_size=1, max_size=4), st.integers(0, 50), st.integers(0, 50))
def test_easing_only_ever_lets_more_in(rules, capital, insured):
    elements = portraits.rule_elements("organisation")
    measure = Measure("m", Rule.load({"and": rules}, elements=elements))
    moved = eased_measure(measure, percent=10, days=30)
    known = {
        "firm.capital": capital * 20_000_00,
        "social.insured": insured,
        "firm.trade": "工业",
        "firm.abnormal": False,
    }
    record = {key: Dated(value, NOON.date()) for key, value in known.items()}
    if moved is not None and measure.rule.decide(record=record, as_of=NOON).value:
        assert moved.rule.decide(record=record, as_of=NOON).value
