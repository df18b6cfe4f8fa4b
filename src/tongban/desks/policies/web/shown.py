"""Rows, sums, trees and examples as the templates draw them: every control with its name, its choices and its fault."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.desks.policies.editing import rows, sums, tree
from tongban.desks.policies.editing.comparisons import ELEMENT, OFFERED, SEVERAL, TWO, comparison
from tongban.desks.policies.editing.examples import Draft
from tongban.desks.policies.editing.rows import Group, Kept, Part, Row
from tongban.desks.policies.editing.sums import Sum
from tongban.desks.policies.wording import Wording
from tongban.kernel.rules.compile import compile_amount, compile_rule
from tongban.kernel.rules.elements import Type
from tongban.kernel.rules.errors import RuleError
from tongban.kernel.rules.operators import ROUNDINGS, yuan
from tongban.registers.portraits.contracts import ElementInfo

Choice = tuple[str, str | Promise, bool]
Faults = Mapping[tuple[int, ...], str]
OPERATORS = {
    "and": "且", "or": "或", ">=": "≥", "<=": "≤", ">": ">", "<": "<", "==": "=", "!=": "≠", "+": "+", "-": "−", "*": "×",
    "min": "min", "max": "max", "divide": "÷", "!": "¬", "in": "∈", "if": "if",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Control:
    """What is typed or chosen: `kind` is an element type, ``choice`` or ``choices``; `unit` stands behind it."""

    name: str
    kind: str
    value: str = ""
    choices: tuple[Choice, ...] = ()
    unit: str | Promise = ""
    label: str = ""
    hint: str = ""

    @property
    def ident(self) -> str:
        return ident(self.name)


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One part of a condition: a row, a group, or what is kept."""

    kind: str
    path: str
    fault: str = ""
    join: tuple[Choice, ...] = ()
    items: tuple[ShownPart, ...] = ()
    elements: tuple[tuple[str, tuple[Choice, ...]], ...] = ()
    compares: tuple[Choice, ...] = ()
    controls: tuple[Control, ...] = ()
    others: tuple[Choice, ...] = ()
    percent: str = ""
    row: Row | None = None
    words: str = ""
    source: str = ""
    tree: ShownTwig | None = None
    last: bool = False

    @property
    def ident(self) -> str:
        return ident(self.path)

    @property
    def nested(self) -> bool:
        """Whether it is a group within a group; the outermost cannot be taken away."""
        return self.path.rpartition(".")[2].isdecimal()


