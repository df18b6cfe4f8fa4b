"""What the moves of a run do: publish, hear objections, conclude, hold lines back and let them go on, withdraw."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.policies.claims import dues, selectors, sources
from tongban.desks.policies.claims.contracts import (
    ENDED,
    ClaimsError,
    DueState,
    ObjectionInfo,
    ObjectionState,
    UnknownError,
)
from tongban.desks.policies.claims.flow import BENEFIT_FLOW
from tongban.desks.policies.claims.models import Due, Objection, Run
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step
from tongban.kernel.privacy import normalise

REMIND = timedelta(days=20)
MOST_TEXT = 1000


def run_of(step: Step) -> Run:
    """The run of a move; its docket is locked."""
    return Run.objects.get(docket=step.docket.id)


def line_of(step: Step, *states: DueState) -> Due:
    """The due that a move names by its place, locked. :raises MoveRefused: no such line, or not in these states"""
    place = step.data.place  # type: ignore[attr-defined]  # the input of the move
    found = Due.objects.filter(run__docket=step.docket.id, place=place).values_list("pk", flat=True).first()
    if found is None:
        raise step.refuse(_("名单没有第%d位。") % place, code="place")
    one = dues.locked(pk=found)
    if one.state not in states:
        raise step.refuse(
            _("第%(place)d位现在是“%(state)s”，不能这样做。")
            % {"place": place, "state": DueState(one.state).label},
            possible=_("能做的是：%s。") % "、".join(str(state.label) for state in states),
            code="state",
        )
    return one


@BENEFIT_FLOW.effect("publish")
def _publish(step: Step) -> None:
    run = run_of(step)
    if sources.measure(run.measure, on=actors.day_of(step.at)) is None:
        raise step.refuse(_("这项措施已经停止。"), possible=_("可以撤销这个批次。"), code="stopped")
    Run.objects.filter(pk=run.pk).update(published_at=step.at)
    step.note(listed=run.dues.count(), digest=run.digest)


@BENEFIT_FLOW.effect("conclude")
def _conclude(step: Step) -> None:
    """The days are over: who was not objected to waits for a tap; who has ended meanwhile is examined."""
    run = run_of(step)
    for one in _ended(run, step.at):
        dues.change(
            one, DueState.HELD, act="hold", actor=kernel.SYSTEM, at=step.at, words=_("登记显示已注销或合并。")
        )
    waiting = dues.change_all(run, DueState.LISTED, DueState.WAITING, at=step.at, tell_at=step.at)
    step.note(waiting=waiting, held=run.dues.filter(state=DueState.HELD).count())


def _ended(run: Run, at: datetime) -> list[Due]:
    listed = list(run.dues.filter(state=DueState.LISTED).values_list("pk", "party"))
    gone = [pk for pk, party in listed if sources.ended(party, at=at)]
    return [dues.locked(pk=pk) for pk in gone]


@BENEFIT_FLOW.effect("withdraw")
def _withdraw(step: Step) -> None:
    """Before the days are over nothing was granted: nobody on the list gets it by this list."""
    run, reason = run_of(step), step.data.reason  # type: ignore[attr-defined]  # the input of `withdraw`
    tell = step.at if run.published_at else None
    left = dues.change_all(run, DueState.LISTED, DueState.LEFT, at=step.at, words=reason, tell_at=tell)
    left += dues.change_all(run, DueState.HELD, DueState.LEFT, at=step.at, words=reason, tell_at=tell)
    Objection.objects.filter(run=run, state=ObjectionState.OPEN).update(
        state=ObjectionState.DISMISSED, answer=reason[:500], answered_at=step.at
    )
    step.note(left=left)


@BENEFIT_FLOW.effect("exclude")
def _exclude(step: Step) -> None:
    reason = step.data.reason  # type: ignore[attr-defined]  # the input of `exclude`
    one = line_of(step, DueState.LISTED, DueState.HELD, DueState.WAITING, DueState.ASIDE, DueState.CONFIRMED)
    dues.change(
        one, DueState.LEFT, act="exclude", actor=step.actor, at=step.at, words=reason, tell_at=step.at, barred=True,
    )  # fmt: skip
    _answer(one, ObjectionState.UPHELD, reason, step)


@BENEFIT_FLOW.effect("release")
def _release(step: Step) -> None:
    one = line_of(step, DueState.HELD)
    reason = step.data.reason  # type: ignore[attr-defined]  # the input of `release`
    if sources.ended(one.payee, at=step.at):
        raise step.refuse(
            _("登记显示已注销或合并，不能恢复。"),
            possible=_("有承继单位的，由承继单位领取；没有的，不再享受。"), code="ended",
        )  # fmt: skip
    dues.change(one, _stage(one, step), act="release", actor=step.actor, at=step.at, tell_at=step.at)
    _answer(one, ObjectionState.DISMISSED, reason, step)


def _stage(one: Due, step: Step) -> DueState:
    """Where somebody goes on who was held: as far as the others of the list are by now."""
    if one.held_from in (DueState.LISTED, DueState.WAITING, DueState.ASIDE):
        return DueState.LISTED if step.docket.state == "published" else DueState.WAITING
    return DueState.CONFIRMED


@BENEFIT_FLOW.effect("succeed")
def _succeed(step: Step) -> None:
    """Claims of a merged company pass to the one that goes on (公司法 第二百二十一条): it confirms its own account."""
    one = line_of(step, DueState.HELD, DueState.WAITING, DueState.ASIDE)
    heir = actors.find_organisation(normalise(step.data.uscc))  # type: ignore[attr-defined]  # the input of `succeed`
    if heir is None or sources.ended(heir, at=step.at):
        raise step.refuse(_("没有这个统一社会信用代码的在营单位。"), possible=_("请核对代码。"), code="heir")
    if one.state == DueState.HELD:
        dues.change(
            one, DueState.WAITING, act="succeed", actor=step.actor, at=step.at, payee=heir, holder="", account="",
            bank="", told=0, tell_at=step.at,
        )  # fmt: skip
    else:
        Due.objects.filter(pk=one.pk).update(payee=heir, told=0, tell_at=step.at)
    step.note(heir=heir)


def _answer(one: Due, state: ObjectionState, answer: str, step: Step) -> None:
    """Answer what was objected to this line; the clock ends with the last open objection of the list."""
    Objection.objects.filter(due=one, state=ObjectionState.OPEN).update(
        state=state, answer=answer[:500], answered_at=step.at
    )
    if not Objection.objects.filter(run=one.run, state=ObjectionState.OPEN).exists():
        step.stop("examine")


@kernel.writing()
def object_to(*, run: str, place: int, text: str, actor: kernel.Actor, at: datetime) -> ObjectionInfo:
    """Object to a line of a published list; it is examined within five working days, the others go on.

    :raises UnknownError: no such list or line
    :raises ClaimsError: the days are over, nothing was said, or the same person objected already
    """
    said = " ".join(text.split())
    if not 4 <= len(said) <= MOST_TEXT:
        raise ClaimsError(_("请写清楚哪里不对。"), code="text", fields={"text": _("4到%d个字。") % MOST_TEXT})
    found = Due.objects.filter(run__number=run, place=place, run__published_at__isnull=False)
    known = found.select_related("run").first()
    if known is None or known.run is None:
        raise UnknownError(_("名单没有这一位。"), code="unknown")
    kernel.lock_dockets([known.run.docket])
    one = dues.locked(pk=known.pk)
    if known.run.docket not in selectors.still_open([known.run.docket]) or one.state not in (
        DueState.LISTED,
        DueState.HELD,
    ):
        raise ClaimsError(
            _("公示期已过，或者这一位已经退出。"), possible=_("仍有问题可以打12345反映。"), code="over"
        )
    try:
        with transaction.atomic():
            made = Objection.objects.create(run=known.run, due=one, by=actor.id, text=said, at=at)
    except IntegrityError as error:
        raise ClaimsError(_("您已经对这一位提过异议，正在核查。"), code="twice") from error
    if one.state == DueState.LISTED:
        dues.change(
            one, DueState.HELD, act="object", actor=actor, at=at, words=_("公示期间有异议，正在核查。")
        )
    try:
        kernel.perform(
            known.run.docket, "object", actor=kernel.SYSTEM, at=at,
            data={"place": place, "objection": made.pk, "by": actor.id},
        )  # fmt: skip
    except kernel.MoveRefused as refused:
        raise ClaimsError(
            _("公示期已过。"), possible=_("仍有问题可以打12345反映。"), code="over"
        ) from refused
    return selectors.objection_of(made)


def finish_if_done(run: Run, *, at: datetime) -> bool:
    """Close a run once nothing of it is to be done any more; whether it was closed now."""
    if run.dues.exclude(state__in=ENDED).exists():
        return False
    try:
        kernel.perform(run.docket, "finish", actor=kernel.SYSTEM, at=at)
    except kernel.MoveRefused:
        return False  # still confirming, or closed before
    return True


@BENEFIT_FLOW.effect("finish")
def _finish(step: Step) -> None:
    found = selectors.run_of(run_of(step))
    step.note(counts=dict(found.counts), sums=dict(found.sums))


@BENEFIT_FLOW.effect("lapse")
def _lapse(step: Step) -> None:
    """Who has not confirmed is set aside and never lost: the tap works later too."""
    run = run_of(step)
    aside = dues.change_all(run, DueState.WAITING, DueState.ASIDE, at=step.at, tell_at=step.at)
    step.note(aside=aside)
