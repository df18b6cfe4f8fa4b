"""Fees: asked for, paid at the provider, booked once. An unknown outcome is asked after, never assumed."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.flow.declaration import natural_days
from tongban.kernel.flow.step import Step
from tongban.registers.messages import api as messages
from tongban.registers.payments import differing, receipts, rules, selectors
from tongban.registers.payments.contracts import (
    Collect,
    FeeInfo,
    Gap,
    NewFee,
    Notice,
    PaymentsError,
    ProviderDownError,
    UnknownError,
)
from tongban.registers.payments.flow import FEE, ORDER
from tongban.registers.payments.models import Order, Taking
from tongban.registers.payments.providers import provider

log = logging.getLogger(__name__)
ASK_AGAIN = timedelta(minutes=2)
GIVE_UP = timedelta(days=2)
LONGEST_DAYS = 365
BATCH = 100


@kernel.writing()
def ask_fee(fee: NewFee, *, actor: kernel.Actor, at: datetime) -> FeeInfo:
    """Open an order for a fee; the same key with the same content gives the same order.

    :raises PaymentsError: an amount that cannot be, or the key was used for something else
    """
    known = Order.objects.filter(key=fee.key).first()
    if known is not None:
        return _same(known, fee)
    if not rules.is_amount(fee.amount_fen):
        raise PaymentsError(_("金额要是大于0的整数分。"), code="amount")
    if not 1 <= fee.days <= LONGEST_DAYS or not fee.key or not fee.what:
        raise PaymentsError(_("缴费单要有键、项目，期限1到365天。"), code="incomplete")
    opening = kernel.Opening(
        kind=FEE, way="ask", title=_("缴费：%s") % fee.what, unit=fee.unit, region=fee.region, applicant=fee.payer,
        channel="system", subject=fee.subject, spans={"pay": natural_days(fee.days)},
        data={"amount_fen": fee.amount_fen, "basis": fee.basis, "about": fee.about, "key": fee.key},
    )  # fmt: skip
    (docket,), _again = kernel.open_dockets([opening], actor=actor, at=at)
    order = Order.objects.create(
        docket=docket.id, number=docket.number, key=fee.key, payer=fee.payer, unit=fee.unit, region=fee.region,
        what=fee.what, what_en=fee.what_en, basis=fee.basis, about=fee.about, amount_fen=fee.amount_fen,
        reference=docket.number.replace("-", ""), asked_at=at,
    )  # fmt: skip
    messages.send(
        to=fee.payer, template="payment.asked", docket=docket.number, at=at, key=f"fee:{docket.number}",
        context={
            "what": {"zh": fee.what, "en": fee.what_en or fee.what}, "number": docket.number,
            "amount": rules.amount_words(fee.amount_fen), "due": docket.due_at or at, "unit": _unit(fee.unit),
        },
    )  # fmt: skip
    return selectors.fee_of(order)


def _unit(unit: str) -> dict[str, str]:
    name = actors.unit_name(unit_id=unit)
    return {"zh": name, "en": actors.english_unit_name(name)}


def _same(order: Order, fee: NewFee) -> FeeInfo:
    if (order.payer, order.amount_fen, order.what) != (fee.payer, fee.amount_fen, fee.what):
        raise PaymentsError(
            _("这个键已经开过另一张缴费单。"), possible=_("换一个新键再开。"), code="key_reused"
        )
    return selectors.fee_of(order)


def checkout(*, number: str, party: str, at: datetime) -> str:
    """Address of the provider's page on which this order is paid.

    :raises UnknownError: no such order of this party
    :raises PaymentsError: it is not open, or the provider is away
    """
    fee = selectors.fee(number, party=party)
    order = Order.objects.get(number=fee.number)
    if fee.state != "due":
        raise PaymentsError(_("这张缴费单%s，不能再缴。") % selectors.state_words(fee), code="closed")
    back = f"{settings.SITE_ADDRESS}/my/payments/{order.number}"
    with (
        kernel.writing()
    ):  # before the provider hears of it: whatever happens then, its outcome is asked after
        Order.objects.filter(pk=order.pk).update(sought_at=at)
    try:
        return provider().checkout(Collect(order.reference, order.amount_fen, order.what, back), at=at)
    except ProviderDownError as error:
        raise PaymentsError(
            _("支付平台现在连不上，没有扣您的钱。"),
            possible=_("请过一会儿再点，缴费期内都可以；也可以到窗口缴。"),
            code="down",
        ) from error


@kernel.writing()
def take_in(notice: Notice, *, at: datetime) -> bool:
    """Note money that came in; it settles its order once, and whatever fits no open order becomes work.

    :return: whether it was new
    :raises PaymentsError: the transaction is known with another amount or order; the first stays
    """
    order = Order.objects.filter(reference=notice.reference).first()
    if order is not None:
        kernel.lock_dockets([order.docket])  # two notifications of one order take turns
    made, new = Taking.objects.get_or_create(
        provider=provider().name,
        transaction=notice.transaction,
        defaults={
            "reference": notice.reference, "order": order, "amount_fen": notice.amount_fen, "paid_at": notice.paid_at,
            "day": actors.day_of(notice.paid_at), "received_at": at,
        },
    )  # fmt: skip
    if not new:
        if (made.reference, made.amount_fen) != (notice.reference, notice.amount_fen):
            raise PaymentsError(_("这笔流水已经记过，金额或单号不一样。"), code="changed")
        return False
    if order is None:
        differing.open_one(made, Gap.STRAY, ours=None, at=at)
        return True
    _settle(order, made, at=at)
    return True


def _settle(order: Order, taking: Taking, *, at: datetime) -> None:
    state = kernel.docket_by_id(order.docket, actor=kernel.SYSTEM).state
    if state == "due" and taking.amount_fen == order.amount_fen:
        kernel.perform(order.docket, "pay", actor=kernel.SYSTEM, at=at, data={"taking": taking.pk})
        return
    gap = Gap.AMOUNT if state == "due" else Gap.TWICE if state == "paid" else Gap.LATE
    differing.open_one(taking, gap, ours=order.amount_fen, at=at)
    Order.objects.filter(pk=order.pk).update(sought_at=None)


@ORDER.effect("pay")
def _pay(step: Step) -> None:
    order = Order.objects.get(docket=step.docket.id)
    taking = Taking.objects.get(pk=step.data.taking)  # type: ignore[attr-defined]  # the input of `pay`
    if taking.booked or taking.back_fen or taking.amount_fen != order.amount_fen:
        raise step.refuse(_("这笔钱已经入账或退回，或金额和缴费单不一样。"), code="taking")
    Taking.objects.filter(pk=taking.pk).update(booked=True, order=order)
    Order.objects.filter(pk=order.pk).update(paid_at=taking.paid_at, sought_at=None)
    made = receipts.issue(order, amount_fen=order.amount_fen, at=step.at)
    step.note(
        transaction=taking.transaction, amount_fen=order.amount_fen, receipt=f"{made.code}-{made.number}"
    )


def ask_open(*, at: datetime, limit: int = BATCH) -> int:
    """Ask the provider after orders whose payer was sent there and of which nothing was heard; gives how many were paid.

    The notification may be lost or late, and the page closed: what the provider says counts.
    """
    found = Order.objects.filter(sought_at__lte=at - ASK_AGAIN, sought_at__gt=at - GIVE_UP)
    paid = 0
    for order in list(found.order_by("sought_at")[:limit]):
        try:
            notices = provider().asked(order.reference, at=at)
        except ProviderDownError:
            break
        paid += sum(take_in(one, at=at) for one in notices)
        if notices:
            with kernel.writing():
                Order.objects.filter(pk=order.pk).update(sought_at=None)
    return paid


def cancel(*, number: str, actor: kernel.Actor, reason: str, at: datetime) -> bool:
    """Cancel an order that is still open; False when it is closed already.

    :raises UnknownError: no such order
    """
    order = Order.objects.filter(number=number).first()
    if order is None:
        raise UnknownError(_("没有这张缴费单。"))
    try:
        kernel.perform(order.docket, "cancel", actor=actor, at=at, data={"reason": reason})
    except kernel.MoveRefused as refused:
        if refused.code != "not_open":
            raise
        return False
    return True
