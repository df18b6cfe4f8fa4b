"""Measures matched with a population: who, how much, who cannot be told, who just misses."""

import tracemalloc
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from tongban.kernel.rules.amounts import MOST_FEN, Amount
from tongban.kernel.rules.columns.column import KNOWN, MISSING, Column, column_of
from tongban.kernel.rules.columns.evaluator import Evaluator
from tongban.kernel.rules.columns.matching import Measure, Plan
from tongban.kernel.rules.columns.narrowing import narrowing
from tongban.kernel.rules.columns.population import Population, View
from tongban.kernel.rules.columns.single import outcomes
from tongban.kernel.rules.elements import Dated, Element, Type
from tongban.kernel.rules.errors import RuleError
from tongban.kernel.rules.explain import explain
from tongban.kernel.rules.load import Rule
from tongban.kernel.rules.operators import Operator, find_operator, register_operator

DAY = date(2026, 5, 1)
ELEMENTS = {
    one.key: one
    for one in (
        Element("staff", Type.NUMBER),
        Element("tax", Type.MONEY, max_age=timedelta(days=90)),
        Element("research", Type.MONEY),
        Element("size", Type.TEXT),
        Element("honours", Type.TEXTS),
        Element("banned", Type.BOOLEAN),
        Element("county", Type.TEXT, fixed=True),
    )
}
RULE = {
    "and": [
        {"!": [{"var": "banned"}]},
        {"in": [{"var": "size"}, ["小型", "微型"]]},
        {">=": [{"var": "staff"}, 10]},
    ]
}
FRESH = date(2026, 4, 1)


def amount(source, rounding="half_up", **more):
    return Amount.load(source, elements=ELEMENTS, rounding=rounding, **more)


def measure(key, rule, source=None, rounding="half_up"):
    return Measure(key, Rule.load(rule, elements=ELEMENTS), source and amount(source, rounding))


def matched(records, *measures):
    population = Population.of(records, elements=ELEMENTS.values())
    return list(Plan(measures, elements=ELEMENTS).matches(population, as_of=DAY))


def rows(found):
    return found.indices().tolist()


def test_entitled_unknown_nearest_and_the_rest():
    records = [
        {"banned": False, "size": "小型", "staff": 10},
        {"banned": False, "size": "小型"},  # nobody knows how many work there
        {"banned": False, "size": "微型", "staff": 9},  # one more and it has it
        {"banned": False, "size": "大型", "staff": 9},  # two conditions away
        {"banned": True, "size": "小型"},  # no, whatever its staff: and not near, as long as that is unknown
        {"banned": None, "size": "小型", "staff": 30},
    ]
    [found] = matched(records, measure("jobs", RULE))
    assert rows(found.entitled) == [0]
    assert rows(found.unknown) == [1, 5]
    assert rows(found.nearest) == [2]
    assert found.sums is None
    assert (len(found.unknown), 5 in found.unknown, 4 in found.unknown, 99 in found.unknown) == (
        2,
        True,
        False,
        False,
    )
    assert rows(found.entitled | found.nearest) == [0, 2]


def test_an_editor_sees_which_condition_excludes_most():
    records = [
        {"banned": False, "size": "小型", "staff": 10},
        {"banned": False, "size": "大型", "staff": 10},
        {"banned": False, "size": "大型", "staff": 1},
        {"banned": False, "size": "小型"},
        {"banned": True, "size": "小型", "staff": 10},
    ]
    population = Population.of(records, elements=ELEMENTS.values())
    found = narrowing(Rule.load(RULE, elements=ELEMENTS), population, elements=ELEMENTS, as_of=DAY)
    assert [(one.met, one.unknown, one.excluded, one.alone) for one in found] == [
        (4, 0, 1, 1), (3, 0, 2, 1), (3, 1, 1, 0),
    ]  # fmt: skip
    assert explain(found[2].condition, names={"staff": "职工人数"}) == "职工人数 不小于 10"


