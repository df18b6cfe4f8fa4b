"""Whether what a measure says makes sense: its rule, its examples, its days, and what it points at.

A finding that *stops* keeps the measure from being published; one that *warns* is shown to whoever writes, checks and
publishes. What can only be seen over everybody (matches all, amounts that overflow) is found by `counting`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.desks.policies import contradicting, trying
from tongban.desks.policies.format import Head, OrderBy, Terms
from tongban.desks.policies.trying import Loaded, RecordError, Tried
from tongban.desks.policies.wording import Wording
from tongban.kernel.rules.amounts import MOST_FEN
from tongban.kernel.rules.elements import Type
from tongban.kernel.rules.errors import RuleError
from tongban.kernel.rules.nodes import Compare, Divide, In, Literal, Node, Variable, walk
from tongban.registers.portraits.contracts import ElementInfo

STOP: Final = "stop"
WARN: Final = "warn"
HINT: Final = "hint"
SOON = timedelta(days=60)
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is, or may be, wrong.

    :param level: ``stop``, ``warn`` or ``hint``
    :param path: where in the measure, as a path into its terms
    :param words: in the language of the reader
    """

    level: str
    code: str
    path: Path
    words: str

    @property
    def stops(self) -> bool:
        return self.level == STOP


@dataclass(frozen=True, slots=True)
class World:
    """What a measure may point at.

    :param elements: of one kind of party, by key
    :param papers: keys of materials; `matters` tells whether a basic code is known
    :param measures: keys of every other measure that is in force or in the same stock
    """

    elements: Callable[[str], Mapping[str, ElementInfo]]
    papers: Collection[str]
    matters: Callable[[str], bool]
    measures: Collection[str]


def loaded(terms: Terms, world: World) -> Loaded | None:
    """The compiled rule and amount; None where `findings` says what is wrong with them."""
    rules = {key: info.rule for key, info in world.elements(terms.party).items()}
    try:
        return trying.load(terms.condition, terms.amount, elements=rules)
    except RuleError:
        return None


def findings(terms: Terms, *, world: World, head: Head | None = None, on: date) -> list[Finding]:
    """Everything found without looking at anybody's data, what stops first.

    :param head: the policy it belongs to, where its days are known
    """
    found = [*_pointers(terms, world), *_days(terms, head, on), *_way(terms)]
    ready = loaded(terms, world)
    if ready is None:
        found += [*_faults(terms, world), *_records(terms, world.elements(terms.party))]
    else:
        infos = world.elements(terms.party)
        found += [*_logic(ready, Wording(infos)), *_words_closed(ready, infos), *_money(ready)]
        found += [*_examples(terms, ready, infos), *_consent(ready, infos)]
    order = (STOP, WARN, HINT)
    return sorted(found, key=lambda one: order.index(one.level))


def _faults(terms: Terms, world: World) -> Iterator[Finding]:
    rules = {key: info.rule for key, info in world.elements(terms.party).items()}
    language = get_language() or "zh"
    for name, condition, amount in (
        ("condition", terms.condition, None),
        ("amount", True, terms.amount),
    ):
        try:
            trying.load(condition, amount, elements=rules)
        except RuleError as error:
            for problem in error.problems:
                steps = [
                    step.replace("~1", "/").replace("~0", "~") for step in problem.pointer.split("/")[1:]
                ]
                path = (name, *(int(step) if step.isdigit() else step for step in steps))
                yield Finding(STOP, "rule", path, problem.text(language) + _("。"))


def _logic(ready: Loaded, wording: Wording) -> Iterator[Finding]:
    node = ready.rule.node
    if not ready.rule.reads:
        yield Finding(STOP, "everybody", ("condition",), _("条件没有用到任何数据，等于人人都有。"))
        return
    excluded = contradicting.impossible(node)
    if excluded:
        words = _("、").join(f"“{wording.say(one)}”" for one in excluded[-2:])
        yield Finding(
            STOP,
            "contradiction",
            ("condition",),
            _("谁也不可能符合：%(words)s 互相矛盾。") % {"words": words},
        )
        return
    if contradicting.certain(node):
        yield Finding(STOP, "everybody", ("condition",), _("这个条件永远成立，等于人人都有。"))
    for option, _why in contradicting.idle(node):
        words = wording.say(option)
        yield Finding(
            WARN, "idle", ("condition",), _("“%(words)s”这一种情况永远轮不到，可以删去。") % {"words": words}
        )


