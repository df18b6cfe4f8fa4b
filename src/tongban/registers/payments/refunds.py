"""Giving back 退付: asked for with a reason, approved by another, sent once, asked after when nothing was heard.

What was paid into the treasury is given back only on grounds and by approval (预算法 第五十六条 and the rules of the
treasury on 退库); never more than came in.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step
from tongban.registers.payments import access, receipts, rules, selectors
from tongban.registers.payments.contracts import (
    Answer,
    FeeInfo,
    Outcome,
    PaymentsError,
    ProviderDownError,
    RefundInfo,
    Send,
)
from tongban.registers.payments.flow import GIVE_BACK, REFUND
from tongban.registers.payments.models import Order, Refund, Taking
from tongban.registers.payments.providers import provider

log = logging.getLogger(__name__)
LONGEST = 500
ASK_AFTER = timedelta(minutes=2)
BATCH = 50
_CLOSED_WITHOUT = ("declined", "withdrawn")


@kernel.writing()
def ask_refund(
    *, number: str, amount_fen: int | None, reason: str, actor: kernel.Actor, at: datetime, key: str = ""
) -> RefundInfo:
    """Ask that a paid fee, or a part of it, be given back; another decides.

    :param amount_fen: None for all that is left
    :param key: idempotency key
    :raises UnknownError: no such order
    :raises PaymentsError: nothing was paid, more than is left, or no reason
    """
    fee = selectors.fee(number)
    kernel.lock_dockets([fee.docket])
    earlier = Refund.objects.filter(key=key).first() if key else None
    if earlier is not None:
        return _same(earlier, fee, amount_fen)
    fee = selectors.fee(number)
    amount = fee.open_fen if amount_fen is None else amount_fen
    if fee.state != "paid" or not fee.open_fen:
        raise PaymentsError(
            _("这张缴费单没有可以退的钱。"), possible=_("已经提出的退费在下面。"), code="nothing"
        )
    if not rules.is_amount(amount) or amount > fee.open_fen:
        raise PaymentsError(
            _("退费金额要大于0，最多%s。") % rules.amount_words(fee.open_fen)["zh"], code="amount"
        )
    taking = Taking.objects.get(order__number=fee.number, booked=True)
    return _open(taking, amount=amount, reason=reason, actor=actor, at=at, key=key)


def _same(earlier: Refund, fee: FeeInfo, amount_fen: int | None) -> RefundInfo:
    found = selectors.refund_of(earlier)
    if found.fee != fee.number or (amount_fen is not None and amount_fen != found.amount_fen):
        raise PaymentsError(_("这个键已用于另一笔退费。"), possible=_("换一个新键再提。"), code="key_reused")
    return found


def _open(
    taking: Taking, *, amount: int, reason: str, actor: kernel.Actor, at: datetime, key: str = ""
) -> RefundInfo:
    words = reason.strip()
    if not 2 <= len(words) <= LONGEST:
        raise PaymentsError(_("请写退费的理由，2到%d个字。") % LONGEST, code="reason")
    order = taking.order
    region, unit = (order.region, order.unit) if order else _stray()
    opening = kernel.Opening(
        kind=REFUND, way="ask", title=_("退费：%s") % (order.what if order else taking.reference),
        unit=access.treasury(region, otherwise=unit), region=region, channel="system",
        applicant=order.payer if order else "",
        data={"amount_fen": amount, "fee": order.number if order else "", "transaction": taking.transaction},
        personal={"reason": words},
    )  # fmt: skip
    (docket,), _again = kernel.open_dockets([opening], actor=actor, at=at)
    row = Refund.objects.create(
        docket=docket.id, number=docket.number, taking=taking, amount_fen=amount, reason=words, asked_by=actor.id,
        reference=f"{docket.number.replace('-', '')}-1", provider=taking.provider,
        key=key or None,
    )  # fmt: skip
    return selectors.refund_of(row)


def _stray() -> tuple[str, str]:
    return settings.ROOT_REGION, f"{settings.ROOT_REGION[:6]}-{settings.PAYMENTS_DEPARTMENT}"


def return_taking(taking: Taking, *, reason: str, actor: kernel.Actor, at: datetime) -> RefundInfo:
    """Ask that money be given back that settled no order; another decides. In the caller's transaction.

    :raises PaymentsError: it is given back already, or being given back
    """
    asked = Refund.objects.filter(taking=taking).exclude(number__in=_refused(taking))
    if taking.booked or taking.back_fen + (asked.aggregate(sum=Sum("amount_fen"))["sum"] or 0) > 0:
        raise PaymentsError(_("这笔钱已经入账，或者已经在退。"), code="nothing")
    return _open(taking, amount=taking.amount_fen, reason=reason, actor=actor, at=at)


def _refused(taking: Taking) -> list[str]:
    """Numbers of the refunds of a taking that were not granted."""
    found = Refund.objects.filter(taking=taking)
    states = selectors.states_of([one.docket for one in found])
    return [one.number for one in found if states[one.docket] in _CLOSED_WITHOUT]


# Moves ------------------------------------------------------------------------------------------


@GIVE_BACK.effect("approve")
def _approve(step: Step) -> None:
    Refund.objects.filter(docket=step.docket.id).update(waits=True, sent_at=None)


@GIVE_BACK.effect("retry")
def _retry(step: Step) -> None:
    # The last attempt is known to have failed: only now may another one carry a name of its own.
    row = Refund.objects.get(docket=step.docket.id)
    row.attempt += 1
    row.reference = f"{row.reference.rpartition('-')[0]}-{row.attempt}"
    row.waits, row.sent_at = True, None
    row.save(update_fields=["attempt", "reference", "waits", "sent_at"])
    step.note(reference=row.reference)


@GIVE_BACK.effect("fail")
def _fail(step: Step) -> None:
    Refund.objects.filter(docket=step.docket.id).update(waits=False)


@GIVE_BACK.effect("done", "by_hand")
def _done(step: Step) -> None:
    row = Refund.objects.select_related("taking__order").get(docket=step.docket.id)
    by_hand = step.move.name == "by_hand"
    row.waits, row.done_on = False, actors.day_of(step.at)
    row.transaction = "" if by_hand else step.data.transaction  # type: ignore[attr-defined]  # the input of `done`
    if by_hand:
        row.provider = ""  # no statement will name it
    row.save(update_fields=["waits", "done_on", "transaction", "provider"])
    Taking.objects.filter(pk=row.taking_id).update(back_fen=F("back_fen") + row.amount_fen)
    order = row.taking.order
    step.note(amount_fen=row.amount_fen)
    if order is None or not row.taking.booked:
        return
    Order.objects.filter(pk=order.pk).update(refunded_fen=F("refunded_fen") + row.amount_fen)
    made = receipts.issue(order, amount_fen=-row.amount_fen, at=step.at, refund=row)
    step.note(receipt=f"{made.code}-{made.number}")


# At the provider --------------------------------------------------------------------------------


def send_due(*, at: datetime, limit: int = BATCH) -> int:
    """Hand approved refunds to the provider; gives how many were answered.

    The instant of sending is noted and committed before the provider hears of it. Whoever finds it noted and no
    answer asks what became of the reference first, and hands it over again, under the same reference, only when the
    provider never heard of it.
    """
    rows = Refund.objects.filter(Q(sent_at=None) | Q(sent_at__lte=at - ASK_AFTER), waits=True)
    done = 0
    for row in list(rows.select_related("taking__order").order_by("pk")[:limit]):
        claimed, earlier = _claim(row, at=at)
        if not claimed:
            continue
        try:
            answer = provider().fate(row.reference, at=at) if earlier else Answer(Outcome.UNHEARD)
            if answer.outcome is Outcome.UNHEARD:
                answer = provider().give_back(_send_of(row), at=at)
        except ProviderDownError:
            break
        done += _note(row, answer, at=at)
    return done


@kernel.writing()
def _claim(row: Refund, *, at: datetime) -> tuple[bool, bool]:
    """Whether this worker may go on with it, and whether somebody may have sent it before."""
    found = Refund.objects.filter(pk=row.pk, waits=True, sent_at=row.sent_at, reference=row.reference)
    return bool(found.update(sent_at=at)), row.sent_at is not None


def _send_of(row: Refund) -> Send:
    order = row.taking.order
    words = f"退费 {order.number}" if order else "退费"
    return Send(row.reference, row.amount_fen, words, transaction=row.taking.transaction)


def _note(row: Refund, answer: Answer, *, at: datetime) -> bool:
    if answer.outcome is Outcome.PENDING or answer.outcome is Outcome.UNHEARD:
        return False
    good = answer.outcome is Outcome.PAID
    move = "done" if good else "fail"
    data = {"transaction": answer.transaction} if good else {"reason": answer.reason[:200]}
    try:
        kernel.perform(row.docket, move, actor=kernel.SYSTEM, at=at, data=data)
    except kernel.MoveRefused as refused:
        if refused.code != "not_open":  # another worker noted it first
            raise
        return False
    return True
