"""Questions that make sense: answers that exist, can be reached, and change something."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from tongban.desks.themes import situations
from tongban.desks.themes.answers import normalised, possible, typed
from tongban.desks.themes.checking.context import Context
from tongban.desks.themes.conditions import Condition, Facts
from tongban.desks.themes.contracts import Answer, Finding, PlanRefused
from tongban.desks.themes.format import Path, Question

SAMPLES = 400
"""Situations tried when two options of a question are compared under one condition."""


def shape(context: Context) -> Iterator[Finding]:
    """Options where they belong, and default answers that are answers."""
    for i, question in enumerate(context.theme.questions):
        here: Path = ("questions", i)
        if question.type == "choice" and len(question.options) < 2:
            yield context.finding(
                here, "options", "选择题至少要两个选项。", "A choice needs two options or more."
            )
        if question.type != "choice" and question.options:
            yield context.finding(
                (*here, "options"),
                "options",
                f"{question.type} 类型的问题不写选项。",
                "Only a choice has options.",
            )
        if None not in (question.minimum, question.maximum) and question.minimum > question.maximum:  # type: ignore[operator]  # both are numbers here
            yield context.finding(
                (*here, "maximum"), "options", "maximum 比 minimum 小。", "maximum < minimum."
            )
        if question.unsure:
            yield from _default(context, question, question.unsure.plan_as, (*here, "unsure", "plan_as"))
        if question.taken_as is not None:
            yield from _default(context, question, question.taken_as, (*here, "taken_as"))
        if question.taken_as is not None and question.when is None:
            yield context.finding(
                (*here, "taken_as"), "options", "总会问到的问题不用写 taken_as。", "taken_as needs a `when`."
            )


def _default(context: Context, question: Question, value: Answer, path: Path) -> Iterator[Finding]:
    try:
        wrong = normalised(question.model_copy(update={"unsure": None}), value) is None
    except PlanRefused:
        wrong = True
    if wrong:
        can = "、".join(possible(question.model_copy(update={"unsure": None})))
        yield context.finding(
            path,
            "no_answer",
            f"“{value}”不是这个问题的答案。可以是：{can}。",
            f"“{value}” is no answer. Possible: {can}.",
        )


def reachable(context: Context) -> Iterator[Finding]:
    """Every question, refusal, and theme rule must be able to apply."""
    theme = context.theme
    said = {
        "questions": (
            "这个问题永远问不到：它的条件不可能成立。",
            "This question can never be asked: its condition cannot hold.",
        ),
        "refusals": ("这种情况不可能出现。", "This can never happen."),
        "form": (
            "这条规则永远用不上：条件不可能成立。",
            "This rule can never apply: its condition cannot hold.",
        ),
        "materials": (
            "这份材料永远不会要：条件不可能成立。",
            "This paper is never asked for: its condition cannot hold.",
        ),
    }
    for path, condition in theme.conditions():
        if condition is None or path[0] not in said:
            continue
        zh, en = said[str(path[0])]
        code = "unreachable" if path[0] == "questions" else "never"
        yield from impossible(context, path, [condition], [], code=code, zh=zh, en=en)


def impossible(
    context: Context,
    path: Path,
    conditions: Sequence[Condition | None],
    failing: Sequence[Condition | None],
    *,
    code: str,
    zh: str,
    en: str,
) -> Iterator[Finding]:
    """A finding if no answers make all `conditions` hold and all of `failing` fail."""
    reach = situations.can_hold(context.theme, conditions, failing, context.at.date())
    if reach.possible:
        return
    if reach.certain:
        yield context.finding(path, code, zh, en)
    else:
        yield context.finding(
            path,
            "too_many",
            f"试了 {situations.CAP} 种回答都不成立，请把条件写简单些。",
            f"Held in none of {situations.CAP} situations tried; write it more simply.",
        )


def options(context: Context) -> Iterator[Finding]:
    """Every question changes something, and every option differs from the others or says why it does not."""
    theme = context.theme
    filled = {rule.from_answer for rule in theme.form.fields}
    for i, question in enumerate(theme.questions):
        using = [c for _, c in theme.conditions() if c and question.key in c.variables]
        if not using and question.key not in filled:
            yield context.finding(
                ("questions", i), "unused", f"没有任何地方用到“{question.key}”：问了也不改变什么。",
                f"Nothing depends on “{question.key}”.",
            )  # fmt: skip
        elif question.key not in filled and question.type == "choice":
            yield from _twins(context, i, question, using)


def _twins(context: Context, i: int, question: Question, using: Sequence[Condition]) -> Iterator[Finding]:
    seen: dict[tuple[object, ...], str] = {}
    for j, option in enumerate(question.options):
        effect = tuple(
            outcome
            for condition in using
            for outcome in _outcomes(context, question, option.value, condition)
        )
        twin = seen.setdefault(effect, option.value)
        if twin != option.value and not option.note:
            yield context.finding(
                ("questions", i, "options", j),
                "unused_option",
                f"选“{option.value}”和选“{twin}”结果完全一样：请用起来，或用 note 告诉读者为什么。",
                f"“{option.value}” leads to the same as “{twin}”: use it, or tell the reader why in note.",
            )


def _outcomes(context: Context, question: Question, value: Answer, condition: Condition) -> list[bool | None]:
    """What a condition comes to with this answer, whatever the others are."""
    others = [q for q in context.theme.questions if q.key in condition.variables and q.key != question.key]
    free = [q.model_copy(update={"when": None}) for q in others]
    found = islice(situations.assignments(context.theme, free, context.at.date()), SAMPLES)
    return [
        condition.decide(Facts(facts.today, {**facts.record, question.key: typed(value)})) for facts in found
    ]
