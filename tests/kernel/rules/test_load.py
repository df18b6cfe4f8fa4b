import pytest

from tongban.kernel.rules.elements import Element, Type
from tongban.kernel.rules.errors import RuleError
from tongban.kernel.rules.explain import explain
from tongban.kernel.rules.load import PlainRule, Rule

ELEMENTS = [
    Element("age", Type.NUMBER),
    Element("fee", Type.MONEY),
    Element("income", Type.MONEY),
    Element("trade", Type.TEXT),
    Element("born", Type.DATE),
    Element("local", Type.BOOLEAN),
    Element("tags", Type.TEXTS),
]
ADULT = {">=": [{"var": "age"}, 18]}


@pytest.mark.parametrize(
    ("rule", "pointer", "words"),
    [
        ({"and": [{"var": "local"}, {"vr": "age"}]}, "/and/1/vr", "没有“vr”这个运算"),
        ({"<": [{"var": "agee"}, 18]}, "/</0/var", "没有“agee”这个数据元"),
        ({"==": [{"var": "age"}, "18"]}, "/==", "不能拿数字和文字相比"),
        ({"<": [{"var": "age"}, {"var": "fee"}]}, "/<", "不能拿数字和金额相比"),
        ({"==": [{"var": "born"}, "2026-01-01"]}, "/==", '"date"'),
        ({"==": [{"var": "fee"}, {"decimal": "1.5"}]}, "/==", "不能拿金额和数字相比"),
        ({"in": [{"var": "age"}, ["18"]]}, "/in", "相比"),
        ({"in": [{"var": "age"}, {"var": "tags"}]}, "/in/0/var", "应当是文字"),
        ({"and": [{"var": "local"}, {"var": "age"}]}, "/and/1/var", "应当是“是”或“否”"),
        ({"and": []}, "/and", "参数"),
        ({"<": [{"/": [{"var": "age"}, 2]}, 3]}, "/</0/~1", "取舍"),
        ({"<": [{"divide": [{"var": "age"}, 2]}, 3]}, "/</0/divide", "取舍"),
        ({"<": [{"divide": [{"var": "fee"}, 2, "half_up", 2]}, 3]}, "/</0/divide", "小数位数"),
        ({"<": [{"*": [{"var": "fee"}, {"var": "income"}]}, 3]}, "/</0/*", "金额不能与金额相乘"),
        ({"<": [{"var": ["age", 5]}, 18]}, "/</0/var", "默认值"),
        ({"<": [{"var": {"cat": ["a"]}}, 18]}, "/</0/var", "直接写出"),
        ({"missing": ["age"]}, "/missing", "自动列出"),
        ({"==": [{"date": "2026-02-30"}, {"var": "born"}]}, "/==/0/date", "不是日期"),
        ({"==": [{"yuan": "1.005"}, {"var": "fee"}]}, "/==/0/yuan", "不是金额"),
        ({"==": [None, {"var": "age"}]}, "/==/0", "不能直接写"),
        ({"+": [1, 2]}, "", "是”或“否"),
        ({"a": 1, "b": 2}, "", "一个名称"),
        ({"if": [{"var": "local"}, True]}, "/if", "3 / 5 / 7"),
        ({"==": [{"var": "tags"}, "小微"]}, "/==/0/var", "应当是"),
        ({">": [{"years_between": [{"var": "age"}, {"today": []}]}, 1]}, "/>/0/years_between/0/var", "日期"),
        ("{nonsense", "", "JSON"),
    ],
)
def test_a_fault_is_told_with_its_place(rule, pointer, words):
    with pytest.raises(RuleError) as caught:
        Rule.load(rule, elements=ELEMENTS)
    [problem] = caught.value.problems
    assert problem.pointer == pointer
    assert words in problem.text("zh")
    assert problem.text("en").isascii() or "“" in problem.text("en")


def test_every_fault_is_told_at_once():
    with pytest.raises(RuleError) as caught:
        Rule.load({"and": [{"vr": 1}, {"<": [{"var": "x"}, {"var": "y"}]}]}, elements=ELEMENTS)
    assert [problem.pointer for problem in caught.value.problems] == [
        "/and/0/vr",
        "/and/1/</0/var",
        "/and/1/</1/var",
    ]


