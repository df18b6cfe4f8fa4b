"""What the theme promises, tried out: its examples and every set of matters it can lead to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from tongban.desks.themes import situations
from tongban.desks.themes.checking.context import Context, instant_of
from tongban.desks.themes.conditions import Condition, Facts, holds
from tongban.desks.themes.contracts import Finding, Party, Plan, PlanRefused
from tongban.desks.themes.format import Example, Path
from tongban.desks.themes.planning import plan
from tongban.registers.catalogue.contracts import MatterSpec

TRIED = 30_000
"""Ways of answering looked at; different sets of matters among them are planned once each."""
PLANNED = 200
"""Sets of matters planned at most (and the largest)."""


class Known:
    """The matters under check as a catalogue."""

    def __init__(self, specs: Mapping[str, MatterSpec]) -> None:
        self._specs = specs

    def matters(self, codes: Sequence[str], region: str) -> Mapping[str, MatterSpec]:  # noqa: ARG002  the protocol's
        """Specs by code, whatever the region."""
        return {code: self._specs[code] for code in codes if code in self._specs}


def examples(context: Context) -> Iterator[Finding]:
    """Every example gives the matters (and counts) it says."""
    for i, example in enumerate(context.theme.examples):
        path: Path = ("examples", i)
        try:
            found = _planned(
                context, example.answers, Party(example.party, context.region), at=instant_of(example.on)
            )
        except PlanRefused as refused:
            yield context.finding(
                (*path, "answers"), "example",
                f"例子“{example.name}”办不成：{refused.says.zh}", f"Example “{example.name}”: {refused.says.text('en')}",
            )  # fmt: skip
            continue
        yield from _compared(context, example, found, path)
        yield from _holders(context, example, path)


def _compared(context: Context, example: Example, found: Plan, path: Path) -> Iterator[Finding]:
    codes = {matter.code for matter in found.matters}
    missing, extra = set(example.matters) - codes, codes - set(example.matters)
    if missing or extra:
        zh = "；".join(
            f"{word}：{'、'.join(map(context.name, sorted(some)))}"
            for word, some in (("没有出现", missing), ("多出来", extra))
            if some
        )
        en = f"missing {sorted(missing)}, unexpected {sorted(extra)}"
        yield context.finding(
            (*path, "matters"),
            "example",
            f"例子“{example.name}”的事项不对。{zh}。",
            f"Example “{example.name}”: {en}.",
        )
    if found.ignored:
        names = "、".join(found.ignored)
        zh, en = (
            f"例子“{example.name}”答了不会问的：{names}。",
            f"Example “{example.name}” answers what is not asked: {names}.",
        )
        yield context.finding((*path, "answers"), "example", zh, en)
    counts = (
        ("days", example.days, found.saved.days.here),
        ("asks", example.asks, len(found.asked)),
        ("papers", example.papers, found.saved.papers.here),
    )
    for name, said, is_ in counts:
        if said is not None and said != is_:
            zh = f"例子“{example.name}”的 {name} 写的是 {said}，算出来是 {is_}。"
            en = f"Example “{example.name}”: {name} is {is_}, not {said}."
            yield context.finding((*path, name), "example", zh, en)


def _holders(context: Context, example: Example, path: Path) -> Iterator[Finding]:
    """Who has everything and who has nothing are two; a count of typed fields belongs to the first."""
    if example.everything and example.everything == example.nothing:
        zh = f"例子“{example.name}”的 everything 和 nothing 不能是同一个人。"
        en = f"Example “{example.name}”: everything and nothing must be two parties."
        yield context.finding((*path, "nothing"), "example", zh, en)
    if example.typed is not None and not example.everything:
        zh = f"例子“{example.name}”写了 typed，要同时写 everything。"
        en = f"Example “{example.name}”: typed needs everything."
        yield context.finding((*path, "typed"), "example", zh, en)


def limits(context: Context) -> Iterator[Finding]:
    """Every situation takes less than the law allows it; the promise for the whole covers the longest one
    and is shorter than the law allows that.
    """
    promise = context.theme.limits.days
    longest = allowed = 0
    for answers, party in _different(context):
        try:
            found = _planned(context, answers, party, at=context.at)
        except PlanRefused as refused:
            if refused.reason == "no_matter":
                said = "、".join(f"{key}={value}" for key, value in answers.items())
                yield context.finding(
                    ("matters",), "nothing",
                    f"这样回答什么事项都不用办，请写进 refusals：{said}。", f"These answers lead to no matter; refuse them: {said}.",
                )  # fmt: skip
                return
            continue
        days, legal = found.saved.days.here, found.saved.legal_days.one_by_one
        longest, allowed = max(longest, days), max(allowed, legal)
        if days and days >= legal:
            yield _not_shorter(context, days, legal)
            return
    if longest and promise >= allowed:
        yield _not_shorter(context, promise, allowed)
    if promise < longest:
        yield context.finding(
            ("limits", "days"), "limit",
            f"最长的情形要 {longest} 个工作日，承诺 {promise} 个做不到。",
            f"The longest situation takes {longest} working days; {promise} cannot be kept.",
        )  # fmt: skip


def _not_shorter(context: Context, days: int, legal: int) -> Finding:
    zh = f"承诺 {days} 个工作日，不比法定时限合计（{legal}）短。"
    en = f"{days} working days is not shorter than the statutory limits ({legal})."
    return context.finding(("limits", "days"), "limit", zh, en)


def _different(context: Context) -> Iterator[tuple[dict[str, Any], Party]]:
    """Answers for different sets of matters, the questions that these do not depend on answered too; not
    those of somebody who cannot be helped here. Of very many sets some of every size, the smallest and the
    largest among them.
    """
    theme = context.theme
    matters, refusals = [use.when for use in theme.matters], [refusal.when for refusal in theme.refusals]
    asked = [condition for condition in (*matters, *refusals) if condition]
    names = frozenset[str]().union(*(condition.variables for condition in asked))
    chosen, refused = _Effects(matters), _Effects(refusals)
    found: dict[tuple[bool, ...], Facts] = {}
    for facts in islice(
        situations.assignments(theme, situations.closure(theme, names), context.at.date()), TRIED
    ):
        effect = chosen.of(facts)
        if effect not in found and not any(refused.of(facts)):
            found[effect] = facts
    by_size = [found[effect] for effect in sorted(found, key=sum)]
    for facts in by_size[:: -(-len(by_size) // PLANNED) or 1] + by_size[-1:]:
        full = situations.completed(theme, facts)
        yield situations.answers_of(theme, full), Party(full.record["party"], context.region)


class _Effects:
    """Which conditions hold; each is decided once for the answers that it speaks of."""

    def __init__(self, conditions: Sequence[Condition | None]) -> None:
        self._known: list[tuple[Condition, list[str], dict[tuple[Any, ...], bool]]] = [
            (condition, sorted(condition.variables), {}) for condition in conditions if condition
        ]

    def of(self, facts: Facts) -> tuple[bool, ...]:
        """In the order of the conditions, those that always hold left out."""
        found = []
        for condition, names, known in self._known:
            key = tuple(facts.record.get(name) for name in names)
            if key not in known:
                known[key] = holds(condition, facts)
            found.append(known[key])
        return tuple(found)


def _planned(context: Context, answers: Mapping[str, Any], party: Party, *, at: datetime) -> Plan:
    return plan(
        context.theme,
        answers,
        party,
        catalogue=Known(context.specs),
        at=at,
        calendar=context.calendar,
    )
