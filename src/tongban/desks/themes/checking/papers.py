"""Fields and papers: known, with a source that exists, and made before they are used."""

from __future__ import annotations

from collections.abc import Iterator

from tongban.desks.themes import order
from tongban.desks.themes.checking.context import Context, nearest
from tongban.desks.themes.checking.matters import waits
from tongban.desks.themes.conditions import FIELD_TYPES, RuleError, vocabulary
from tongban.desks.themes.contracts import Finding
from tongban.desks.themes.format import FieldRule, Path
from tongban.kernel.rules.elements import Type
from tongban.registers.catalogue.contracts import REQUIRED

FILLS = {
    "choice": {"choice", "text"},
    "yesno": {"yesno"},
    "number": {"number"},
    "date": {"date"},
}
"""Which types of data element an answer of a type can fill."""


def fields(context: Context) -> Iterator[Finding]:
    """Elements that some matter needs, each with a source that can give it."""
    known = context.elements
    for i, group in enumerate(context.theme.form.groups):
        for j, key in enumerate(group.fields):
            if key not in known:
                yield _unknown(context, ("form", "groups", i, "fields", j), key)
    for i, rule in enumerate(context.theme.form.fields):
        path: Path = ("form", "fields", i)
        if rule.key not in known:
            yield _unknown(context, (*path, "key"), rule.key)
            continue
        yield from _answer(context, rule, path)
        yield from _derived(context, rule, path)
        yield from _usual(context, rule, path)
        yield from _copy(context, rule, path)
        yield from _visible(context, rule, path)
        if rule.produced_by:
            yield from _producer(
                context, rule.produced_by, (*path, "produced_by"), _field_users(context, rule.key)
            )
    yield from _copy_circles(context)


def _unknown(context: Context, path: Path, key: str) -> Finding:
    zh, en = nearest(key, context.elements)
    return context.finding(
        path,
        "unknown_element",
        f"这个主题的事项都不用数据元“{key}”{zh}",
        f"No matter here uses element “{key}”{en}",
    )


def _answer(context: Context, rule: FieldRule, path: Path) -> Iterator[Finding]:
    if not rule.from_answer:
        return
    question = context.theme.question(rule.from_answer)
    if question is None:
        zh, en = nearest(rule.from_answer, [each.key for each in context.theme.questions])
        name = rule.from_answer
        yield context.finding(
            (*path, "from_answer"),
            "unknown_question",
            f"没有“{name}”这个问题{zh}",
            f"No question “{name}”{en}",
        )
        return
    element = context.elements[rule.key]
    if element.type not in FILLS[question.type]:
        yield context.finding(
            (*path, "from_answer"),
            "type",
            f"“{element.name}”是 {element.type}，不能由 {question.type} 问题填。",
            f"“{rule.key}” is {element.type}; a {question.type} question cannot fill it.",
        )
    for option in question.options:
        yield from _among(context, rule, option.fills or option.label, (*path, "from_answer"))


def _derived(context: Context, rule: FieldRule, path: Path) -> Iterator[Finding]:
    for j, case in enumerate(rule.derived):
        yield from _among(context, rule, str(case.value), (*path, "derived", j))


def _usual(context: Context, rule: FieldRule, path: Path) -> Iterator[Finding]:
    """A default is one of the choices; a copied one is of the same type and stands in the form."""
    for j, line in enumerate(rule.usual):
        place: Path = (*path, "usual", j)
        if line.value is not None:
            yield from _among(context, rule, str(line.value), place)
            continue
        target = context.elements.get(line.copies)
        if target is None:
            yield _unknown(context, (*place, "copies"), line.copies)
        elif target.type != context.elements[rule.key].type:
            yield context.finding(
                (*place, "copies"),
                "type",
                f"“{rule.key}”和“{line.copies}”类型不同，不能照抄。",
                f"“{rule.key}” and “{line.copies}” have different types.",
            )


