"""All the situations that a theme's questions can lead to, enumerated.

A number or a date stands for all numbers and dates between the values that conditions compare with, so
the enumeration is finite; it is cut off at a cap, and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from tongban.desks.themes.answers import typed
from tongban.desks.themes.conditions import PARTY, Condition, Facts, literals
from tongban.desks.themes.contracts import Answer
from tongban.desks.themes.format import Question, Theme, iso_date

CAP = 20_000


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether a condition can hold: `certain` is False where the cap was hit before it did."""

    possible: bool
    certain: bool


def domain(theme: Theme, question: Question, today: date) -> tuple[Answer, ...]:
    """Answers that stand for all others: every option; or for numbers and dates every value that some
    condition compares with, one on each side of it, and the ends.
    """
    if question.values:
        return question.values
    found = [
        value
        for _, condition in theme.conditions()
        if condition and question.key in condition.variables
        for value in literals(condition)
    ]
    return _dates(found, today) if question.type == "date" else _numbers(found, question)


def closure(theme: Theme, names: frozenset[str]) -> tuple[Question, ...]:
    """The named questions and all on whose answers it depends that they are asked, in order."""
    wanted = set(names)
    for question in reversed(theme.questions):
        if question.key in wanted and question.when:
            wanted |= question.when.variables
    return tuple(question for question in theme.questions if question.key in wanted)


def assignments(theme: Theme, questions: Sequence[Question], today: date) -> Iterator[Facts]:
    """Every way to answer these questions, for every party; questions that do not arise are left out."""
    domains = {question.key: domain(theme, question, today) for question in questions}
    for party in theme.parties:
        yield from _answered(questions, 0, Facts(today, {PARTY: party}), domains)


def _answered(
    questions: Sequence[Question], index: int, facts: Facts, domains: dict[str, tuple[Answer, ...]]
) -> Iterator[Facts]:
    if index == len(questions):
        yield facts
        return
    question = questions[index]
    if question.when is not None and question.when.decide(facts) is not True:
        values: tuple[Answer, ...] = () if question.taken_as is None else (question.taken_as,)
    else:
        values = domains[question.key]
    if not values:
        yield from _answered(questions, index + 1, facts, domains)
    for value in values:
        record = {**facts.record, question.key: typed(value)}
        yield from _answered(questions, index + 1, Facts(facts.today, record), domains)


def can_hold(
    theme: Theme, conditions: Sequence[Condition | None], failing: Sequence[Condition | None], today: date
) -> Reach:
    """Whether there are answers under which all `conditions` hold and none of `failing` does."""
    names = frozenset[str]().union(*(c.variables for c in (*conditions, *failing) if c))
    for count, facts in enumerate(assignments(theme, closure(theme, names), today)):
        if count >= CAP:
            return Reach(possible=False, certain=False)
        if all(c is None or c.decide(facts) for c in conditions) and not any(
            c is None or c.decide(facts) for c in failing
        ):
            return Reach(possible=True, certain=True)
    return Reach(possible=False, certain=True)


def completed(theme: Theme, facts: Facts) -> Facts:
    """An assignment with every question that arises answered, those left open by their first answer."""
    record = {PARTY: facts.record[PARTY]}
    full = Facts(facts.today, record)
    for question in theme.questions:
        if question.when is not None and question.when.decide(full) is not True:
            if question.taken_as is not None:
                record[question.key] = typed(question.taken_as)
        elif question.key in facts.record:
            record[question.key] = facts.record[question.key]
        else:
            record[question.key] = typed(domain(theme, question, facts.today)[0])
    return full


def answers_of(theme: Theme, facts: Facts) -> dict[str, Any]:
    """The answers in an assignment, as a person would give them: without those merely taken."""
    keys = {question.key for question in theme.questions}
    return {key: _given(value) for key, value in facts.record.items() if key in keys}


def _given(value: Any) -> Answer:
    return value if isinstance(value, str | bool | int) else float(value)


def _numbers(found: list[Any], question: Question) -> tuple[Answer, ...]:
    marks = sorted({float(v) for v in found if isinstance(v, int | float) and not isinstance(v, bool)})
    low = question.minimum if question.minimum is not None else (marks[0] - 1 if marks else 0.0)
    high = question.maximum if question.maximum is not None else (marks[-1] + 1 if marks else low + 1)
    ends = sorted({low, *(mark for mark in marks if low <= mark <= high), high})
    between = [(a + b) / 2 for a, b in pairwise(ends)]
    return tuple(int(x) if x.is_integer() else x for x in sorted({*map(float, ends), *between}))


def _dates(found: list[Any], today: date) -> tuple[Answer, ...]:
    marks = {today, *(date.fromisoformat(iso) for value in found if (iso := _iso(value)))}
    counts = [value for value in found if isinstance(value, int) and not isinstance(value, bool)]
    ago = {mark - timedelta(days=count) for mark in marks for count in counts}
    years = {
        _years_before(mark, n) for mark in marks for count in counts for n in (count, count + 1) if n < 150
    }
    near = {mark + timedelta(days=shift) for mark in marks | ago | years for shift in (-1, 0, 1)}
    return tuple(day.isoformat() for day in sorted(near))


def _iso(value: Any) -> str | None:
    return iso_date(value) if isinstance(value, str) else None


def _years_before(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)
