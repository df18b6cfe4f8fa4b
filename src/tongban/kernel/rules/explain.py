"""A condition in words, for the notice that tells why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tongban.kernel.rules.elements import Type
from tongban.kernel.rules.nodes import (
    All,
    Arithmetic,
    Call,
    Compare,
    Divide,
    If,
    In,
    Literal,
    Node,
    Not,
    Some,
    Today,
    Variable,
)

_COMPARE = {
    "zh": {"==": "等于", "!=": "不等于", "<": "小于", "<=": "不大于", ">": "大于", ">=": "不小于"},
    "en": {
        "==": "is",
        "!=": "is not",
        "<": "is less than",
        "<=": "is at most",
        ">": "is more than",
        ">=": "is at least",
    },
}
_COMPARE_DATES = {
    "zh": {"<": "早于", "<=": "不晚于", ">": "晚于", ">=": "不早于"},
    "en": {"<": "is before", "<=": "is not after", ">": "is after", ">=": "is not before"},
}
_ARITHMETIC = {"+": " + ", "-": " - ", "*": " × ", "%": " mod "}
_WORDS = {
    "and": ("且", " and "),
    "or": ("或", " or "),
    "not": ("并非（{0}）", "not ({0})"),
    "yes": ("是", "yes"),
    "no": ("否", "no"),
    "holds": ("{0}：是", "{0}: yes"),
    "fails": ("{0}：否", "{0}: no"),
    "today": ("今天", "today"),
    "in": ("{0} 为 {1} 之一", "{0} is one of {1}"),
    "has": ("{1} 包含 {0}", "{1} contains {0}"),
    "nothing": ("（无）", "nothing"),
    "list": ("、", ", "),
    "yuan": ("{0} 元", "{0} yuan"),
    "min": ("{0} 中最小的", "the least of {0}"),
    "max": ("{0} 中最大的", "the greatest of {0}"),
    "divide": ("{0} ÷ {1}（{2}）", "{0} ÷ {1} ({2})"),
    "if": ("若 {0} 则 {1}", "if {0} then {1}"),
    "else": ("否则 {0}", "otherwise {0}"),
    "then": ("；", "; "),
}
_ROUNDING_ZH = {
    "half_up": "四舍五入",
    "half_even": "四舍六入五成双",
    "up": "进位",
    "down": "舍去",
    "ceiling": "向上取整",
    "floor": "向下取整",
}


def explain(
    rule: Any,
    *,
    names: Mapping[str, str] | None = None,
    language: str = "zh",
    values: Callable[[str, Any], str] | None = None,
) -> str:
    """Say a condition: 年龄 小于 18.

    :param rule: a loaded rule or one of its nodes (as in ``Decision.failed``)
    :param names: what an element is called; its key when absent
    :param language: ``zh`` or ``en``
    :param values: says a choice of an element in words, given key and value; the bare value when absent
    """
    node = getattr(rule, "node", rule)
    return _Speaker(names or {}, "en" if language.startswith("en") else "zh", values).say(node)


class _Speaker:
    def __init__(
        self, names: Mapping[str, str], language: str, values: Callable[[str, Any], str] | None
    ) -> None:
        self.names = names
        self.language = language
        self.values = values

    def word(self, key: str, *parts: str) -> str:
        return _WORDS[key][self.language == "en"].format(*parts)

    def say(self, node: Node) -> str:  # noqa: PLR0911 - one case per node
        match node:
            case Literal():
                return self._literal(node.value, node.type)
            case Variable():
                name = self.names.get(node.key, node.key)
                return self.word("holds", name) if node.type is Type.BOOLEAN else name
            case Today():
                return self.word("today")
            case All():
                return self._joined("and", node.items)
            case Some():
                return self._joined("or", node.items)
            case Not():
                return self._not(node.item)
            case Compare():
                return self._compare(node)
            case In():
                return self._in(node)
            case _:
                return self._computed(node)

    def _computed(self, node: Arithmetic | Divide | If | Call) -> str:
        match node:
            case Arithmetic() if node.operator in {"min", "max"}:
                return self.word(node.operator, self.word("list").join(map(self.say, node.items)))
            case Arithmetic() if len(node.items) == 1:
                return ("-" if node.operator == "-" else "") + self.say(node.items[0])
            case Arithmetic():
                return _ARITHMETIC[node.operator].join(map(self._operand, node.items))
            case Divide():
                rounding = _ROUNDING_ZH[node.rounding] if self.language == "zh" else node.rounding
                return self.word(
                    "divide", self._operand(node.dividend), self._operand(node.divisor), rounding
                )
            case If():
                said = [self.word("if", self.say(held), self.say(then)) for held, then in node.branches]
                return self.word("then").join([*said, self.word("else", self.say(node.otherwise))])
            case Call():
                template = node.operator.zh if self.language == "zh" else node.operator.en
                return template.format(*map(self.say, node.items))

    def _literal(self, value: Any, kind: Type) -> str:
        if isinstance(value, bool):
            return self.word("yes" if value else "no")
        if kind is Type.MONEY:
            return self.word("yuan", f"{Decimal(value) / 100:,.2f}")
        return value.isoformat() if isinstance(value, date) else str(value)

    def _value_beside(self, node: Node, other: Node) -> str:
        """A literal in the words of the element that it is compared with."""
        if isinstance(node, Literal) and isinstance(other, Variable) and self.values is not None:
            return self.values(other.key, node.value)
        return self._name(node)

    def _name(self, node: Node) -> str:
        return self.names.get(node.key, node.key) if isinstance(node, Variable) else self.say(node)

    def _operand(self, node: Node) -> str:
        return f"({self.say(node)})" if isinstance(node, Arithmetic | Divide | If) else self.say(node)

    def _joined(self, word: str, items: tuple[Node, ...]) -> str:
        said = [
            f"（{self.say(item)}）" if isinstance(item, All | Some | If) else self.say(item) for item in items
        ]
        if self.language == "en":
            said = [part.replace("（", "(").replace("）", ")") for part in said]
        return (f" {_WORDS[word][0]} " if self.language == "zh" else _WORDS[word][1]).join(said)

    def _not(self, item: Node) -> str:
        if isinstance(item, Variable):
            return self.word("fails", self.names.get(item.key, item.key))
        return self.word("not", self.say(item))

    def _compare(self, node: Compare) -> str:
        dates = node.left.type is Type.DATE
        word = (_COMPARE_DATES if dates else _COMPARE)[self.language].get(node.operator)
        word = word or _COMPARE[self.language][node.operator]
        left, right = self._value_beside(node.left, node.right), self._value_beside(node.right, node.left)
        return f"{left} {word} {right}"

    def _in(self, node: In) -> str:
        if not isinstance(node.hay, tuple):
            return self.word("has", self._value_beside(node.needle, node.hay), self._name(node.hay))
        options = [self._value_beside(option, node.needle) for option in node.hay]
        listed = self.word("list").join(options) if options else self.word("nothing")
        return self.word("in", self._name(node.needle), listed)