def _words_closed(ready: Loaded, infos: Mapping[str, ElementInfo]) -> Iterator[Finding]:
    """A word that the element never has is a slip of the pen: nobody would ever match it."""
    for root, name in ((ready.rule.node, "condition"), (ready.amount and ready.amount.node, "amount")):
        for node in walk(root) if root else ():
            for key, value in _said(node):
                words = infos[key].words
                if words and value not in words:
                    yield Finding(
                        STOP, "word", (name,),
                        _("“%(name)s”没有“%(value)s”这个词，可用：%(words)s。")
                        % {"name": infos[key].name_in(get_language() or "zh"), "value": value, "words": _("、").join(words)},
                    )  # fmt: skip


def _said(node: Node) -> Iterator[tuple[str, str]]:
    """Texts that a node compares an element with."""
    sides: tuple[tuple[Node, Node], ...] = ()
    if isinstance(node, Compare):
        sides = ((node.left, node.right), (node.right, node.left))
    elif isinstance(node, In):
        hay = node.hay if isinstance(node.hay, tuple) else ()
        sides = tuple((node.needle, option) for option in hay)
        if not isinstance(node.hay, tuple):
            sides = ((node.hay, node.needle),)
    for side, other in sides:
        if isinstance(side, Variable) and isinstance(other, Literal) and isinstance(other.value, str):
            whole = side.type in {Type.TEXT, Type.TEXTS} and not (
                isinstance(node, In) and node.hay is side and side.type is Type.TEXT
            )
            if whole:
                yield side.key, other.value


def _money(ready: Loaded) -> Iterator[Finding]:
    roots: list[tuple[Node, str]] = [(ready.rule.node, "condition")]
    if ready.amount is not None:
        # The outermost division is the rounding to whole fen.
        roots.append((getattr(ready.amount.node, "dividend", ready.amount.node), "amount"))
    for root, name in roots:
        for node in walk(root):
            if isinstance(node, Divide):
                yield from _division(node, name)
            elif isinstance(node, Literal) and node.type is Type.MONEY and abs(node.value) > MOST_FEN:
                yield Finding(STOP, "overflow", (name,), _("金额超过十万亿元，一定写错了。"))
    if ready.amount is None:
        return
    fixed = roots[1][0]
    if isinstance(fixed, Literal) and fixed.value <= 0:
        yield Finding(STOP, "nothing", ("amount",), _("金额是0或负数；不给钱的，金额选“不给钱”。"))


def _division(node: Divide, name: str) -> Iterator[Finding]:
    if isinstance(node.divisor, Literal):
        if not node.divisor.value:
            yield Finding(STOP, "division", (name,), _("除以0，谁也算不出来。"))
    else:
        yield Finding(
            HINT, "division", (name,), _("除数来自数据：是0的，这一项算不出来，按“数据不全”处理，不会给。")
        )


def _examples(terms: Terms, ready: Loaded, infos: Mapping[str, ElementInfo]) -> Iterator[Finding]:
    rules = {key: info.rule for key, info in infos.items()}
    expected = {example.expect for example in terms.examples}
    names = {
        "entitled": _("一个“可以享受”的"),
        "not": _("一个“不符合”的"),
        "unknown": _("一个“数据不全”的"),
    }
    lacking = [words for expect, words in names.items() if expect not in expected]
    if lacking:
        yield Finding(STOP, "examples", ("examples",), _("还缺例子：%s。") % _("、").join(lacking))
    for place, tried in enumerate(trying.try_examples(terms, ready, elements=rules)):
        where = ("examples", place)
        if isinstance(tried, RecordError):
            yield Finding(STOP, "record", (*where, "record", tried.key), record_words(tried, infos))
        elif not tried.expected:
            yield Finding(STOP, "example", where, example_words(tried, infos))


def _records(terms: Terms, infos: Mapping[str, ElementInfo]) -> Iterator[Finding]:
    """Records that cannot be read, where there is no rule to try them on."""
    rules = {key: info.rule for key, info in infos.items()}
    for place, example in enumerate(terms.examples):
        try:
            trying.record_of(example, elements=rules)
        except RecordError as error:
            path = ("examples", place, "record", error.key)
            yield Finding(STOP, "record", path, record_words(error, infos))


def record_words(error: RecordError, infos: Mapping[str, ElementInfo]) -> str:
    """What is wrong with a value of an example."""
    info = infos.get(error.key)
    if info is None:
        return _("没有“%s”这个数据元。") % error.key
    english = (get_language() or "zh").startswith("en")
    kind = info.type.en if english else info.type.zh
    return _("例子里“%(name)s”的值不对，应当是%(kind)s。") % {
        "name": info.name_in(get_language() or "zh"),
        "kind": kind,
    }


