"""A provider's statement of a day against our own notes; every difference becomes work, settled by people.

First whatever is merely unheard is asked after, so that only real differences remain. A day may be compared again: what
was found before is not opened twice.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.kernel import api as kernel
from tongban.kernel.flow.step import Step
from tongban.registers.payments import collecting, differing, paying_out, refunds, rules
from tongban.registers.payments.contracts import (
    Gap,
    ItemState,
    Line,
    PaymentsError,
    ProviderDownError,
    Way,
)
from tongban.registers.payments.flow import APART
from tongban.registers.payments.models import Difference, Item, Order, Reconciliation, Refund, Taking
from tongban.registers.payments.providers import provider


def reconcile(*, day: date, at: datetime) -> Reconciliation:
    """Compare the provider's statement of a day with what is noted here.

    :raises PaymentsError: the provider is away; nothing was compared
    """
    collecting.ask_open(at=at)
    refunds.send_due(at=at)
    paying_out.ask_unanswered(at=at)
    name = provider().name
    try:
        lines = provider().statement(day, at=at)
    except ProviderDownError as error:
        raise PaymentsError(
            _("支付平台的对账单现在取不到。"), possible=_("稍后会自动再对。"), code="down"
        ) from error
    found = list(rules.compared(_ours(name, day), lines))
    with kernel.writing():
        for apart in found:
            differing.find(apart, provider=name, day=day, at=at, taking=_taking(name, apart))
        row, _new = Reconciliation.objects.update_or_create(
            provider=name, day=day,
            defaults={
                "at": at, "lines": len(lines), "gaps": len(found),
                "amount_fen": sum(one.amount_fen if one.way is Way.IN else -one.amount_fen for one in lines),
            },
        )  # fmt: skip
    return row


def reconcile_yesterday(*, at: datetime) -> None:
    """The days of the last week that are not compared yet, oldest first."""
    today = actors.day_of(at)
    name = provider().name
    done = set(
        Reconciliation.objects.filter(provider=name, day__gte=today - timedelta(days=7)).values_list(
            "day", flat=True
        )
    )
    for back in range(7, 0, -1):
        day = today - timedelta(days=back)
        if day not in done:
            reconcile(day=day, at=at)


def _ours(name: str, day: date) -> list[Line]:
    taken = Taking.objects.filter(provider=name, day=day)
    back = Refund.objects.filter(provider=name, done_on=day)
    out = Item.objects.filter(provider=name, day=day, state=ItemState.PAID)
    return [
        *(Line(Way.IN, one.transaction, one.reference, one.amount_fen) for one in taken),
        *(Line(Way.BACK, one.transaction, one.reference, one.amount_fen) for one in back),
        *(Line(Way.OUT, one.transaction, one.reference, one.amount_fen) for one in out.iterator()),
    ]


def _taking(name: str, apart: rules.Apart) -> Taking | None:
    """Money that came in is noted with its difference, so that it can be booked or given back."""
    if apart.way is not Way.IN:
        return None
    return Taking.objects.filter(provider=name, transaction=apart.transaction).first()


def taking_behind(gap: Difference, *, at: datetime) -> Taking:
    """The money of a difference: noted now when only the statement told of it. In the caller's transaction."""
    if gap.taking is not None:
        return gap.taking
    order = Order.objects.filter(reference=gap.reference).first()
    made, _new = Taking.objects.get_or_create(
        provider=gap.provider, transaction=gap.transaction,
        defaults={
            "reference": gap.reference, "order": order, "amount_fen": gap.theirs_fen or 0, "paid_at": at,
            "day": gap.day, "received_at": at,
        },
    )  # fmt: skip
    return made


# Moves of a difference ----------------------------------------------------------------------------


def _behind(step: Step) -> Difference:
    found = Difference.objects.select_related("taking", "taking__order").get(docket=step.docket.id)
    if found.way != Way.IN.value or found.theirs_fen is None:
        raise step.refuse(
            _("这里没有收到的钱可以入账或退回。"),
            possible=_("核对清楚后，由财务复核说明并销差。"),
            code="gap",
        )
    return found


@APART.effect("book")
def _book(step: Step) -> None:
    gap = _behind(step)
    order = Order.objects.filter(reference=gap.reference).first()
    state = kernel.docket_by_id(order.docket, actor=kernel.SYSTEM).state if order else ""
    if order is None or state != "due" or gap.theirs_fen != order.amount_fen:
        raise step.refuse(
            _("只有还没缴、金额相同的缴费单才能入账。"),
            possible=_("可以退给缴费人，或说明并销差。"),
            code="gap",
        )
    taking = taking_behind(gap, at=step.at)
    step.note(fee=order.number, transaction=gap.transaction)
    step.then(order.docket, "pay", actor=kernel.SYSTEM, taking=taking.pk)


@APART.effect("give_back")
def _give_back(step: Step) -> None:
    gap = _behind(step)
    taking = taking_behind(gap, at=step.at)
    reason = _("对账差异%(number)s：%(gap)s") % {"number": gap.number, "gap": Gap(gap.gap).label}
    try:
        made = refunds.return_taking(taking, reason=reason, actor=step.actor, at=step.at)
    except PaymentsError as error:
        raise step.refuse(error.reason, possible=error.possible, code="taking") from error
    step.note(refund=made.number, transaction=gap.transaction)
