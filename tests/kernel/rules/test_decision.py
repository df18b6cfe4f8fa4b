from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongban.kernel.rules.decision import decide
from tongban.kernel.rules.elements import Dated, Element, Type
from tongban.kernel.rules.explain import explain
from tongban.kernel.rules.load import Rule
from tongban.kernel.rules.nodes import Call, Variable, walk
from tongban.kernel.rules.plain import evaluate

DAY = date(2026, 5, 1)
ELEMENTS = [
    Element("age", Type.NUMBER),
    Element("score", Type.NUMBER),
    Element("income", Type.MONEY),
    Element("fee", Type.MONEY),
    Element("local", Type.BOOLEAN),
    Element("insured", Type.BOOLEAN, max_age=timedelta(days=30)),
    Element("trade", Type.TEXT),
    Element("tags", Type.TEXTS),
    Element("born", Type.DATE),
    Element("business.name", Type.TEXT),
]


def decided(rule, record):
    return decide(rule, elements=ELEMENTS, record=record, as_of=DAY)


def test_a_missing_age_is_unknown_where_plain_mode_says_child():
    rule = {"<": [{"var": "age"}, 18]}
    assert evaluate(rule, {}) is True
    decision = decided(rule, {})
    assert decision.value is None
    assert decision.unknown == ("age",)
    assert decision.reasons[0].code == "missing"


@pytest.mark.parametrize(
    ("value", "code"), [(None, "null"), ("17", "wrong_type"), (17.5, "wrong_type"), (True, "wrong_type")]
)
def test_null_and_wrong_types_are_unknown_and_say_why(value, code):
    decision = decided({"<": [{"var": "age"}, 18]}, {"age": value})
    assert (decision.value, decision.unknown, decision.reasons[0].code) == (None, ("age",), code)


def test_kleene_tables():
    unknown, yes, no = {"var": "insured"}, {"var": "local"}, {"!": {"var": "local"}}
    record = {"local": True}
    table = {
        "and": {(True, None): None, (False, None): False, (None, None): None, (True, False): False},
        "or": {(True, None): True, (False, None): None, (None, None): None, (False, False): False},
    }
    terms = {True: yes, False: no, None: unknown}
    for operator, rows in table.items():
        for (left, right), value in rows.items():
            assert decided({operator: [terms[left], terms[right]]}, record).value is value
            assert decided({operator: [terms[right], terms[left]]}, record).value is value
    assert decided({"!": unknown}, record).value is None
    assert decided({"and": [no, unknown]}, record).unknown == ()


def test_a_stale_value_is_unknown():
    rule = {"var": "insured"}
    fresh, old = Dated(value=True, known_at=date(2026, 4, 1)), Dated(value=True, known_at=date(2026, 3, 31))
    assert decided(rule, {"insured": fresh}).value is True
    assert decided(rule, {"insured": old}).reasons[0].code == "stale"
    assert decided(rule, {"insured": True}).unknown == ("insured",)  # of unknown age
    zone = ZoneInfo("Asia/Shanghai")
    seen = {"insured": Dated(value=True, known_at=datetime(2026, 4, 1, 12, tzinfo=zone))}
    rule = Rule.load(rule, elements=ELEMENTS)
    assert rule.decide(record=seen, as_of=datetime(2026, 5, 1, 12, tzinfo=zone)).value is True
    assert rule.decide(record=seen, as_of=datetime(2026, 5, 1, 12, 1, tzinfo=zone)).value is None


def test_arithmetic_with_an_unknown_is_unknown_and_division_by_zero_says_so():
    assert decided({">": [{"+": [{"var": "age"}, {"var": "score"}]}, 0]}, {"age": 1}).unknown == ("score",)
    rule = {">": [{"divide": [{"var": "income"}, {"var": "age"}, "half_up"]}, 100]}
    decision = decided(rule, {"income": 1000, "age": 0})
    assert decision.value is None
    assert decision.reasons[0].code == "division_by_zero"
    assert decision.reasons[0].pointer == "/>/0/divide"
    assert (
        decided({"==": [{"%": [{"var": "age"}, {"var": "score"}]}, 0]}, {"age": 1, "score": 0}).value is None
    )


@pytest.mark.parametrize(
    ("rounding", "fen"),
    [("half_up", 3), ("half_even", 2), ("down", 2), ("up", 3), ("ceiling", 3), ("floor", 2)],
)
def test_a_division_rounds_as_it_says(rounding, fen):
    rule = {"==": [{"divide": [{"var": "fee"}, 4, rounding]}, fen]}
    assert decided(rule, {"fee": 10}).value is True


def test_money_is_exact():
    rule = {"<=": [{"*": [{"var": "fee"}, {"decimal": "0.1"}]}, {"yuan": "0.30"}]}
    assert decided(rule, {"fee": 300}).value is True
    assert decided(rule, {"fee": 301}).value is False
    assert decided({"==": [{"+": [{"var": "score"}, 0.2]}, 0.3]}, {"score": Decimal("0.1")}).value is True
    assert decided({"==": [{"divide": [2, 3, "half_up", 4]}, 0.6667]}, {}).value is True


def test_if_is_decided_when_all_that_is_possible_agrees():
    rule = {"if": [{"var": "local"}, {"<": [{"var": "age"}, 20]}, {"<": [{"var": "age"}, 30]}]}
    assert decided(rule, {"age": 10}).value is True
    assert decided(rule, {"age": 25}).value is None
    assert decided(rule, {"age": 25}).unknown == ("local",)
    assert decided(rule, {"age": 25, "local": False}).value is True