def example_words(tried: Tried, infos: Mapping[str, ElementInfo]) -> str:
    """What an example came to, and what was expected."""
    expect = tried.example.expect
    language = get_language() or "zh"
    said = {
        "name": tried.example.name_en if language.startswith("en") and tried.example.name_en else tried.example.name,
        "actual": result_words(tried.standing, tried.fen),
        "expected": result_words(expect, tried.example.amount_fen if expect == "entitled" else None),
    }  # fmt: skip
    words = _("例子“%(name)s”应当是%(expected)s，算出来是%(actual)s。") % said
    if tried.missing:
        names = [infos[key].name_in(language) if key in infos else key for key in tried.missing]
        words += _("缺：%s。") % _("、").join(names)
    return words


def result_words(standing: str, fen: int | None) -> str:
    """What a measure came to: the standing, and how much."""
    from tongban.desks.policies.contracts import Standing

    said = str(Standing(standing).label)
    return said if fen is None else _("%(said)s，%(sum)s元") % {"said": said, "sum": f"{fen / 100:,.2f}"}


def _consent(ready: Loaded, infos: Mapping[str, ElementInfo]) -> Iterator[Finding]:
    language = get_language() or "zh"
    names = [infos[key].name_in(language) for key in ready.reads if infos[key].consent]
    if names:
        yield Finding(
            HINT, "consent", ("condition",),
            _("用到要同意的数据：%s。没有同意的算“数据不全”，会请他们同意。") % _("、").join(names),
        )  # fmt: skip


def _pointers(terms: Terms, world: World) -> Iterator[Finding]:
    """What it points at must be there."""
    if isinstance(terms.order, OrderBy) and terms.order.element not in world.elements(terms.party):
        yield Finding(STOP, "order", ("order",), _("没有“%s”这个数据元，排不了先后。") % terms.order.element)
    if terms.order == "amount" and terms.amount is None:
        yield Finding(STOP, "order", ("order",), _("不给钱的，不能按金额排先后。"))
    for place, key in enumerate(terms.evidence):
        if key not in world.papers:
            yield Finding(STOP, "evidence", ("evidence", place), _("没有“%s”这种材料。") % key)
    for place, key in enumerate(terms.excludes):
        if key == terms.key:
            yield Finding(STOP, "excludes", ("excludes", place), _("不能和自己互斥。"))
        elif key not in world.measures:
            yield Finding(STOP, "excludes", ("excludes", place), _("没有“%s”这项措施，不能和它互斥。") % key)
    if terms.way == "matter" and not (terms.matter and world.matters(terms.matter)):
        yield Finding(STOP, "matter", ("matter",), _("按事项办理的，要写目录里有的事项编码。"))


def _days(terms: Terms, head: Head | None, on: date) -> Iterator[Finding]:
    first, last = terms.opens_on, terms.closes_on
    if first and last and last < first:
        yield Finding(STOP, "days", ("closes_on",), _("截止日期早于开始日期。"))
    if last and last < on:
        yield Finding(WARN, "closed", ("closes_on",), _("申领已经在%s截止。") % last.isoformat())
    if head is None:
        return
    if head.valid_until is not None:
        if head.valid_until < on:
            yield Finding(
                STOP, "expired", ("closes_on",), _("政策在%s已经到期。") % head.valid_until.isoformat()
            )
        elif head.valid_until - on <= SOON:
            yield Finding(
                WARN, "expiring", ("closes_on",), _("政策在%s到期。") % head.valid_until.isoformat()
            )
        if first and first > head.valid_until:
            yield Finding(STOP, "days", ("opens_on",), _("开始日期晚于政策的有效期止。"))


def _way(terms: Terms) -> Iterator[Finding]:
    if terms.way == "none" and terms.amount is not None and not terms.publicity_days:
        yield Finding(WARN, "publicity", ("publicity_days",), _("免申即享没有公示期：钱会不经公示直接发放。"))
    if terms.budget_fen is not None and terms.amount is None:
        yield Finding(STOP, "budget", ("budget_fen",), _("不给钱的，不用写资金总额。"))
    if (
        (terms.quota or terms.budget_fen)
        and terms.order != "first"
        and terms.way == "quick"
        and not terms.closes_on
    ):
        words = _("没有截止日期：申领先到先得，不够了才按这个排队。要一起排先后的，请写截止日期。")
        yield Finding(WARN, "order", ("closes_on",), words)
    if (terms.quota or terms.budget_fen) and terms.order == "first" and terms.way == "none":
        yield Finding(
            WARN, "order", ("order",), _("免申即享没有先来后到；名额不够时，请按金额或某项数据排先后。")
        )