def _among(context: Context, rule: FieldRule, value: str, path: Path) -> Iterator[Finding]:
    element = context.elements[rule.key]
    if element.type == "choice" and value not in element.choices:
        listed = "、".join(element.choices)
        yield context.finding(
            path,
            "no_choice",
            f"“{element.name}”没有“{value}”这个选项。有：{listed}。",
            f"“{value}” is none of: {listed}.",
        )


def _copy(context: Context, rule: FieldRule, path: Path) -> Iterator[Finding]:
    if not rule.copies:
        if rule.copies_when:
            yield context.finding(
                (*path, "copies_when"),
                "condition",
                "copies_when 要和 copies 一起写。",
                "copies_when needs copies.",
            )
        return
    target = context.elements.get(rule.copies)
    if target is None:
        yield _unknown(context, (*path, "copies"), rule.copies)
    elif target.type != context.elements[rule.key].type:
        yield context.finding(
            (*path, "copies"),
            "type",
            f"“{rule.key}”和“{rule.copies}”类型不同，不能照抄。",
            f"“{rule.key}” and “{rule.copies}” have different types.",
        )


def _copy_circles(context: Context) -> Iterator[Finding]:
    rules = {rule.key: i for i, rule in enumerate(context.theme.form.fields) if rule.copies}
    edges = {rule.key: (rule.copies,) for rule in context.theme.form.fields if rule.copies}
    circle = order.find_cycle(edges)
    if circle:
        named = " → ".join(circle)
        path: Path = ("form", "fields", rules[circle[0]], "copies")
        yield context.finding(path, "cycle", f"照抄绕成了圈：{named}。", f"Copies go in a circle: {named}.")


def _visible(context: Context, rule: FieldRule, path: Path) -> Iterator[Finding]:
    if rule.visible is None:
        return
    types = {key: FIELD_TYPES.get(element.type, Type.TEXT) for key, element in context.elements.items()}
    types.pop(rule.key)
    try:
        rule.visible.compile(vocabulary(types))
    except RuleError as error:
        for problem in error.problems:
            yield context.finding(
                (*path, "visible"),
                "condition",
                f"条件不对：{problem.text('zh')}。",
                f"Condition: {problem.text('en')}.",
            )


def papers(context: Context) -> Iterator[Finding]:
    """Papers that some matter asks for; spared only with a reason; made before they are needed."""
    known = context.papers
    for i, rule in enumerate(context.theme.materials):
        path: Path = ("materials", i)
        if rule.key not in known:
            zh, en = nearest(rule.key, known)
            yield context.finding(
                (*path, "key"),
                "unknown_paper",
                f"这个主题的事项都不要材料“{rule.key}”{zh}",
                f"No matter here asks for “{rule.key}”{en}",
            )
            continue
        if rule.when and not rule.why:
            yield context.finding(
                (*path, "when"),
                "why",
                "不用交的理由要写在 why 里，读者看得到。",
                "Say in why who need not bring it.",
            )
        if rule.produced_by:
            users = [
                code
                for code, spec in context.specs.items()
                if any(paper.key == rule.key and paper.necessity == REQUIRED for paper in spec.materials)
            ]
            yield from _producer(context, rule.produced_by, (*path, "produced_by"), users)


def _field_users(context: Context, key: str) -> list[str]:
    return [
        code
        for code, spec in context.specs.items()
        if any(element.key == key and element.required for element in spec.elements)
    ]


def _producer(context: Context, producer: str, path: Path, users: list[str]) -> Iterator[Finding]:
    if producer not in context.theme.codes:
        zh, en = nearest(producer, context.theme.codes)
        yield context.finding(
            path,
            "outside",
            f"产生它的事项“{producer}”不在这个主题里{zh}",
            f"“{producer}” is not in this theme{en}",
        )
        return
    after = waits(context)
    if order.find_cycle(after):
        return
    earlier = order.ancestors(after)
    for code in users:
        if code != producer and producer not in earlier.get(code, ()):
            yield context.finding(
                path,
                "unordered",
                f"“{context.name(code)}”一定要用它，却不等“{context.name(producer)}”办完：请写 after。",
                f"“{code}” needs it but does not wait for “{producer}”: add it to after.",
            )
