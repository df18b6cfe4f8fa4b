"""Questions without an answer: asked anonymously, work for the unit most likely to know, answered by an entry."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step
from tongban.registers.knowledge import rules, searching
from tongban.registers.knowledge.contracts import (
    Asked,
    Audience,
    Hit,
    KnowledgeError,
    QuestionInfo,
    UnknownEntryError,
)
from tongban.registers.knowledge.flow import KIND, QUESTION
from tongban.registers.knowledge.models import Entry, Question, Version
from tongban.registers.knowledge.redaction import without_numbers

SHORTEST, LONGEST, TITLE = 4, 500, 60
LIKELY = 0.12
DESK = "dsj"
"""Department that keeps the knowledge base where nobody else is likelier."""


@kernel.writing()
def ask(question: str, *, by: str, at: datetime, region: str, near: Sequence[Hit], channel: str) -> Asked:
    """See `api.ask`."""
    text = without_numbers(" ".join(question.split()))
    if len(text) < SHORTEST:
        raise KnowledgeError(_("请把问题写完整，至少%d个字。") % SHORTEST)
    if len(text) > LONGEST:
        raise KnowledgeError(_("问题最多%d个字。") % LONGEST, possible=_("要反映具体的事，请打12345。"))
    sign = rules.sign(text)
    earlier = Question.objects.select_for_update().filter(sign=sign, open=True).first()
    if earlier is not None:
        Question.objects.filter(pk=earlier.pk).update(times=F("times") + 1)
        return Asked(_row(earlier.docket).number, False, earlier.times + 1)
    unit = _likely(text, near, at=at)
    opening = kernel.Opening(
        kind=KIND, way="ask", title=text[:TITLE], unit=unit, region=region or settings.ROOT_REGION, channel=channel,
        subject="ask",
    )  # fmt: skip
    actor = kernel.SYSTEM if not by.startswith("officer:") else kernel.Actor(id=by)
    (docket,), _again = kernel.open_dockets([opening], actor=actor, at=at)
    Question.objects.create(docket=docket.id, text=text, sign=sign)
    return Asked(docket.number, True, 1)


def _likely(text: str, near: Sequence[Hit], *, at: datetime) -> str:
    """The unit whose entry comes nearest, else the desk that keeps the knowledge base."""
    day = actors.day_of(at)
    hits = near or searching.search(text, top=1, audience=Audience.OFFICER, on=day, english=False)
    if hits and hits[0].owner:
        live = searching.index(on=day)
        ranked = live.ranker.rank(text, top=1)
        if ranked and ranked[0].cover >= LIKELY:
            return hits[0].owner
    return f"{settings.ROOT_REGION[:6]}-{DESK}"


def info(number: str) -> QuestionInfo:
    """See `api.question`."""
    try:
        row = kernel.docket(kernel.normalise(number), actor=kernel.SYSTEM)
    except (ValueError, kernel.NotFound) as error:
        raise UnknownEntryError(_("没有这个编号的提问。")) from error
    found = Question.objects.filter(docket=row.id).first()
    if row.kind != KIND or row.subject != "ask" or found is None:
        raise UnknownEntryError(_("没有这个编号的提问。"))
    return QuestionInfo(
        number=row.number, text=found.text, times=found.times, state=row.state, asked_at=row.opened_at,
        unit_name=actors.unit_name(unit_id=row.unit), entry=found.entry, entry_version=found.version, said=found.said,
    )  # fmt: skip


def behind(docket: int) -> Question | None:
    """The question of a docket; the caller has made sure that the reader sees the docket."""
    return Question.objects.filter(docket=docket).first()


def _row(docket: int) -> kernel.DocketRow:
    row = kernel.docket_by_id(docket, actor=kernel.SYSTEM)
    assert row is not None  # a question has its docket
    return row


def written_for(entry: Entry, version: Version, *, at: datetime) -> None:
    """After a publication: the question it was written for is answered, a review that ran is done."""
    if entry.reviewing:
        review = _row(entry.reviewing)
        if review.closed_at is None:
            kernel.perform(review.id, "revise", actor=kernel.SYSTEM, at=at)
        Entry.objects.filter(pk=entry.pk).update(reviewing=None)
    if not version.answers:
        return
    row = kernel.docket(version.answers, actor=kernel.SYSTEM)
    if row.kind == KIND and row.state == "asked":
        kernel.perform(row.id, "answer", actor=kernel.SYSTEM, at=at, data={"entry": entry.key})


# Moves of a question -------------------------------------------------------------------------


@QUESTION.effect("answer")
def _answer(step: Step) -> None:
    key = step.data.entry  # type: ignore[attr-defined]  # the input of `answer`
    try:
        found = searching.entry(key, audience=Audience.OFFICER, on=actors.day_of(step.at))
    except UnknownEntryError as error:
        raise step.refuse(
            _("没有键为“%s”的已发布条目。") % key,
            possible=_("请先写条目并发布，或在知识库里查它的键。"),
            code="entry",
        ) from error
    Question.objects.filter(docket=step.docket.id).update(entry=found.key, version=found.version, open=False)
    step.note(entry=found.key, version=found.version)


@QUESTION.effect("decline")
def _decline(step: Step) -> None:
    reason = step.data.reason  # type: ignore[attr-defined]  # the input of `decline`
    Question.objects.filter(docket=step.docket.id).update(said=reason, open=False)


@QUESTION.effect("hand")
def _hand(step: Step) -> None:
    unit = step.data.unit  # type: ignore[attr-defined]  # the input of `hand`
    try:
        found = actors.unit(unit)
    except actors.NotKnownError as error:
        raise step.refuse(_("没有编号为“%s”的单位。") % unit, code="unit") from error
    if found.ended_on is not None:
        raise step.refuse(_("%s已经撤销。") % found.name, code="unit")
    step.assign(unit=found.id)


@QUESTION.effect("confirm")
def _confirm(step: Step) -> None:
    from tongban.registers.knowledge import reviewing

    reviewing.confirmed(step.docket.id, months=step.data.months, on=actors.day_of(step.at))  # type: ignore[attr-defined]  # the input of `confirm`
