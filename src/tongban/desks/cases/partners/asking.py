"""Asking the place that received an application for a clarification or an opinion, and what comes of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.cases.partners import packing, register, sending
from tongban.desks.cases.partners.checking import News
from tongban.desks.cases.partners.contracts import (
    InquiryRefused,
    LetterRefused,
    Mode,
    Purpose,
    Told,
)
from tongban.desks.cases.partners.flow_asking import INQUIRY, USUAL_DAYS, WAITING, asker
from tongban.desks.cases.partners.models import Incoming, Inquiry
from tongban.kernel import api as kernel
from tongban.kernel.calendar.selectors import calendar_for
from tongban.kernel.flow.declaration import working_days
from tongban.kernel.flow.step import Step

__all__ = ["MOST_DAYS", "USUAL_DAYS", "answered", "ask", "may_ask", "moot"]

MOST_DAYS, LONGEST, LONGEST_WHY = 15, 1000, 500
UNHANDLED = ("waiting", "missing")
"""States of a case in which nothing is asked: it has not begun, or the whole package comes anew."""


def may_ask(case: kernel.DocketRow, actor: kernel.Actor) -> bool:
    """Whether the page of a case offers it: handled jointly with a partner, by the actor's unit, not decided."""
    if case.kind != "case" or case.closed_at or case.state in UNHANDLED or asker(actor, case) is None:
        return False
    return Incoming.objects.filter(application_id=case.parent or 0, mode=Mode.JOINT).exists()


def ask(
    *, case: kernel.DocketRow, purpose: str, question: str, reason: str, days: int | None, actor: kernel.Actor,
    at: datetime, key: str = "",
) -> str:  # fmt: skip
    """Ask the receiving place; the signed letter goes out through the queue.

    :param case: a case that the actor sees
    :param days: working days of this place's calendar within which the answer is wanted, 1 to `MOST_DAYS`
    :returns: number of the inquiry
    :raises InquiryRefused: not handled jointly, not open, asked already, or something is not filled in; nothing is kept
    """
    question, reason = question.strip(), reason.strip()
    row = _joint(case, actor)
    limit = _filled(purpose, question, reason, days)
    until = calendar_for(case.region).workday_after(actors.day_of(at), limit)
    opening = kernel.Opening(
        kind="inquiry", way="ask", title=_("协查：%s") % case.title, unit=case.unit, officer=actor.id,
        applicant=case.applicant, region=case.region, channel="partner", subject=case.subject,
        data={
            "case": case.number, "decided_in": case.region, "asked_in": row.partner_id, "purpose": purpose,
            "days": limit,
        },
        derived={"answer_by": until.isoformat()},
        personal={"said": question, "reason": reason}, spans={"reply": working_days(limit)},
    )  # fmt: skip
    with kernel.writing():
        (made,), replayed = kernel.open_dockets([opening], actor=actor, at=at, key=key)
        if replayed:
            return made.number
        Incoming.objects.select_for_update().get(pk=row.pk)  # two who ask at once: the second sees the first
        if Inquiry.objects.filter(incoming=row, docket__state__in=WAITING).exists():
            raise InquiryRefused(
                _("上一份协查函对方还没有答复。"), possible=_("请等答复，或先撤回上一份再问。")
            )
        own = Inquiry.objects.create(
            docket_id=made.id, case_id=case.id, incoming=row, partner_id=row.partner_id,
            letter=f"{made.number}.{Told.ASKS.value}", purpose=purpose, question=question,
            reason=reason, asked_at=at, answer_by=until,
        )  # fmt: skip
        _queue(own, row, unit=case.unit, at=at)
    return made.number


def _joint(case: kernel.DocketRow, actor: kernel.Actor) -> Incoming:
    row = Incoming.objects.filter(application_id=case.parent or 0).first() if case.kind == "case" else None
    if row is None:
        raise InquiryRefused(_("这件不是外地代收的，没有收件地可以请。"))
    if row.mode != Mode.JOINT:
        raise InquiryRefused(
            _("这件是“%s”，协议只约定多地联办的可以请对方协助。") % row.get_mode_display(),
            possible=_("缺材料的请用“提出缺件”，会转给收件窗口；别的请打对方电话。"),
        )
    if asker(actor, case) is None:
        raise InquiryRefused(_("只有承办单位的承办人或负责人可以请对方协助。"))
    if case.closed_at is not None or case.state in UNHANDLED:
        raise InquiryRefused(
            _("这件现在不能请对方协助：已经办结，还没有开始，或正在等补正。"),
            possible=_("补正以后可以再请。"),
        )
    if register.partner(row.partner_id) is None:
        raise InquiryRefused(_("与收件地的跨域通办协议已经终止。"), possible=_("请打对方电话，或发公函。"))
    return row


