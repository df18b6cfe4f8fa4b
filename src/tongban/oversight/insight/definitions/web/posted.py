"""The formula out of what was posted. Nothing that was typed is lost.

Names: ``f.how``, ``f.0.1.kind`` (side 0, thing 1), ``f.0.1.w.2.column`` (its row 2); ``f.text`` where it is edited as text.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from tongban.oversight.insight.definitions import editing, services
from tongban.oversight.insight.definitions.contracts import DefinitionError
from tongban.oversight.insight.definitions.editing import Condition, Shape, Side, Thing

MOST = 20
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Typed:
    """The formula as typed: a shape, or text where that is how it is edited."""

    shape: Shape
    text: str | None = None

    def formula(self) -> Any:
        """:raises FaultsError: rows; :raises DefinitionError: text that cannot be read"""
        if self.text is None:
            return editing.write(self.shape)
        try:
            found = YAML(typ="safe").load(self.text[:LONGEST])
        except (
            YAMLError,
            ValueError,
            OverflowError,
            RecursionError,
        ) as error:  # a thirteenth month is a plain ValueError
            mark = getattr(error, "problem_mark", None)
            place = _("第%d行附近看不懂。") % (mark.line + 1) if mark else _("看不懂。")
            raise DefinitionError(place, possible=_("照下面的例子写，注意括号和冒号要成对。")) from error
        return found


def of(written: Any) -> Typed:
    """A formula to be edited: as rows where it has that shape, else as text."""
    shape = editing.read(written)
    return Typed(shape) if shape is not None else Typed(Shape(), as_text(written))


def as_text(written: Any) -> str:
    """A formula as text that `Typed.formula` reads."""
    return json.dumps(written, ensure_ascii=False, indent=1)


def typed(data: QueryDict) -> Typed:
    """What the form holds."""
    how = data.get("f.how", editing.NUMBER)
    sides: list[Side] = []
    for number in range(2):
        things = tuple(_thing(data, f"f.{number}.{place}") for place in _places(data, f"f.{number}"))
        if things:
            sides.append(things)
    shape = Shape(
        how if how in {editing.NUMBER, editing.SHARE} else editing.NUMBER, tuple(sides) or ((Thing(),),)
    )
    return Typed(shape.as_(shape.how), data.get("f.text"))


def _places(data: QueryDict, path: str) -> list[int]:
    before = f"{path}."
    steps = {name[len(before) :].partition(".")[0] for name in data if name.startswith(before)}
    return sorted(int(step) for step in steps if step.isdecimal() and len(step) < 3)[:MOST]


def _thing(data: QueryDict, path: str) -> Thing:
    def said(name: str, among: tuple[str, ...] = ()) -> str:
        value = data.get(f"{path}.{name}", "")
        return value if not among or value in among else among[0]

    where = tuple(
        Condition(
            data.get(f"{path}.w.{place}.column", ""),
            data.get(f"{path}.w.{place}.how", "is"),
            data.get(f"{path}.w.{place}.values", ""),
        )
        for place in _places(data, f"{path}.w")
    )
    kind = said("kind", editing.KINDS)
    return Thing(
        said("sign", (editing.PLUS, editing.MINUS)), kind, editing.STOCKS if kind == "stock" else said("table"),
        said("distinct"), said("value"), said("since"), said("until"), where, said("whose"),
    )  # fmt: skip


# --- what a button of the form changes ------------------------------------------------------------------------


def changed(now: Typed, act: str) -> Typed:
    """The formula after a button: more rows, fewer, another thing, as text, as rows. What is no such button changes nothing.

    :raises DefinitionError: text that is no formula cannot become rows
    """
    what, _colon, path = act.partition(":")
    if what == "text":
        return replace(now, text=_as_far_as_possible(now.shape))
    if what == "rows":
        return now if now.text is None else _as_rows(now)
    steps = [int(step) for step in path.split(".") if step.isdecimal()]
    change = _CHANGES.get(what)
    if change is None or not steps or steps[0] >= len(now.shape.sides):
        return now
    sides = list(now.shape.sides)
    sides[steps[0]] = change(sides[steps[0]], steps[1:])
    return replace(now, shape=replace(now.shape, sides=tuple(sides)))


def _as_rows(now: Typed) -> Typed:
    written = now.formula()
    services.formula(written)
    return of(written)


def _as_far_as_possible(shape: Shape) -> str:
    try:
        return as_text(editing.write(shape))
    except editing.FaultsError:
        return as_text({"count": {"of": "moves", "where": {"kind": "ticket", "sequence": 1}}})


def _add_thing(side: Side, _steps: list[int]) -> Side:
    return (*side, Thing())


def _drop_thing(side: Side, steps: list[int]) -> Side:
    left = tuple(one for place, one in enumerate(side) if [place] != steps)
    return left or (Thing(),)


def _add_row(side: Side, steps: list[int]) -> Side:
    return tuple(
        replace(one, where=(*one.where, Condition())) if [place] == steps else one
        for place, one in enumerate(side)
    )


def _drop_row(side: Side, steps: list[int]) -> Side:
    def left(place: int, one: Thing) -> Thing:
        rows = (row for number, row in enumerate(one.where) if [place, number] != steps)
        return replace(one, where=tuple(rows))

    return tuple(left(place, one) for place, one in enumerate(side))


_CHANGES: dict[str, Callable[[Side, list[int]], Side]] = {
    "thing": _add_thing,
    "drop": _drop_thing,
    "row": _add_row,
    "unrow": _drop_row,
}
