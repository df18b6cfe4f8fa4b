"""The editor's form: rows, sums and examples out of what was posted. Nothing that was typed is lost.

Names: ``c.join``, ``c.0.element``, ``c.0.compare``, ``c.0.value`` …; groups within groups ``c.1.0.element``; a part that is
kept ``c.2.kept`` with its changed places ``c.2.at/and/0``; the amount ``a.kind`` …, its steps ``a.0.if.join`` and
``a.0.kind``, the rest ``a.else.kind``; examples ``e.0.name``, ``e.0.has.KEY``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.http import QueryDict

from tongban.desks.policies.editing import rows, sums, tree
from tongban.desks.policies.editing.comparisons import NoValueError, Said
from tongban.desks.policies.editing.rows import ALL, ANY, NONE, Group, Kept, Part, Row
from tongban.desks.policies.editing.sums import Step, Sum

MOST_PARTS = 60
DEEPEST = 6
LONGEST_KEPT = 20_000
_BREAK = re.compile(r"[、，\n]")


def group(data: QueryDict, path: str = "c", *, depth: int = 0) -> Group:
    """The rows below `path`, in order."""
    join = data.get(f"{path}.join", ALL)
    places = _places(data, path) if depth < DEEPEST else []
    items = tuple(_part(data, f"{path}.{place}", depth + 1) for place in places)
    return Group(join if join in {ALL, ANY, NONE} else ALL, items)


def _places(data: QueryDict, path: str) -> list[int]:
    """Numbers of the parts directly below `path`."""
    before = f"{path}."
    steps = {name[len(before) :].partition(".")[0] for name in data if name.startswith(before)}
    return sorted(int(step) for step in steps if step.isdecimal() and len(step) < 4)[:MOST_PARTS]


def _part(data: QueryDict, path: str, depth: int) -> Part:
    if f"{path}.join" in data:
        return group(data, path, depth=depth)
    if f"{path}.kept" in data:
        return Kept(_kept(data, path))
    element = data.get(f"{path}.element", "")
    # Another element than the one that the comparison was chosen for begins anew.
    if element != data.get(f"{path}.was", element):
        return Row(element, "")
    typed = [part.strip() for part in _BREAK.split(data.get(f"{path}.typed", "")) if part.strip()]
    values = (*data.getlist(f"{path}.value"), *typed)
    said = Said(values, data.get(f"{path}.other", ""), data.get(f"{path}.percent", ""))
    return Row(element, data.get(f"{path}.compare", ""), said, _number(data.get(f"{path}.spelling", "0")))


def _kept(data: QueryDict, path: str) -> Any:
    text = data.get(f"{path}.kept", "")
    try:
        source = json.loads(text) if len(text) <= LONGEST_KEPT else None
    except (ValueError, RecursionError):
        return None
    before = f"{path}.at"
    changes = {name[len(before) :]: data.get(name, "") for name in data if name.startswith(before)}
    try:
        return tree.edited(source, changes)
    except (NoValueError, KeyError, TypeError, RecursionError):
        return source


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 3 else 0


def amount(data: QueryDict, path: str = "a") -> Sum:
    """The amount below `path`."""
    kind = data.get(f"{path}.kind", sums.NOTHING)
    if kind == sums.KEPT:
        return Sum(sums.KEPT, source=_kept(data, path))
    if kind == sums.STEPS and path == "a":
        steps = tuple(
            Step(group(data, f"{path}.{place}.if"), amount(data, f"{path}.{place}"))
            for place in _places(data, path)
        )
        first = Step(Group(ALL, (Row("", ""),)), Sum(sums.FIXED))
        return Sum(sums.STEPS, steps=steps or (first,), otherwise=amount(data, f"{path}.else"))
    if kind not in {sums.NOTHING, *sums.SIMPLE} or (kind == sums.NOTHING and path != "a"):
        kind = sums.FIXED
    return Sum(
        kind, yuan=data.get(f"{path}.yuan", ""), element=data.get(f"{path}.element", ""),
        minus=data.get(f"{path}.minus", ""), times=data.get(f"{path}.times", ""),
        over=data.get(f"{path}.over", "") or "100", cap=data.get(f"{path}.cap", ""),
        spelling=_number(data.get(f"{path}.spelling", "0")),
    )  # fmt: skip


def acted(condition: Group, said: Sum, act: str) -> tuple[Group, Sum]:
    """Condition and amount after a button of the builder: ``add-row:c.1``, ``remove:a.0.if.2``, ``add-step:a``."""
    name, _colon, path = act.partition(":")
    steps = path.split(".")
    if steps[0] == "c":
        return rows.changed(condition, _numbers(steps[1:]), name), said
    if steps[0] != "a" or said.kind != sums.STEPS:
        return condition, said
    if name == "add-step":
        fresh = Step(Group(ALL, (Row("", ""),)), Sum(sums.FIXED))
        return condition, _with(said, (*said.steps, fresh))
    numbers = _numbers(steps[1:2])
    if not numbers or numbers[0] >= len(said.steps):
        return condition, said
    place, held = numbers[0], said.steps
    if name == "remove-step":
        return condition, _with(said, (*held[:place], *held[place + 1 :]))
    inner = rows.changed(held[place].when, _numbers(steps[3:]), name)
    return condition, _with(said, (*held[:place], Step(inner, held[place].gives), *held[place + 1 :]))


def _with(said: Sum, steps: tuple[Step, ...]) -> Sum:
    return replace(said, steps=steps)


def _numbers(steps: Iterable[str]) -> tuple[int, ...]:
    found = []
    for step in steps:
        if not step.isdecimal() or len(step) > 3:
            return ()
        found.append(int(step))
    return tuple(found)
