"""Facts, elements and tags as pages say them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any

from django.utils.translation import get_language

from tongban.registers.portraits import packs
from tongban.registers.portraits.contracts import ElementInfo, FactInfo, PortraitInfo, Via
from tongban.registers.portraits.showing import value_text


def language() -> str:
    """The reader's language, as texts of packs are asked for."""
    return get_language() or ""


def fact_line(fact: FactInfo, *, shown: bool = True) -> dict[str, Any]:
    """One fact: what, how much, who says so, as of when. A value that is not shown is only known to be there."""
    info = packs.elements()[fact.element]
    return {
        "fact": fact, "key": info.key, "name": info.name_in(language()),
        "value": value_text(info, fact.value, language()) if shown else "", "shown": shown,
        "via": str(Via(fact.via).label),
    }  # fmt: skip


def grouped(
    portrait: PortraitInfo, *, shown: Callable[[FactInfo], bool] = lambda _fact: True
) -> list[dict[str, Any]]:
    """Facts by group, in the order of the pack, with how many of each are too old to decide by."""
    known = packs.elements()
    found = []
    for name, facts in groupby(portrait.facts, key=lambda fact: known[fact.element].group_in(language())):
        lines = [fact_line(fact, shown=shown(fact)) for fact in facts]
        found.append({"name": name, "lines": lines, "stale": sum(line["fact"].stale for line in lines)})
    return found


def elements_by_group(elements: Iterable[ElementInfo]) -> list[dict[str, Any]]:
    """Elements by group: key and name of each."""
    return [
        {"name": name, "elements": [{"key": one.key, "name": one.name_in(language())} for one in found]}
        for name, found in groupby(elements, key=lambda one: one.group_in(language()))
    ]


def tag_lines(portrait: PortraitInfo) -> dict[str, list[dict[str, str]]]:
    """Tags with why: those that hold, and those that cannot be told."""
    spoken = "en" if language().startswith("en") else "zh"
    lines: dict[str, list[dict[str, str]]] = {"holding": [], "unsure": []}
    for one in portrait.tags:
        place = "holding" if one.standing == "true" else "unsure"
        lines[place].append({"name": one.name_in(language()), "reason": one.reason[spoken]})
    return lines
