"""Checking a theme file: every finding with file, line and column, in Chinese and English.

A check depends on the file, the catalogue and the calendar only, not on the day it is run.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tongban.desks.themes.checking import matters, outcomes, papers, questions, wording
from tongban.desks.themes.checking.context import Check, Context, instant_of
from tongban.desks.themes.contracts import Finding
from tongban.desks.themes.format import EXAMPLE_DAY
from tongban.desks.themes.load import Reading, read, read_file
from tongban.desks.themes.order import Calendar
from tongban.desks.themes.planning import Catalogue

# Each stage needs what the one before it found to be sound: there is no use in trying examples of a theme
# whose conditions cannot be read.
STAGES: Sequence[Sequence[Check]] = (
    (wording.conditions, wording.duplicates, wording.english, questions.shape),
    (
        matters.known,
        matters.prerequisites,
        matters.joint,
        matters.alone,
        matters.occurring,
        questions.reachable,
        questions.options,
        papers.fields,
        papers.papers,
    ),
    (outcomes.examples, outcomes.limits),
)


def check_file(path: Path, *, catalogue: Catalogue, region: str, calendar: Calendar) -> tuple[Finding, ...]:
    """Everything that is wrong with a theme file, in order of the file; empty if nothing is.

    :param region: 12-digit division in which the matters are looked up
    """
    return check(read_file(path), catalogue=catalogue, region=region, calendar=calendar)


def check_text(
    text: str, *, file: str, catalogue: Catalogue, region: str, calendar: Calendar
) -> tuple[Finding, ...]:
    """As `check_file`, for text that is no file yet."""
    return check(read(text, file=file), catalogue=catalogue, region=region, calendar=calendar)


def check(reading: Reading, *, catalogue: Catalogue, region: str, calendar: Calendar) -> tuple[Finding, ...]:
    """As `check_file`, for a file that was read."""
    theme = reading.theme
    if theme is None:
        return reading.findings
    specs = dict(catalogue.matters(theme.codes, region))
    context = Context(theme, reading.source, specs, instant_of(EXAMPLE_DAY), calendar, region)
    found: list[Finding] = [*_delivery(context)]
    for stage in STAGES:
        found.extend(finding for each in stage for finding in each(context))
        if found:
            break
    return tuple(sorted(dict.fromkeys(found)))


def _delivery(context: Context) -> list[Finding]:
    rule = context.theme.delivery
    if rule.usual in rule.ways:
        return []
    ways = "、".join(rule.ways)
    zh, en = f"usual 要从 ways 里选：{ways}。", f"usual must be one of ways: {ways}."
    return [context.finding(("delivery", "usual"), "no_choice", zh, en)]