def _filled(purpose: str, question: str, reason: str, days: int | None) -> int:
    wrong: dict[str, str] = {}
    if purpose not in Purpose.values:
        wrong["purpose"] = _("请选是核实情况，还是征求意见。")
    if not 2 <= len(question) <= LONGEST:
        wrong["question"] = _("请写明请对方做什么，2到%d个字。") % LONGEST
    if not 2 <= len(reason) <= LONGEST_WHY:
        wrong["reason"] = _("请写明为什么要问，2到%d个字。") % LONGEST_WHY
    if days is None or not 1 <= days <= MOST_DAYS:
        wrong["days"] = _("请填1到%d个工作日。") % MOST_DAYS
    if wrong:
        raise InquiryRefused(_("还有%d处要补。") % len(wrong), fields=wrong)
    assert days is not None
    return days


def _queue(own: Inquiry, row: Incoming, *, unit: str, at: datetime) -> None:
    number = kernel.docket_by_id(row.pk, actor=kernel.SYSTEM).number
    payload = packing.news(
        letter=own.letter, package=row.package, told=Told.ASKS.value, home=packing.home_of(unit), number=number, at=at,
        said=own.question, purpose=own.purpose, reason=own.reason, answer_by=own.answer_by.isoformat(),
    )  # fmt: skip
    sending.queue_question(payload, partner=own.partner_id, docket=own.docket_id, at=at)


def answered(row: Incoming, given: News, *, at: datetime) -> int:
    """The partner's answer; gives the inquiry's docket. One that names no question answers the one that is open.

    :raises LetterRefused: no such question
    :raises MoveRefused: it is answered, withdrawn or no longer needed
    """
    asked = Inquiry.objects.filter(incoming=row)
    found = asked.filter(letter=given.answers) if given.answers else asked.filter(docket__state__in=WAITING)
    own = found.first()
    if own is None:
        raise LetterRefused(
            404, "unknown_question", _("没有编号为%s的协查函。") % (given.answers or "—"),
            possible=_("请核对编号。"),
        )  # fmt: skip
    if not given.said.strip():
        raise LetterRefused(422, "unreadable", _("答复是空的。"), possible=_("请在said里写明答复。"))
    data = {"letter": given.id, "unit": given.sender.unit, "said": given.said, "files": len(given.files)}
    kernel.perform(own.docket_id, "answer", actor=kernel.SYSTEM, at=at, data=data)
    own.answer, own.answered_by, own.answered_at = given.said.strip(), given.sender.unit, at
    own.save(update_fields=["answer", "answered_by", "answered_at"])
    return own.docket_id


def moot(*, at: datetime, case: int = 0, application: int = 0) -> int:
    """End what is still asked about a case that is decided, or an application whose package comes anew."""
    rows = Inquiry.objects.filter(docket__closed_at=None)
    rows = rows.filter(incoming_id=application) if application else rows.filter(case_id=case)
    reason = _("等补正后的新数据包") if application else _("这件已经办结")
    ended = 0
    for docket in rows.values_list("docket_id", flat=True):
        try:
            kernel.perform(docket, "make_moot", actor=kernel.SYSTEM, at=at, data={"reason": reason})
        except kernel.MoveRefused:  # somebody ended it at this moment
            continue
        ended += 1
    return ended


# What moves do --------------------------------------------------------------------------------


@INQUIRY.effect("deliver")
def _delivered(step: Step) -> None:
    if step.before == "overdue":  # it waited longer than the partner was given
        step.goto("overdue")


@INQUIRY.effect("bounce")
def _bounced(step: Step) -> None:
    reason = step.data.model_dump()["reason"]
    Inquiry.objects.filter(docket_id=step.docket.id).update(refused=reason[:500])


@INQUIRY.effect("recall")
def _recalled(step: Step) -> None:
    """What was not sent stays here; what was sent is recalled with the partner."""
    dropped = sending.drop(step.docket.id)
    if dropped or step.before == "bounced":
        return
    own = Inquiry.objects.select_related("incoming").get(docket_id=step.docket.id)
    payload = packing.news(
        letter=f"{own.letter}.{Told.RECALLED.value}", package=own.incoming.package, told=Told.RECALLED.value,
        home=packing.home_of(step.docket.unit), number=step.docket.number, at=step.at,
        said=step.data.model_dump()["reason"], answers=own.letter,
    )  # fmt: skip
    sending.queue_news(
        payload, partner=own.partner_id, docket=step.docket.id, at=step.at + timedelta(seconds=1)
    )


@INQUIRY.effect("make_moot")
def _over(step: Step) -> None:
    sending.drop(step.docket.id)
