from datetime import date
from decimal import Decimal

import pytest

from tongban.kernel.rules.elements import Type
from tongban.kernel.rules.errors import RuleError
from tongban.kernel.rules.operators import Operator, register_operator
from tongban.kernel.rules.plain import compile_plain, evaluate


@pytest.mark.parametrize(
    ("rule", "data", "result"),
    [
        # what the suite leaves out, as json-logic-js answers it
        ({"==": [None, 0]}, None, False),
        ({"==": ["", 0]}, None, True),
        ({"==": [[], 0]}, None, True),
        ({"==": [[1], 1]}, None, True),
        ({"==": [True, "1"]}, None, True),
        ({"==": ["1.0", 1]}, None, True),
        ({"!=": ["a", "b"]}, None, True),
        ({"===": [1, 1.0]}, None, True),
        ({"===": [1, True]}, None, False),
        ({"<": ["10", "9"]}, None, True),
        ({"<": ["10", 9]}, None, False),
        ({"<": ["a", 1]}, None, False),
        ({">=": ["a", 1]}, None, False),
        ({"<": [None, 1]}, None, True),
        ({"<=": [1, 1, 2]}, None, True),
        ({"!": [{}]}, None, False),  # an empty object is true in JavaScript
        ({"!!": {"var": "a"}}, {"a": {}}, True),
        ({"+": ["12kg", "3.5"]}, None, 15.5),
        ({"+": []}, None, 0),
        ({"+": ["abc"]}, None, None),
        ({"*": [2, "abc"]}, None, None),
        ({"-": [None]}, None, 0),
        ({"/": [1, 0]}, None, None),
        ({"%": [-5, 3]}, None, -2),
        ({"%": [5, 0]}, None, None),
        ({"max": ["3", 4]}, None, 4),
        ({"min": []}, None, None),
        ({"cat": [1.0, None, True, [1, 2]]}, None, "1true1,2"),
        ({"substr": ["金额一二三", 1, 2]}, None, "额一"),
        ({"substr": ["abc", -9]}, None, "abc"),
        ({"in": [2, "123"]}, None, True),
        ({"in": [1, ["1"]]}, None, False),
        ({"in": ["a", None]}, None, False),
        ({"missing": [["a", "b"], "c"]}, {"a": 1}, ["b"]),
        ({"missing": ["a"]}, {"a": ""}, ["a"]),
        ({"missing_some": [1, ["a"]]}, {"a": None}, ["a"]),
        ({"var": ["a", "d"]}, {"a": None}, None),
        ({"var": "a.0.b"}, {"a": [{"b": 1}]}, 1),
        ({"var": ["a.5", 7]}, {"a": [1]}, 7),
        ({"map": [[1, 2], {"var": "x"}]}, {"x": 3}, [None, None]),
        ({"reduce": [[], {"var": "current"}, 5]}, None, 5),
        ({"and": []}, None, None),
        ({"log": "x"}, None, "x"),
        ({"a": 1, "b": 2}, None, {"a": 1, "b": 2}),
        ({"if": [{"var": "a"}, 1, 2]}, {"a": "0"}, 1),
        ({"merge": [None]}, None, [None]),
    ],
)
def test_answers_are_those_of_the_reference_implementation(rule, data, result):
    got = evaluate(rule, data)
    assert got == result
    assert isinstance(got, bool) == isinstance(result, bool)


def test_and_and_or_stop_at_the_answer():
    calls = []
    register_operator(
        Operator(
            "test_touch",
            lambda value: calls.append(value) or value,
            (Type.NUMBER,),
            Type.NUMBER,
            "{0}",
            "{0}",
        )
    )
    assert evaluate({"and": [False, {"test_touch": 1}]}) is False
    assert evaluate({"or": [True, {"test_touch": 1}]}) is True
    assert evaluate({"if": [True, "yes", {"test_touch": 1}]}) == "yes"
    assert calls == []


def test_large_integers_and_decimals_stay_exact():
    assert evaluate({"+": [{"var": "a"}, 1]}, {"a": 10**17}) == 10**17 + 1
    assert evaluate({"+": [{"var": "a"}, "0.2"]}, {"a": Decimal("0.1")}) == Decimal("0.3")
    assert evaluate({"<": [{"var": "a"}, 0.3]}, {"a": Decimal("0.29")}) is True


def test_flat_keys_with_dots_are_found_when_the_path_leads_nowhere():
    rule = {"==": [{"var": "business.kind"}, "餐饮"]}
    assert evaluate(rule, {"business.kind": "餐饮"}) is True
    assert evaluate(rule, {"business": {"kind": "餐饮"}}) is True
    assert evaluate({"missing": ["business.kind"]}, {"business.kind": "餐饮"}) == []


def test_an_empty_record_is_a_child_in_plain_mode():
    assert evaluate({"<": [{"var": "age"}, 18]}, {}) is True


def test_dates_of_the_field():
    data = {"born": "2008-02-29"}
    age = {"years_between": [{"var": "born"}, {"today": []}]}
    assert evaluate(age, data, as_of=date(2026, 2, 28)) == 17
    assert evaluate(age, data, as_of=date(2026, 3, 1)) == 18
    assert evaluate(age, {}, as_of=date(2026, 3, 1)) is None
    assert evaluate({"days_between": ["2026-01-01", "2026-03-01"]}) == 59
    with pytest.raises(RuleError, match="日期"):
        evaluate(age, data)


def test_an_unknown_operator_is_named_with_its_place():
    with pytest.raises(RuleError) as caught:
        compile_plain({"and": [True, {"vr": "x"}, {"fo/o": 1}]})
    assert [problem.pointer for problem in caught.value.problems] == ["/and/1/vr", "/and/2/fo~1o"]
    assert "vr" in str(caught.value)


def test_a_rule_nested_without_end_is_refused():
    rule = True
    for _ in range(500):
        rule = {"!": rule}
    with pytest.raises(RuleError, match="嵌套"):
        evaluate(rule)


def test_one_name_means_one_operator():
    with pytest.raises(ValueError, match="registered already"):
        register_operator(Operator("years_between", len, (Type.TEXT,), Type.NUMBER, "{0}", "{0}"))