def test_all_that_failed_is_told_not_only_the_first():
    rule = {
        "and": [
            {">=": [{"var": "age"}, 18]},
            {"var": "local"},
            {"or": [{"==": [{"var": "trade"}, "餐饮"]}, {"in": ["高新", {"var": "tags"}]}]},
            {"<": [{"var": "income"}, {"yuan": "5000"}]},
        ]
    }
    record = {"age": 17, "local": True, "trade": "零售", "tags": ["小微"], "income": 100}
    decision = decided(rule, record)
    assert decision.value is False
    said = [explain(node, names={"age": "年龄", "trade": "行业", "tags": "标签"}) for node in decision.failed]
    assert said == ["年龄 不小于 18", "行业 等于 餐饮", "标签 包含 高新"]
    assert decision.failed[0].pointer == "/and/0/>="
    assert any(step.pointer == "/and/3/<" and step.value is True for step in decision.trace)


def test_membership_between_and_dotted_elements():
    assert decided({"in": [{"var": "trade"}, ["餐饮", "零售"]]}, {"trade": "零售"}).value is True
    assert decided({"in": [{"var": "trade"}, ["餐饮", "零售"]]}, {}).unknown == ("trade",)
    assert decided({"<=": [18, {"var": "age"}, 60]}, {"age": 60}).value is True
    assert decided({"<=": [18, {"var": "age"}, 60]}, {"age": 61}).value is False
    rule = {"==": [{"var": "business.name"}, "老张面馆"]}
    assert decided(rule, {"business.name": "老张面馆"}).value is True
    assert decided(rule, {"business": {"name": "老张面馆"}}).value is True


def test_dates_and_today():
    adult = {">=": [{"years_between": [{"var": "born"}, {"today": []}]}, 18]}
    assert decided(adult, {"born": "2008-05-01"}).value is True
    assert decided(adult, {"born": date(2008, 5, 2)}).value is False
    assert decided(adult, {"born": "2008-5-1"}).reasons[0].code == "wrong_type"
    assert decided({"<": [{"var": "born"}, {"date": "2010-01-01"}]}, {"born": "2009-12-31"}).value is True


# --- properties --------------------------------------------------------------------------------------------

NUMBERS = st.one_of(
    st.integers(-20, 20),
    st.sampled_from([{"var": "age"}, {"var": "score"}]),
)
SUMS = st.recursive(
    NUMBERS,
    lambda inner: st.one_of(
        st.tuples(st.sampled_from(["+", "-", "*", "min", "max"]), inner, inner).map(
            lambda t: {t[0]: [t[1], t[2]]}
        ),
        st.tuples(inner, inner, inner, inner).map(lambda t: {"if": [{"<": [t[0], t[1]]}, t[2], t[3]]}),
    ),
    max_leaves=5,
)
DIVISIONS = st.tuples(SUMS, SUMS, st.sampled_from(["half_up", "half_even", "floor"])).map(
    lambda t: {"divide": list(t)}
)
TEXTS = st.sampled_from(["餐饮", "零售", ""])


def conditions(numbers):
    leaves = st.one_of(
        st.tuples(st.sampled_from(["<", "<=", ">", ">=", "==", "!=", "===", "!=="]), numbers, numbers).map(
            lambda t: {t[0]: [t[1], t[2]]}
        ),
        st.tuples(numbers, numbers, numbers).map(lambda t: {"<=": list(t)}),
        st.just({"var": "local"}),
        TEXTS.map(lambda text: {"==": [{"var": "trade"}, text]}),
        st.lists(TEXTS, min_size=1).map(lambda options: {"in": [{"var": "trade"}, options]}),
        TEXTS.map(lambda text: {"in": [text, {"var": "tags"}]}),
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.tuples(st.sampled_from(["and", "or"]), st.lists(inner, min_size=1, max_size=3)).map(
                lambda t: {t[0]: t[1]}
            ),
            inner.map(lambda item: {"!": [item]}),
            st.tuples(inner, inner, inner).map(lambda t: {"if": list(t)}),
        ),
        max_leaves=6,
    )


RECORDS = st.fixed_dictionaries(
    {
        "age": st.integers(-20, 20),
        "score": st.integers(-20, 20),
        "local": st.booleans(),
        "trade": TEXTS,
        "tags": st.lists(TEXTS, max_size=2),
    }
)


@given(rule=conditions(SUMS), record=RECORDS)
def test_with_everything_known_both_modes_agree(rule, record):
    decision = decided(rule, record)
    assert decision.value is evaluate(rule, record)
    assert decision.unknown == ()
    assert (decision.failed == ()) is decision.value


@given(
    rule=conditions(st.one_of(SUMS, DIVISIONS)),
    record=RECORDS,
    hidden=st.sets(st.sampled_from(["age", "score", "local", "trade", "tags"])),
    filled=st.sets(st.sampled_from(["age", "score", "local", "trade", "tags"])),
)
def test_filling_an_unknown_never_flips_a_decided_answer(rule, record, hidden, filled):
    before = {key: value for key, value in record.items() if key not in hidden}
    after = {key: value for key, value in record.items() if key not in hidden - filled}
    first, second = decided(rule, before), decided(rule, after)
    if first.value is not None:
        assert second.value is first.value
    assert set(first.unknown) <= hidden


def test_the_compiled_form_can_be_walked_by_another_evaluator():
    rule = Rule.load({">=": [{"years_between": [{"var": "born"}, {"today": []}]}, 18]}, elements=ELEMENTS)
    assert rule.reads == ("born",)
    assert {type(node) for node in walk(rule.node)} >= {Call, Variable}
    assert hash(rule.node) == hash(Rule.load(rule.source, elements=ELEMENTS).node)
