"""A theme as a drawing: questions, the matters they lead to, and the order of those.

Mermaid for documents, SVG for pages (laid out here, no outside program).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tongban.desks.themes.conditions import Condition
from tongban.desks.themes.format import Question, Theme
from tongban.kernel import drawing
from tongban.kernel.drawing import Edge, Node

QUESTION, MATTER, SURVEY = "question", "matter", "joint"
START = "start"
LONGEST = 16


def graph(theme: Theme, names: Mapping[str, str]) -> tuple[list[Node], list[Edge]]:
    """Nodes and arrows of a theme.

    :param names: names of matters by code; a code without one stands for itself
    """
    nodes = [Node(START, "", "start")]
    nodes += [Node(f"q-{question.key}", _short(question.ask), QUESTION) for question in theme.questions]
    nodes += [Node(f"m-{use.code}", _short(names.get(use.code, use.code)), MATTER) for use in theme.matters]
    nodes += [Node(f"s-{i}", survey.name, SURVEY) for i, survey in enumerate(theme.surveys)]
    return nodes, list(dict.fromkeys([*_asking(theme), *_needing(theme), *_ordering(theme)]))


def _asking(theme: Theme) -> Iterator[Edge]:
    """Questions in order; a conditional one hangs below those that decide it."""
    last = START
    for question in theme.questions:
        if question.when is None:
            yield Edge(last, f"q-{question.key}")
            last = f"q-{question.key}"
            continue
        for key in _asked_of(theme, question.when):
            yield Edge(f"q-{key}", f"q-{question.key}", words(theme, question.when, key))


def _needing(theme: Theme) -> Iterator[Edge]:
    for use in theme.matters:
        keys = _asked_of(theme, use.when) if use.when else []
        for key in keys:
            assert use.when is not None
            yield Edge(f"q-{key}", f"m-{use.code}", words(theme, use.when, key))
        if not keys and not use.after:
            yield Edge(START, f"m-{use.code}")


def _ordering(theme: Theme) -> Iterator[Edge]:
    for use in theme.matters:
        for step in use.after:
            yield Edge(f"m-{step.code}", f"m-{use.code}")
    for group in theme.preconditions:
        word = "都无异议" if group.objection == "stops_all" else ""
        for code in group.before:
            yield from (Edge(f"m-{earlier}", f"m-{code}", word) for earlier in group.matters)
    for i, survey in enumerate(theme.surveys):
        yield from (Edge(f"m-{code}", f"s-{i}", dashed=True) for code in survey.matters)


def mermaid(theme: Theme, names: Mapping[str, str]) -> str:
    """The drawing as a Mermaid flowchart."""
    nodes, edges = graph(theme, names)
    shape = {"start": '(("{}"))', QUESTION: '{{"{}"}}', MATTER: '["{}"]', SURVEY: '(["{}"])'}
    lines = ["flowchart TD"]
    for node in nodes:
        frame = shape[node.kind] if node.kind != QUESTION else '{{{{"{}"}}}}'
        lines.append(f"    {node.id}{frame.format(_quoted(node.label or '开始'))}")
    for edge in edges:
        label = f'|"{_quoted(edge.label)}"|' if edge.label else ""
        lines.append(f"    {edge.source} -->{label} {edge.target}")
    return "\n".join(lines) + "\n"


def svg(theme: Theme, names: Mapping[str, str]) -> str:
    """The drawing as an SVG document with a title for screen readers."""
    nodes, edges = graph(theme, names)
    return drawing.svg(nodes, edges, title=theme.name)


def words(theme: Theme, condition: Condition, key: str) -> str:
    """What must be answered to `key` for a condition to hold, as short as can be; "" if it is not simple."""
    question = theme.question(key)
    if question is None:
        return ""
    return "或".join(dict.fromkeys(_wanted(question, condition.source)))


def _wanted(question: Question, rule: Any) -> Iterator[str]:
    if not isinstance(rule, dict) or len(rule) != 1:
        return
    [(operator, values)] = rule.items()
    if operator == "var" and values == question.key:
        yield "是"
    elif operator in {"and", "or"}:
        for value in values:
            yield from _wanted(question, value)
    elif isinstance(values, list) and values and values[0] == {"var": question.key} and len(values) == 2:
        yield from _compared(question, operator, values[1])


def _compared(question: Question, operator: str, value: Any) -> Iterator[str]:
    signs = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "!=": "不是", "==": ""}
    if operator == "in" and isinstance(value, list):
        yield from (_said(question, item) for item in value)
    elif operator in signs:
        yield f"{signs[operator]}{_said(question, value)}"


def _said(question: Question, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return next((_short(option.label) for option in question.options if option.value == value), str(value))


def _asked_of(theme: Theme, condition: Condition) -> list[str]:
    return [question.key for question in theme.questions if question.key in condition.variables]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _quoted(text: str) -> str:
    return text.replace('"', "”")
