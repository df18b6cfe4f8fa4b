"""Names written twice, conditions that are none, and texts without English."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from tongban.desks.themes.checking.context import Context, nearest
from tongban.desks.themes.contracts import Finding
from tongban.desks.themes.format import Path
from tongban.kernel.rules.errors import Problem


def conditions(context: Context) -> Iterator[Finding]:
    """Conditions that the kernel cannot read, and names in them that are no questions."""
    for path, problem in context.theme.faults:
        here = (*path, *_steps(problem.pointer))
        if problem.code != "unknown_element":
            yield context.finding(
                here, "condition", f"条件不对：{problem.text('zh')}。", f"Condition: {problem.text('en')}."
            )
            continue
        yield _unknown_question(context, path, here, problem)


def _unknown_question(context: Context, path: Path, here: Path, problem: Problem) -> Finding:
    name = str(problem.params["key"])
    keys = [question.key for question in context.theme.questions]
    if name in keys and path[0] == "questions":
        return context.finding(
            here,
            "later_question",
            f"这里只能用前面的问题，“{name}”在后面才问（或就是它自己）。",
            f"Only earlier questions can be used here; “{name}” comes later (or is this one).",
        )
    zh, en = nearest(name, [*keys, "party"])
    return context.finding(here, "unknown_question", f"没有“{name}”这个问题{zh}", f"No question “{name}”{en}")


def _steps(pointer: str) -> Path:
    """A JSON pointer as a path in the document."""
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    return tuple(int(step) if step.isdigit() else step for step in steps)


def duplicates(context: Context) -> Iterator[Finding]:
    """A second question, option, matter, field, group, paper or example of the same name."""
    theme = context.theme
    lists: list[tuple[Path, str, list[str]]] = [
        (("questions",), "key", [question.key for question in theme.questions]),
        (("matters",), "code", [use.code for use in theme.matters]),
        (("form", "groups"), "name", [group.name for group in theme.form.groups]),
        (("form", "fields"), "key", [field.key for field in theme.form.fields]),
        (("materials",), "key", [material.key for material in theme.materials]),
        (("surveys",), "name", [survey.name for survey in theme.surveys]),
        (("examples",), "name", [example.name for example in theme.examples]),
        *(
            (("questions", i, "options"), "value", [option.value for option in question.options])
            for i, question in enumerate(theme.questions)
        ),
    ]
    for path, field, names in lists:
        for i, name in enumerate(names):
            if name in names[:i]:
                here = (*path, i, field)
                yield context.finding(here, "duplicate", f"“{name}”写了两次。", f"“{name}” is there twice.")
    yield from _placed_twice(context)


def _placed_twice(context: Context) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for i, group in enumerate(context.theme.form.groups):
        for j, key in enumerate(group.fields):
            if key in seen:
                zh = f"“{key}”已经放在“{seen[key]}”组里：一个字段只问一次。"
                en = f"“{key}” already stands in group “{seen[key]}”: a field is asked once."
                yield context.finding(("form", "groups", i, "fields", j), "duplicate", zh, en)
            seen.setdefault(key, group.name)


def english(context: Context) -> Iterator[Finding]:
    """Every text that a citizen reads needs its English."""
    yield from _without_english(context, context.theme, ())


def _without_english(context: Context, block: BaseModel, path: Path) -> Iterator[Finding]:
    fields = type(block).model_fields
    for name in fields:
        value = getattr(block, name)
        if isinstance(value, str) and value and f"{name}_en" in fields and not getattr(block, f"{name}_en"):
            yield context.finding(
                (*path, name), "english", f"“{name}”缺少英文，请写 {name}_en。", f"Add {name}_en to “{name}”."
            )
        elif isinstance(value, BaseModel):
            yield from _without_english(context, value, (*path, name))
        elif isinstance(value, tuple):
            for i, item in enumerate(value):
                if isinstance(item, BaseModel):
                    yield from _without_english(context, item, (*path, name, i))
