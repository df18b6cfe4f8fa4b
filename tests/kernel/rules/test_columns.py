"""The column evaluator says of every row what the row evaluator says of its record."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.kernel.rules.populations import (
    COLUMNS,
    CONDITIONS,
    DAY,
    ELEMENTS,
    MONEY,
    NOON,
    POPULATIONS,
    ROUNDING,
)  # fmt: skip
from tongban.kernel.rules.amounts import Amount
from tongban.kernel.rules.columns.matching import Measure, Plan, conditions
from tongban.kernel.rules.columns.population import Population
from tongban.kernel.rules.columns.sharing import Shared
from tongban.kernel.rules.columns.single import outcomes
from tongban.kernel.rules.decision import decide_node
from tongban.kernel.rules.load import Rule
from tongban.kernel.rules.nodes import elements_of

MEASURES = st.lists(st.tuples(CONDITIONS, MONEY, ROUNDING), min_size=1, max_size=4)
slowly = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def measures(written):
    return [
        Measure(
            str(number),
            Rule.load(rule, elements=ELEMENTS),
            Amount.load(sum_, elements=ELEMENTS, rounding=rounding),
        )
        for number, (rule, sum_, rounding) in enumerate(written)
    ]


def members(rows):
    return set(rows.indices().tolist())


def nearest(measure, record, as_of):
    """By the row evaluator: exactly one condition false, all others true; and that one about something that can change."""
    asked = [
        (one, decide_node(one, elements=ELEMENTS, record=record, as_of=as_of).value)
        for one in unique(measure.rule.node)
    ]
    failed = [one for one, value in asked if value is False]
    if len(failed) != 1 or any(value is None for _one, value in asked):
        return False
    return any(not ELEMENTS[key].fixed for key in elements_of(failed[0]))


def unique(node):
    """The conditions of a rule, one written twice counted once."""
    return conditions(Shared().node(node))


@slowly
@given(written=MEASURES, records=POPULATIONS, as_of=st.sampled_from([DAY, NOON]))
def test_columns_and_rows_agree_to_the_last_row(written, records, as_of):
    some = measures(written)
    population = Population.of(records, elements=COLUMNS.values())
    plan = Plan(some, elements=ELEMENTS)
    for measure, match in zip(some, plan.matches(population, as_of=as_of), strict=True):
        said = [measure.rule.decide(record=record, as_of=as_of).value for record in records]
        assert members(match.entitled) == {row for row, value in enumerate(said) if value is True}
        assert members(match.unknown) == {row for row, value in enumerate(said) if value is None}
        assert members(match.nearest) == {
            row for row, record in enumerate(records) if nearest(measure, record, as_of)
        }
        sums = {
            row: measure.amount.compute(record=records[row], as_of=as_of).fen
            for row in members(match.entitled)
        }
        assert match.sums.by_row() == {row: fen for row, fen in sums.items() if fen is not None}
        assert members(match.sums.unknown) == {row for row, fen in sums.items() if fen is None}


@slowly
@given(written=MEASURES, records=POPULATIONS, as_of=st.sampled_from([DAY, NOON]))
def test_a_row_read_back_from_the_columns_is_decided_for_the_same_reasons(written, records, as_of):
    some = measures(written)
    population = Population.of(records, elements=COLUMNS.values())
    plan = Plan(some, elements=ELEMENTS)
    for row, record in enumerate(records[:4]):
        again = population.record(row, keys=ELEMENTS)
        for measure, outcome in zip(some, outcomes(plan, record=again, as_of=as_of), strict=True):
            decision = measure.rule.decide(record=record, as_of=as_of)
            assert measure.rule.decide(record=again, as_of=as_of) == decision
            first, second = (measure.amount.compute(record=one, as_of=as_of) for one in (record, again))
            assert (first.fen, first.reasons) == (second.fen, second.reasons)
            assert outcome.entitled is decision.value
            assert outcome.nearest is nearest(measure, record, as_of)
            assert outcome.fen == (first.fen if decision.value else None)
            assert set(outcome.unknown) == set(first.unknown if decision.value else decision.unknown)
