"""Answers: which question comes next, and what a set of answers amounts to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from tongban.desks.themes.conditions import PARTY, Facts, holds
from tongban.desks.themes.contracts import (
    UNSURE,
    Answer,
    Assumption,
    Party,
    PlanRefused,
    Wording,
)
from tongban.desks.themes.contracts import (
    Question as Asked,
)
from tongban.desks.themes.format import Question, Theme, iso_date

TRUE = frozenset({"yes", "true", "1", "是"})
FALSE = frozenset({"no", "false", "0", "否"})


@dataclass(slots=True)
class Standing:
    """Where a set of answers stands.

    `facts` is what conditions see; `given` the normalised answers; `asked` the keys of the questions that
    arise, in order; `open` those among them not answered (or not yet known to arise).
    """

    facts: Facts
    given: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    assumptions: list[Assumption] = field(default_factory=list)


def stand(theme: Theme, answers: Mapping[str, Any], party: Party, today: date) -> Standing:
    """Read answers question by question.

    :raises PlanRefused: a key that is no question, a value that is no answer, a party the theme is not for,
        or somebody who cannot be helped here (said as soon as the answers show it)
    """
    refuse_party(theme, party)
    _refuse_unknown(theme, answers)
    standing = Standing(facts=Facts(today, {PARTY: party.kind}))
    for question in theme.questions:
        _read(question, answers, standing)
    for refusal in theme.refusals:
        if holds(refusal.when, standing.facts):
            zh = f"这里办不了：{refusal.says}{refusal.instead}"
            en = f"We cannot take this: {refusal.says_en} {refusal.instead_en}"
            raise PlanRefused(reason="not_eligible", says=Wording(zh, en), possible=(refusal.instead,))
    return standing


def _read(question: Question, answers: Mapping[str, Any], standing: Standing) -> None:
    key = question.key
    record = standing.facts.record
    arises = True if question.when is None else question.when.decide(standing.facts)
    if question.when is not None and arises is None and question.when.variables.isdisjoint(standing.open):
        arises = False  # it speaks of a question that itself does not arise
    if arises is False:
        if key in answers:
            standing.ignored.append(key)
        if question.taken_as is not None:
            record[key] = typed(_value(question, question.taken_as))
        return
    standing.asked.append(key)
    if arises is None or answers.get(key) in (None, ""):
        standing.open.append(key)
        return
    answer = normalised(question, answers[key])
    standing.given[key] = answer
    if answer == UNSURE:
        assert question.unsure is not None
        answer = _value(question, question.unsure.plan_as)
        means = Wording(question.unsure.means, question.unsure.means_en)
        ask = Wording(question.ask, question.ask_en)
        standing.assumptions.append(Assumption(key, ask, answer, means))
    record[key] = typed(answer)


def next_question(theme: Theme, answers: Mapping[str, Any], *, party: Party, today: date) -> Asked | None:
    """The first question that arises and has no answer yet, or None when a plan can be made.

    Deterministic: the questions come in the order of the file.

    :raises PlanRefused: as in `stand`
    """
    standing = stand(theme, answers, party, today)
    if not standing.open:
        return None
    key = standing.open[0]
    question = theme.question(key)
    assert question is not None
    return as_asked(question, position=standing.asked.index(key) + 1, total=len(standing.asked))


def as_asked(question: Question, *, position: int, total: int) -> Asked:
    """A question of the file as a page needs it."""
    options = tuple(
        (option.value, Wording(option.label, option.label_en), Wording(option.note, option.note_en))
        for option in question.options
    )
    if question.type == "yesno":
        options = options or (
            ("yes", Wording("是", "Yes"), Wording("")),
            ("no", Wording("否", "No"), Wording("")),
        )
    unsure = question.unsure
    return Asked(
        key=question.key,
        ask=Wording(question.ask, question.ask_en),
        type=question.type,
        options=options,
        help=Wording(question.help, question.help_en),
        unsure=Wording(unsure.means, unsure.means_en) if unsure else Wording(""),
        minimum=question.minimum,
        maximum=question.maximum,
        unit=Wording(question.unit, question.unit_en),
        position=position,
        total=total,
    )


def normalised(question: Question, value: Any) -> Answer:
    """An answer as it is stored: a bool, a number, an ISO date, an option's value, or ``unsure``.

    :raises PlanRefused: no possible answer; says which are
    """
    if value == UNSURE:
        if question.unsure is None:
            raise _wrong(question, value)
        return UNSURE
    answer: Answer | None = _value(question, value)
    if answer is None:
        raise _wrong(question, value)
    return answer


def typed(answer: Answer) -> Any:
    """An answer as conditions read it: decimal fractions exactly."""
    return Decimal(repr(answer)) if isinstance(answer, float) else answer


def _value(question: Question, value: Any) -> Any:
    if question.type == "yesno":
        return _yes_or_no(value)
    if question.type == "number":
        return _number(question, value)
    if question.type == "date":
        return iso_date(value) if isinstance(value, str | date) else None
    return value if isinstance(value, str) and value in question.values else None


def _yes_or_no(value: Any) -> bool | None:
    if isinstance(value, bool):
        return value
    word = str(value).strip().lower()
    return True if word in TRUE else False if word in FALSE else None


def _number(question: Question, value: Any) -> float | int | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(str(value).strip())
    except ValueError:
        return None
    if number != number or number in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN is unequal to itself
        return None
    if question.minimum is not None and number < question.minimum:
        return None
    if question.maximum is not None and number > question.maximum:
        return None
    return int(number) if number.is_integer() else number


def possible(question: Question) -> tuple[str, ...]:
    """What may be answered, as values."""
    found = {"yesno": ("yes", "no"), "number": _range(question), "date": ("YYYY-MM-DD",)}.get(
        question.type, tuple(option.value for option in question.options)
    )
    return (*found, UNSURE) if question.unsure else found


def _range(question: Question) -> tuple[str, ...]:
    low = "" if question.minimum is None else f"{question.minimum:g}"
    high = "" if question.maximum is None else f"{question.maximum:g}"
    return (f"{low}…{high}",)


def _wrong(question: Question, value: Any) -> PlanRefused:
    can = possible(question)
    shown = str(value)[:40]
    zh = f"“{question.ask}”不能回答“{shown}”。可以回答：{'、'.join(can)}。"
    en = f"“{question.ask_en or question.ask}” cannot be answered “{shown}”. Possible: {', '.join(can)}."
    return PlanRefused(reason="wrong_answer", says=Wording(zh, en), question=question.key, possible=can)


def refuse_party(theme: Theme, party: Party) -> None:
    """:raises PlanRefused: the theme is for persons only or for organisations only"""
    if party.kind in theme.parties:
        return
    words = {"person": ("个人", "persons"), "organisation": ("企业或单位", "organisations")}
    zh, en = words[theme.parties[0]]
    says = Wording(
        f"“{theme.name}”只办给{zh}，请换{zh}身份登录。", f"“{theme.name_en}” is for {en}; sign in as one."
    )
    raise PlanRefused(reason="wrong_party", says=says, possible=theme.parties)


def _refuse_unknown(theme: Theme, answers: Mapping[str, Any]) -> None:
    keys = tuple(question.key for question in theme.questions)
    for key in answers:
        if key not in keys:
            shown = str(key)[:40]
            zh = f"“{theme.name}”没有“{shown}”这个问题。有：{'、'.join(keys)}。"
            en = f"“{theme.name_en}” has no question “{shown}”. It has: {', '.join(keys)}."
            raise PlanRefused(reason="unknown_question", says=Wording(zh, en), question=shown, possible=keys)