@dataclass(frozen=True, slots=True)
class ShownTwig:
    """One place of a tree."""

    words: str
    control: Control | None
    children: tuple[ShownTwig, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownSum:
    """An amount, or one step of it."""

    path: str
    kind: str
    kinds: tuple[Choice, ...]
    sum: Sum
    fault: str = ""
    money: tuple[tuple[str, tuple[Choice, ...]], ...] = ()
    numbers: tuple[tuple[str, tuple[Choice, ...]], ...] = ()
    whens: tuple[tuple[int, ShownPart, ShownSum], ...] = ()
    otherwise: ShownSum | None = None
    kept: ShownPart | None = None

    @property
    def ident(self) -> str:
        return ident(self.path)


@dataclass(frozen=True, slots=True)
class Shower:
    """Draws everything for one kind of party, in the reader's language."""

    infos: Mapping[str, ElementInfo]
    fresh: str = ""
    faults: Faults = field(default_factory=dict)

    @property
    def language(self) -> str:
        return get_language() or "zh"

    # --- rows ------------------------------------------------------------------------------------------

    def part(self, part: Part, path: str = "c", at: tuple[int, ...] = ()) -> ShownPart:
        fault = fault_words(self.faults.get(at, ""))
        match part:
            case Group():
                items = tuple(
                    self.part(item, f"{path}.{place}", (*at, place)) for place, item in enumerate(part.items)
                )
                return ShownPart("group", path, fault, join=_joins(part.join), items=items)
            case Kept():
                return self._kept(part.source, path, fault)
            case Row():
                return self._row(part, path, fault)

    def _row(self, row: Row, path: str, fault: str) -> ShownPart:
        info = self.infos.get(row.element)
        fresh = self.fresh == path
        if info is None:
            return ShownPart("row", path, fault, elements=self.grouped(row.element), row=row, last=fresh)
        chosen = comparison(info.type, row.compare)
        compares = tuple((one.code, one.label, one is chosen) for one in OFFERED[info.type])
        others: tuple[Choice, ...] = ()
        controls: tuple[Control, ...] = ()
        if chosen.takes == ELEMENT:
            others = self._like(info, row.said.other)
        elif chosen.takes == SEVERAL:
            controls = (self._several(info, path, row.said.values),)
        elif chosen.takes:
            count = 2 if chosen.takes == TWO else 1
            values = [*row.said.values, "", ""][:count]
            controls = tuple(
                self.control(info, f"{path}.value", value, kind=chosen.kind, unit=chosen.unit)
                for value in values
            )
        return ShownPart(
            "row", path, fault, elements=self.grouped(row.element), compares=compares, controls=controls,
            others=others, percent=row.said.percent or "100", row=row, last=fresh,
        )  # fmt: skip

    def grouped(self, chosen: str, *types: Type) -> tuple[tuple[str, tuple[Choice, ...]], ...]:
        """Elements by group, of some types or all."""
        found: dict[str, list[Choice]] = {}
        for info in self.infos.values():
            if not types or info.type in types:
                name = info.name_in(self.language)
                found.setdefault(info.group_in(self.language), []).append(
                    (info.key, name, info.key == chosen)
                )
        return tuple((group, tuple(choices)) for group, choices in found.items())

    def _like(self, info: ElementInfo, chosen: str) -> tuple[Choice, ...]:
        return tuple(
            (one.key, one.name_in(self.language), one.key == chosen)
            for one in self.infos.values()
            if one.type is info.type and one.key != info.key
        )

    def _several(self, info: ElementInfo, path: str, values: Iterable[str]) -> Control:
        held = set(values)
        if not info.words:
            return Control(f"{path}.typed", "text", _("、").join(values), hint=_("用顿号隔开"))
        choices = tuple((word, info.word_in(word, self.language), word in held) for word in info.words)
        return Control(f"{path}.value", "choices", choices=choices)

    def control(
        self, info: ElementInfo, name: str, value: str, *, kind: Type | None = None, unit: str | Promise = ""
    ) -> Control:
        """The control in which a value of an element is given."""
        kind = kind or info.type
        if kind in {Type.TEXT, Type.TEXTS} and info.words:
            blank: Choice = ("", _("请选"), not value)
            words: tuple[Choice, ...] = tuple(
                (word, info.word_in(word, self.language), word == value) for word in info.words
            )
            return Control(name, "choice", value, (blank, *words))
        if kind is Type.MONEY:
            return Control(name, kind.value, value, unit=_("元"), hint=large(value))
        return Control(name, kind.value, value, unit=unit)

    # --- what is kept ----------------------------------------------------------------------------------

    def _kept(self, source: Any, path: str, fault: str) -> ShownPart:
        text = json.dumps(source, ensure_ascii=False, default=_plain)
        grown = self._twig(tree.grow(source), path)
        return ShownPart("kept", path, fault, words=self.words(source), source=text, tree=grown)

    def words(self, source: Any) -> str:
        """A condition or an amount in words; empty where it is none."""
        elements = {key: info.rule for key, info in self.infos.items()}
        wording = Wording(self.infos)
        try:
            return wording.say(compile_rule(source, elements=elements))
        except RuleError:
            pass
        try:
            node = compile_amount(source, elements=elements, rounding="down")
            return wording.say(node.dividend)  # type: ignore[union-attr]  # the rounding is outermost
        except RuleError:
            return ""

    def _twig(self, twig: tree.Twig, path: str) -> ShownTwig:  # noqa: PLR0911 - one case per kind of place
        name = f"{path}.at{twig.pointer}"
        children = tuple(self._twig(one, path) for one in twig.children)
        choices: tuple[Choice, ...]
        match twig.kind:
            case "operator":
                if not twig.options:
                    return ShownTwig(_operator(twig.value), None, children)
                choices = tuple((one, _operator(one), one == twig.value) for one in twig.options)
                return ShownTwig("", Control(name, "choice", twig.value, choices, label=_("运算")), children)
            case "element":
                info = self.infos.get(twig.value)
                kinds = (info.type,) if info else ()
                choices = tuple(one for _group, some in self.grouped(twig.value, *kinds) for one in some)
                return ShownTwig("", Control(name, "choice", twig.value, choices, label=_("数据")))
            case "rounding":
                labels = _roundings()
                choices = tuple((one, labels.get(one, one), one == twig.value) for one in twig.options)
                return ShownTwig("", Control(name, "choice", twig.value, choices, label=_("取舍")))
            case "yesno":
                choices = (("true", _("是"), twig.value == "true"), ("false", _("否"), twig.value == "false"))
                return ShownTwig("", Control(name, "choice", twig.value, choices, label=_("值")))
            case "fixed":
                return ShownTwig(_("今天"), None)
            case "list":
                return ShownTwig(_("其中之一"), None, children)
            case _:
                unit = _("元") if twig.kind == Type.MONEY.value else ""
                return ShownTwig("", Control(name, twig.kind, twig.value, unit=unit, label=_("值")))

    # --- sums ------------------------------------------------------------------------------------------

    def sum(self, said: Sum, path: str = "a", at: tuple[int, ...] = ()) -> ShownSum:
        fault = fault_words(self.faults.get(at, ""))
        kinds = [
            (sums.FIXED, _("固定金额")),
            (sums.SHARE, _("某项金额的一部分")),
            (sums.EACH, _("每人、每件多少")),
        ]
        if not at:
            kinds = [(sums.NOTHING, _("不给钱")), *kinds, (sums.STEPS, _("分档"))]
        if said.kind == sums.KEPT:
            kinds.append((sums.KEPT, _("保留原来的公式")))
        whens = tuple(
            (
                place,
                self.part(step.when, f"{path}.{place}.if", (*at, place)),
                self.sum(step.gives, f"{path}.{place}", (*at, place)),
            )
            for place, step in enumerate(said.steps)
        )
        return ShownSum(
            path, said.kind, tuple((kind, label, kind == said.kind) for kind, label in kinds), said, fault,
            money=self.grouped(said.element, Type.MONEY), numbers=self.grouped(said.element, Type.NUMBER), whens=whens,
            otherwise=self.sum(said.otherwise, f"{path}.else", (*at, -1)) if said.otherwise else None,
            kept=self._kept(said.source, path, "") if said.kind == sums.KEPT else None,
        )  # fmt: skip

    # --- examples --------------------------------------------------------------------------------------

    def example(
        self, draft: Draft, reads: Iterable[str]
    ) -> tuple[tuple[ElementInfo, Control, Control | None], ...]:
        """The fields of an example's record: every element that is read, and those it has beside."""
        keys = dict.fromkeys([*reads, *draft.record])
        found = []
        for key in keys:
            info = self.infos.get(key)
            if info is None:
                continue
            values, name = draft.record.get(key, ()), f"{draft.path}.has.{key}"
            since = draft.known.get(key, "")
            aged = Control(f"{draft.path}.since.{key}", "date", since) if info.max_age or since else None
            found.append((info, self._value(info, name, values), aged))
        return tuple(found)

    def _value(self, info: ElementInfo, name: str, values: tuple[str, ...]) -> Control:
        first = values[0] if values else ""
        if info.type is Type.BOOLEAN:
            choices: tuple[Choice, ...] = tuple(
                (value, label, value == first)
                for value, label in (("", _("不知道")), ("true", _("是")), ("false", _("否")))
            )
            return Control(name, "choice", first, choices)
        if info.type is Type.TEXTS:
            return Control(name, "text", _("、").join(values), hint=_("用顿号隔开；没有任何一项写“无”"))
        shown = self.control(info, name, first)
        if shown.kind == "choice":
            blank: Choice = ("", _("不知道"), not first)
            return Control(name, "choice", first, (blank, *shown.choices[1:]))
        return shown


def ident(name: str) -> str:
    """The id of a control: its name without dots and slashes."""
    return name.replace(".", "-").replace("/", "-")


def fault_words(wanted: str) -> str:
    """What is wanted where something cannot be read."""
    return {
        "": "", "element": _("请选一项数据。"), "group": _("这一组里还没有条件。"), "condition": _("请写什么情况给这一档。"),
        "steps": _("请至少加一档。"), "over": _("请填大于0的整数。"), Type.MONEY.value: _("请填金额，如 5000 或 5,000.50。"),
        Type.NUMBER.value: _("请填数字。"), Type.DATE.value: _("请填日期。"), Type.TEXT.value: _("请填或选一个值。"),
        Type.TEXTS.value: _("请填或选一个值。"),
    }.get(wanted, _("请填完这一行。"))  # fmt: skip


def large(typed: str) -> str:
    """A large sum in 万元, so that a zero too many is seen."""
    try:
        fen = yuan(str(Decimal(typed.replace(",", ""))))
    except (ArithmeticError, ValueError):
        return ""
    if abs(fen) < 1_000_000:
        return ""
    many = Decimal(fen) / 1_000_000
    return _("%s万元") % f"{many.normalize():f}"


def _joins(join: str) -> tuple[Choice, ...]:
    labels = {rows.ALL: _("都要符合"), rows.ANY: _("符合任何一条就行"), rows.NONE: _("一条也不能有")}
    return tuple((code, label, code == join) for code, label in labels.items())


def _operator(name: str) -> str:
    words = {
        "and": _("都要"),
        "or": _("任一"),
        "min": _("取小的"),
        "max": _("取大的"),
        "!": _("并非"),
        "if": _("如果"),
    }
    words |= {"in": _("属于"), "years_between": _("周年数"), "days_between": _("天数")}
    return str(words.get(name, OPERATORS.get(name, name)))


def _roundings() -> dict[str, str]:
    return {
        "half_up": _("四舍五入"), "half_even": _("四舍六入五成双"), "up": _("进位"), "down": _("舍去"),
        "ceiling": _("向上取整"), "floor": _("向下取整"),
    } if ROUNDINGS else {}  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    return float(value) if isinstance(value, Decimal) else str(value)
