"""What is wrong with a rule, said where and in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

# code: (Chinese, English)
MESSAGES: dict[str, tuple[str, str]] = {
    "unknown_operator": ("没有“{operator}”这个运算", "there is no operator “{operator}”"),
    "not_for_decision": (
        "“{operator}”不能用于判定：{instead}",
        "“{operator}” cannot be used in a decision: {instead_en}",
    ),
    "one_key": (
        "一个运算只能有一个名称，这里有 {count} 个",
        "an operator has exactly one name, here are {count}",
    ),
    "unknown_element": ("没有“{key}”这个数据元", "there is no data element “{key}”"),
    "computed_element": (
        "数据元的名称必须直接写出，不能由计算得到",
        "the name of an element must be written out, not computed",
    ),
    "default": (
        "判定中不能给数据元写默认值：缺了就应当是“不知道”",
        "no default for an element in a decision: what is missing is unknown",
    ),
    "arguments": (
        "“{operator}”要 {wanted} 个参数，这里有 {count} 个",
        "“{operator}” takes {wanted} arguments, here are {count}",
    ),
    "type": ("这里应当是{wanted}，却是{found}", "{wanted_en} is expected here, this is {found_en}"),
    "different_types": (
        "不能拿{left}和{right}相比{hint}",
        "{left_en} cannot be compared with {right_en}{hint_en}",
    ),
    "literal": ("“{value}”不能直接写在规则里", "“{value}” cannot be written in a rule"),
    "bad_value": ("“{value}”不是{wanted}", "“{value}” is not {wanted_en}"),
    "rounding": (
        "除法要写明取舍方式（{known}），这里是“{value}”",
        "a division names its rounding ({known}), this is “{value}”",
    ),
    "money_product": ("金额不能与金额相乘", "money cannot be multiplied by money"),
    "not_condition": (
        "整条规则应当得出“是”或“否”，却得出{found}",
        "a rule must come to yes or no, not to {found_en}",
    ),
    "not_amount": (
        '金额公式应当得出金额，却得出{found}；固定金额写成 {{"yuan": "5000"}}',
        'the formula of an amount must come to money, not to {found_en}; a fixed amount is written {{"yuan": "5000"}}',
    ),
    "example": (
        "例子 {given} 应当得出 {expect}，却得出 {actual}",
        "the example {given} should give {expect} but gives {actual}",
    ),
    "example_shape": (
        "例子要写成 {{given: {{…}}, expect: …}}",
        "an example is written {{given: {{…}}, expect: …}}",
    ),
    "json": ("不是合法的 JSON：{detail}", "not valid JSON: {detail}"),
    "today": (
        "规则用到“今天”，计算时必须给出日期",
        "the rule uses “today”: a date must be given to evaluate it",
    ),
    "too_deep": ("规则嵌套超过 {limit} 层", "the rule is nested deeper than {limit} levels"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a rule. `pointer` is a JSON pointer (RFC 6901) into the rule, "" its root."""

    pointer: str
    code: str
    params: dict[str, object] = field(default_factory=dict)

    def text(self, language: str = "zh") -> str:
        """The fault in words, `language` being ``zh`` or ``en``."""
        chinese, english = MESSAGES[self.code]
        return (english if language.startswith("en") else chinese).format(**self.params)

    def __str__(self) -> str:
        return f"{self.pointer or '/'}：{self.text()}"


class RuleError(ValueError):
    """A rule that cannot be used. `problems` holds every fault found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("；".join(str(problem) for problem in self.problems))


def join_pointer(pointer: str, *steps: str | int) -> str:
    """Append reference tokens to a JSON pointer, escaping ``~`` and ``/``."""
    return pointer + "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)
