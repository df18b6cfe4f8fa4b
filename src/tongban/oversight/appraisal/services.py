"""Take evaluations; mend the bad ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.bundles.contracts import ORDER
from tongban.desks.hotline.contracts import KIND as TICKET
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step
from tongban.oversight.appraisal import ledger, orders, tickets
from tongban.oversight.appraisal.contracts import BAD_FROM, EvaluationRefused, Level, Tag
from tongban.oversight.appraisal.flow import MENDING
from tongban.oversight.appraisal.models import Evaluation
from tongban.registers.messages import api as messages

EVALUATED_KINDS = frozenset({"application", TICKET, ORDER})
_BY_THEIR_OWN_MOVE = {TICKET: tickets.rate, ORDER: orders.rate}
"""Rated before they are closed: that closes them."""
TEXT_LIMIT = 500


def may_evaluate(row: kernel.DocketRow, actor: kernel.Actor) -> bool:
    """Whether the actor asked for this docket, or acts for who did."""
    return actors.applicant(actor, row) is not None


def evaluate(
    *,
    number: str,
    level: int,
    actor: kernel.Actor,
    at: datetime,
    tags: Sequence[str] = (),
    text: str = "",
    channel: str = "web",
) -> Evaluation:
    """Evaluate a closed application, once; the same again changes nothing and gives the first one.

    A ticket of the hotline is rated by its own move, once its answer is reviewed, and an order of a value-added service by
    its own, once it is delivered; see `tickets` and `orders`.

    A bad level (4, 5) opens a docket of kind `mending` in the same transaction.

    :param actor: who asked, or the system for a one-time code
    :param text: at most 500 characters; encrypted at rest
    :raises kernel.NotFound: no such application that the actor may see
    :raises EvaluationRefused: not over yet, not theirs, evaluated otherwise before, or a wrong level
    """
    row = kernel.docket(number, actor=actor)
    _check(row, actor, level, tags, text)
    if row.kind in _BY_THEIR_OWN_MOVE:
        rate = _BY_THEIR_OWN_MOVE[row.kind]
        return rate(row, level=level, text=text, channel=channel, actor=actor, at=at)
    with kernel.writing():
        kernel.lock_dockets([row.id])  # of two clicks the second sees what the first wrote
        found = Evaluation.objects.filter(docket=row.id).first()
        if found is not None:
            if found.level == level and found.text == text.strip() and found.tags == list(tags):
                return found
            raise EvaluationRefused(
                "evaluated",
                _("这次办事您已经评价过了，一次办事只评一次。"),
                possible=_("还有要说的，请打12345。"),
            )
        made = Evaluation(
            docket=row.id, number=row.number, unit=row.unit, region=row.region, subject=row.subject,
            level=level, tags=list(tags), text=text.strip(), at=at, by=row.applicant, channel=channel,
        )  # fmt: skip
        if level >= BAD_FROM:
            made.mending = _open_mending(row, actor=actor, at=at, level=level)
        made.save()
        ledger.note(made, act="evaluate", actor=actor, at=at)
    return made


def _check(row: kernel.DocketRow, actor: kernel.Actor, level: int, tags: Sequence[str], text: str) -> None:
    if row.kind not in EVALUATED_KINDS:
        raise EvaluationRefused("kind", _("这个编号不是一次申请，不能评价。"))
    if not actor.is_system and not may_evaluate(row, actor):
        raise EvaluationRefused("not_yours", _("只有申请人自己能评价。"))
    if row.closed_at is None and row.kind not in _BY_THEIR_OWN_MOVE:
        raise EvaluationRefused("open", _("这件事还没有办完，办完后再评价。"), possible=_("现在可以查进度。"))
    if level not in Level.values:
        raise EvaluationRefused("level", _("请选：满意程度"))
    if unknown := set(tags) - set(Tag.values):
        raise EvaluationRefused("tag", _("没有“%s”这个标签。") % "、".join(sorted(unknown)))
    if len(text.strip()) > TEXT_LIMIT:
        raise EvaluationRefused("text", _("想说的话最多%d个字。") % TEXT_LIMIT)


def _open_mending(row: kernel.DocketRow, *, actor: kernel.Actor, at: datetime, level: int) -> int:
    opening = kernel.Opening(
        kind="mending", way="report", title=_("差评整改：%s") % row.title, unit=row.unit,
        applicant=row.applicant, region=row.region, channel=row.channel, subject=row.subject,
        data={"application": row.number, "level": level},
    )  # fmt: skip
    (docket,), _again = kernel.open_dockets([opening], actor=actor, at=at, key=f"mending:{row.id}")
    kernel.link(source=row.id, target=docket.id, kind="causes", at=at)
    return docket.id


# Moves of a mending docket


@MENDING.effect("contact", "propose_exclusion")
def _take(step: Step) -> None:
    if step.actor.is_officer and step.docket.officer != step.actor.id:
        step.assign(officer=step.actor.id)


@MENDING.effect("retract", "count_in")
def _back(step: Step) -> None:
    """Back to where the proposal was made from: contacted already, or not yet."""
    step.goto("opened" if step.clock("contact") else "contacted")


@MENDING.effect("exclude")
def _exclude(step: Step) -> None:
    if step.actor.id == step.docket.officer:
        raise step.refuse(
            _("申请不计入的人不能自己复核。"), possible=_("请由另一位回访人员复核。"), code="same_person"
        )
    found = Evaluation.objects.filter(mending=step.docket.id).first()
    if found is not None and not found.excluded:
        found.excluded = True
        found.save(update_fields=["excluded"])
        ledger.note(found, act="exclude", actor=step.actor, at=step.at)


@MENDING.effect("reply")
def _reply(step: Step) -> None:
    _tell(step, step.data.text)  # type: ignore[attr-defined]  # the input of `reply`


@MENDING.effect("close_mended", "close_explained")
def _close(step: Step) -> None:
    _tell(step, step.data.result)  # type: ignore[attr-defined]  # the input of both


def _tell(step: Step, result: str) -> None:
    """The applicant reads it in the inbox (the message itself is sent with the move or not at all)."""
    messages.send(
        to=step.docket.applicant, template="review.called-back", at=step.at, docket=step.docket.number,
        key=f"{step.docket.number}#{step.docket.revision + 1}",
        context={
            "title": step.docket.title, "unit": actors.unit_name(unit_id=step.docket.unit), "result": result,
        },
    )  # fmt: skip