def test_examples_beside_the_rule_are_run():
    good = [
        {"given": {"age": 18}, "expect": True},
        {"given": {"age": 17}, "expect": False},
        {"given": {}, "expect": None},
    ]
    assert Rule.load(ADULT, elements=ELEMENTS, examples=good).reads == ("age",)
    with pytest.raises(RuleError) as caught:
        Rule.load(ADULT, elements=ELEMENTS, examples=[*good, {"given": {"age": 17}, "expect": True}])
    assert "/examples/3" in str(caught.value)
    assert "应当得出 true，却得出 false" in str(caught.value)
    with pytest.raises(RuleError, match="例子要写成"):
        Rule.load(ADULT, elements=ELEMENTS, examples=[{"when": {}, "expect": True}])


def test_examples_know_their_day():
    rule = {">=": [{"years_between": [{"var": "born"}, {"today": []}]}, 18]}
    examples = [
        {"given": {"born": "2008-01-01"}, "expect": True},
        {"given": {"born": "2008-01-01"}, "expect": False, "as_of": "2025-12-31"},
    ]
    assert Rule.load(rule, elements=ELEMENTS, examples=examples)


def test_json_text_is_read_without_floats():
    rule = Rule.load('{"<": [{"var": "age"}, 18.5]}', elements=ELEMENTS)
    assert str(rule.node.right.value) == "18.5"


def test_plain_rules_are_checked_against_the_names_that_exist():
    rule = PlainRule.load(
        {"and": [{"==": [{"var": "kind"}, "new"]}, {"some": [{"var": "list"}, {"var": "qty"}]}]},
        names={"kind", "list"},
        examples=[
            {"given": {"kind": "new", "list": [{"qty": 1}]}, "expect": True},
            {"given": {}, "expect": False},
        ],
    )
    assert rule.reads == ("kind", "list")
    assert rule.evaluate({"kind": "new"}) is False
    with pytest.raises(RuleError) as caught:
        PlainRule.load({"or": [{"var": "kind"}, {"missing": ["kidn"]}]}, names={"kind"})
    assert [problem.pointer for problem in caught.value.problems] == ["/or/1/missing"]
    with pytest.raises(RuleError, match="却得出"):
        PlainRule.load({"==": [{"var": "a"}, 1]}, examples=[{"given": {"a": 1}, "expect": False}])


NAMES = {"age": "年龄", "local": "本市户籍", "fee": "费用", "born": "出生日期", "trade": "行业"}
NAMES_EN = {"age": "age", "local": "local household", "fee": "fee", "born": "date of birth", "trade": "trade"}


@pytest.mark.parametrize(
    ("rule", "chinese", "english"),
    [
        ({"<": [{"var": "age"}, 18]}, "年龄 小于 18", "age is less than 18"),
        (
            {"and": [ADULT, {"or": [{"var": "local"}, {"==": [{"var": "trade"}, "餐饮"]}]}]},
            "年龄 不小于 18 且 （本市户籍：是 或 行业 等于 餐饮）",
            "age is at least 18 and (local household: yes or trade is 餐饮)",
        ),
        ({"!": {"var": "local"}}, "本市户籍：否", "local household: no"),
        (
            {"<": [{"var": "fee"}, {"yuan": "5000"}]},
            "费用 小于 5,000.00 元",
            "fee is less than 5,000.00 yuan",
        ),
        (
            {"<": [{"var": "born"}, {"date": "2020-01-01"}]},
            "出生日期 早于 2020-01-01",
            "date of birth is before 2020-01-01",
        ),
        (
            {"in": [{"var": "trade"}, ["餐饮", "零售"]]},
            "行业 为 餐饮、零售 之一",
            "trade is one of 餐饮, 零售",
        ),
        (
            {">=": [{"years_between": [{"var": "born"}, {"today": []}]}, 18]},
            "出生日期 至 今天 的周年数 不小于 18",
            "full years from date of birth to today is at least 18",
        ),
    ],
)
def test_a_condition_is_said_in_words(rule, chinese, english):
    loaded = Rule.load(rule, elements=ELEMENTS)
    assert explain(loaded, names=NAMES) == chinese
    assert explain(loaded, names=NAMES_EN, language="en") == english


def test_choices_are_said_by_their_names():
    rule = Rule.load({"==": [{"var": "trade"}, "catering"]}, elements=ELEMENTS)
    labels = {("trade", "catering"): "餐饮业"}
    assert explain(rule, names=NAMES, values=lambda key, value: labels[key, value]) == "行业 等于 餐饮业"