def test_where_a_company_is_is_no_condition_that_it_is_short_of():
    here, large = {"==": [{"var": "county"}, "咸安区"]}, {">=": [{"var": "staff"}, 10]}
    records = [
        {"county": "咸安区", "staff": 9},
        {"county": "赤壁市", "staff": 10},
        {"county": "赤壁市", "staff": 9},
        {"staff": 9},  # nobody knows where it is
    ]
    somehow = {"or": [here, {">=": [{"var": "staff"}, 20]}]}  # another way in: staff would do
    both, either = (measure("m", {"and": parts}) for parts in ([here, large], [somehow, large]))
    plan = Plan([both, either], elements=ELEMENTS)
    population = Population.of(records, elements=ELEMENTS.values())
    assert [rows(found.nearest) for found in plan.matches(population, as_of=DAY)] == [[0], [0, 1]]
    told = [[one.nearest for one in outcomes(plan, record=each, as_of=DAY)] for each in records]
    assert told == [[True, True], [False, True], [False, False], [False, False]]
    counted = narrowing(both.rule, population, elements=ELEMENTS, as_of=DAY)
    assert [(one.excluded, one.alone) for one in counted] == [(2, 0), (3, 1)]


def test_amounts_are_whole_fen_and_an_unknown_amount_is_named_not_paid():
    share = {"min": [{"*": [{"var": "tax"}, {"decimal": "0.333"}]}, {"yuan": "10"}]}
    records = [
        {"staff": 1, "tax": Dated(100, FRESH)},
        {"staff": 1, "tax": Dated(100_000, FRESH)},
        {"staff": 1, "tax": Dated(100, date(2026, 1, 1))},  # too old
        {"staff": 1},
        {"staff": 0, "tax": Dated(100, FRESH)},
    ]
    [found] = matched(records, measure("share", {">": [{"var": "staff"}, 0]}, share))
    assert rows(found.entitled) == [0, 1, 2, 3]
    assert found.sums.by_row() == {0: 33, 1: 1000}
    assert rows(found.sums.unknown) == [2, 3]
    assert found.sums.total == 1033


def test_a_fixed_amount_is_kept_once():
    [found] = matched([{"staff": 1}] * 1000, measure("fixed", {">": [{"var": "staff"}, 0]}, {"yuan": "500"}))
    assert found.sums.fen.ndim == 0
    assert found.sums.total == 1000 * 50_000


@pytest.mark.parametrize(("tax", "factor"), [(10**15, 2), (2**62, 10**9), (-(10**15), 3), (10**30, 10**30)])
def test_an_amount_that_overflows_is_unknown_and_says_so(tax, factor):
    source = {"*": [{"var": "tax"}, factor]}
    record = {"staff": 1, "tax": Dated(tax, FRESH)}
    said = amount(source).compute(record=record, as_of=DAY)
    assert (said.fen, {reason.code for reason in said.reasons} <= {"overflow", "no_answer"}) == (None, True)
    [found] = matched(
        [record, record | {"tax": Dated(5, FRESH)}], measure("x", {">": [{"var": "staff"}, 0]}, source)
    )
    assert rows(found.sums.unknown) == ([0] if 5 * factor <= MOST_FEN else [0, 1])
    assert found.sums.by_row() == ({1: 5 * factor} if 5 * factor <= MOST_FEN else {})


def test_a_division_by_zero_is_unknown_for_that_row_only():
    rule = {">": [{"divide": [{"var": "tax"}, {"var": "staff"}, "down"]}, {"yuan": "1"}]}
    records = [{"tax": Dated(500, FRESH), "staff": staff} for staff in (0, 1, 5)]
    [found] = matched(records, measure("by head", rule))
    assert (rows(found.unknown), rows(found.entitled), rows(found.nearest)) == ([0], [1], [2])


def test_contradictions_and_rules_that_fit_everybody():
    nobody = {"and": [{">": [{"var": "staff"}, 5]}, {"<": [{"var": "staff"}, 5]}]}
    everybody = {"or": [{">": [{"var": "staff"}, 5]}, {"<=": [{"var": "staff"}, 5]}]}
    no, yes = matched([{"staff": 4}, {"staff": 5}, {}], measure("no", nobody), measure("yes", everybody))
    assert (rows(no.entitled), rows(no.unknown), rows(no.nearest)) == ([], [2], [0])
    assert (rows(yes.entitled), rows(yes.unknown)) == ([0, 1], [2])


