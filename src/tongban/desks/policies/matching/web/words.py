"""Standings, conditions, runs as pages show them, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import get_language

from tongban.actors import api as actors
from tongban.desks.policies.contracts import MeasureInfo, Standing
from tongban.desks.policies.matching.contracts import (
    ConditionInfo,
    Counts,
    Holds,
    PairInfo,
    RunInfo,
    RunState,
    Why,
)
from tongban.registers.portraits import api as portraits

TONES = {Standing.ENTITLED: "info", Standing.NOT_YET: "near", Standing.UNKNOWN: "near", Standing.NOT: ""}
SIGNS = {Holds.MET: "✓", Holds.UNMET: "✗", Holds.OPEN: "?"}
LACKING = 8
"""Elements shown of those that leave pairs open."""
OPEN = (RunState.WAITING, RunState.COMPUTING, RunState.WRITING)


def english() -> bool:
    return (get_language() or "").startswith("en")


def title(measure: MeasureInfo) -> str:
    return measure.title_en if english() and measure.title_en else measure.title


def unit_name(unit: str) -> str:
    name = actors.unit_name(unit_id=unit)
    return actors.english_unit_name(name) if english() else name


def element_name(key: str) -> str:
    """What an element is called; its key where the pack has dropped it."""
    info = portraits.elements().get(key)
    return info.name_in(get_language() or "") if info else key


def listed(names: Iterable[str]) -> str:
    """Several names, one behind the other."""
    return (", " if english() else "、").join(names)


def why_page(found: Why) -> dict[str, Any]:
    """Everything about one pair."""
    one = found.measure
    return {
        "why": found, "title": title(one), "says": one.says_en if english() and one.says_en else one.says,
        "policy": one.policy_title_en if english() and one.policy_title_en else one.policy_title,
        "unit": unit_name(one.unit), "standing": found.standing.label, "tone": TONES[found.standing],
        "conditions": [condition(each) for each in found.conditions],
        "met": sum(each.holds is Holds.MET for each in found.conditions),
    }  # fmt: skip


def condition(one: ConditionInfo) -> dict[str, Any]:
    """One condition with its sign; its parts likewise."""
    return {
        "one": one,
        "sign": SIGNS[one.holds],
        "said": one.holds.label,
        "parts": [condition(part) for part in one.parts],
    }


def pair_line(pair: PairInfo) -> dict[str, Any]:
    """One measure as one party stands with it: for lists, here and in other rooms' pages."""
    return {
        "pair": pair, "key": pair.key, "title": title(pair.measure), "standing": pair.standing.label,
        "tone": TONES[pair.standing], "unit": unit_name(pair.measure.unit),
        "missing": listed(map(element_name, pair.missing)), "nearest": [str(one) for one in pair.nearest],
    }  # fmt: skip


def run_line(run: RunInfo) -> dict[str, Any]:
    """One run; `open` while it is under way."""
    who = actors.names({run.asked_by}).get(run.asked_by, "") if run.asked_by.startswith("officer:") else ""
    return {
        "run": run, "open": run.state in OPEN, "who": who,
        "tone": {RunState.FAILED: "overdue", RunState.COMPLETE: "", RunState.SAME: ""}.get(run.state, "info"),
        "lacking": [(element_name(one.element), one) for one in run.lacking[:LACKING]],
    }  # fmt: skip


def counts_line(one: Counts, measure: MeasureInfo | None) -> dict[str, Any]:
    """One measure over everybody; most lacking first."""
    return {
        "counts": one, "paid": measure is None or measure.amount is not None, "title": title(measure) if measure else one.key, "unit": unit_name(measure.unit) if measure else "",
        "policy": measure.policy if measure else "", "lacking": listed(element_name(each.element) for each in one.lacking[:2]),
    }  # fmt: skip