def test_a_condition_of_many_measures_is_evaluated_once():
    asked = []
    name = "test_asked"
    if find_operator(name) is None:
        register_operator(
            Operator(name, lambda n: asked.append(n) or n > 3, (Type.NUMBER,), Type.BOOLEAN, "{0}", "{0}")
        )
    turned = {"and": [{">=": [{"var": "staff"}, 1]}, {name: [{"var": "staff"}]}]}
    same = {"and": [{name: [{"var": "staff"}]}, {"<=": [1, {"var": "staff"}]}]}
    some = [measure(str(n), [turned, same][n % 2]) for n in range(20)]
    found = matched([{"staff": 4}, {"staff": 2}], *some)
    assert asked == [4, 2]
    assert all(rows(one.entitled) == [0] for one in found)


def test_results_that_nobody_needs_any_more_are_let_go():
    size = 400_000
    column = Column(Type.NUMBER, np.arange(size, dtype=np.int32), np.full(size, KNOWN, dtype=np.uint8))
    population = Population(size, {"staff": column})
    plan = Plan(
        [measure(str(n), {">=": [{"+": [{"var": "staff"}, n]}, 10 * n]}) for n in range(60)],
        elements=ELEMENTS,
    )
    tracemalloc.start()
    for _found in plan.truths(population, as_of=DAY):
        pass
    assert tracemalloc.get_traced_memory()[1] < 12 * 8 * size  # not sixty sums of 3.2 MB
    tracemalloc.stop()


def test_one_company_against_every_measure():
    some = [
        measure("jobs", RULE, {"yuan": "800"}),
        measure("share", {">": [{"var": "staff"}, 0]}, {"var": "tax"}),
    ]
    record = {"banned": False, "size": "小型", "staff": 9}
    jobs, share = outcomes(Plan(some, elements=ELEMENTS), record=record, as_of=DAY)
    assert (jobs.entitled, jobs.nearest, jobs.fen) == (False, True, None)
    assert (share.entitled, share.unknown, share.fen) == (True, ("tax",), None)


def test_an_amount_must_be_money_and_name_a_known_rounding():
    with pytest.raises(RuleError, match="写成"):
        amount(5000)
    with pytest.raises(RuleError, match="取舍"):
        amount({"var": "tax"}, rounding="somehow")
    with pytest.raises(RuleError) as error:
        amount({"*": [{"var": "tax"}, {"decimal": "0.5"}]}, examples=[{"given": {"tax": 1}, "expect": 1}])
    assert error.value.problems[0].pointer == "/examples/0"


def test_examples_of_an_amount_are_run():
    given = {"research": 333}
    for rounding, fen in (("down", 166), ("up", 167), ("half_even", 166)):
        source = {"*": [{"var": "research"}, {"decimal": "0.5"}]}
        made = amount(
            source, rounding, examples=[{"given": given, "expect": fen}, {"given": {}, "expect": None}]
        )
        assert made.reads == ("research",)


def test_a_column_of_another_type_than_its_element_is_refused():
    population = Population(1, {"staff": column_of(Type.TEXT, ["ten"])})
    plan = Plan([measure("jobs", RULE)], elements=ELEMENTS)
    with pytest.raises(ValueError, match="'staff'"):
        list(plan.matches(population, as_of=DAY))
    with pytest.raises(ValueError, match="'staff' has 1 rows"):
        Population(2, population.columns)


def test_decimals_are_exact_whole_numbers_with_a_scale():
    column = column_of(Type.NUMBER, [Decimal("0.1"), 3, Decimal("2.50"), None])
    assert (column.data[:3].tolist(), column.scale) == ([10, 300, 250], 2)
    assert [column.value(row) for row in range(4)] == [Decimal("0.1"), 3, Decimal("2.5"), None]
    sums = Rule.load({"==": [{"+": [{"var": "staff"}, 0.2]}, 0.3]}, elements=ELEMENTS)
    population = Population(4, {"staff": column})
    truth = Evaluator(View(population, elements=ELEMENTS, as_of=DAY)).truth(sums.node)
    assert truth.true.tolist() == [0b0001]


def test_an_empty_population_and_an_element_without_a_column():
    [found] = matched([], measure("jobs", RULE, {"var": "tax"}))
    assert (len(found.entitled), found.sums.total) == (0, 0)
    lonely = Population(2, {"size": Column(Type.TEXT, np.zeros(2, np.int8), np.full(2, MISSING, np.uint8))})
    [found] = Plan([measure("jobs", RULE)], elements=ELEMENTS).matches(lonely, as_of=DAY)
    assert rows(found.unknown) == [0, 1]
