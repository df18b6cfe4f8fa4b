"""Reading orders, refunds, batches and differences. Whoever asks for one party's gets that party's only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from tongban.kernel import api as kernel
from tongban.kernel.models import Docket
from tongban.registers.payments import rules
from tongban.registers.payments.contracts import (
    BatchInfo,
    FeeInfo,
    GapInfo,
    ItemInfo,
    ItemState,
    RefundInfo,
    UnknownError,
)
from tongban.registers.payments.models import Batch, Difference, Item, Order, Receipt, Refund

MOST = 200


def states_of(dockets: Sequence[int]) -> dict[int, str]:
    """State by docket, in one query."""
    return dict(Docket.objects.filter(pk__in=dockets).values_list("pk", "state"))


def fees_of(party: str, *, most: int = MOST) -> list[FeeInfo]:
    """What a party owes and paid, newest first, in a constant number of queries."""
    return _fees(list(Order.objects.filter(payer=party).order_by("-pk")[:most]))


def fees_about(number: str) -> list[FeeInfo]:
    """The orders that belong to a docket."""
    return _fees(list(Order.objects.filter(about=number).order_by("pk")))


def fee(number: str, *, party: str = "") -> FeeInfo:
    """One order; with `party` only when it is that party's.

    :raises UnknownError: there is none: both say the same
    """
    order = Order.objects.filter(number=number).first()
    if order is None or (party and order.payer != party):
        raise UnknownError(_("没有这张缴费单，或者不是您的。"), code="unknown")
    return fee_of(order)


def fee_of(order: Order) -> FeeInfo:
    """An order as it crosses the door."""
    return _fees([order])[0]


def _fees(orders: list[Order]) -> list[FeeInfo]:
    refunds = list(
        Refund.objects.filter(taking__order__in=orders, taking__booked=True)
        .select_related("taking")
        .order_by("pk")
    )
    keys = [*(one.docket for one in orders), *(one.docket for one in refunds)]
    rows = {
        pk: (state, due)
        for pk, state, due in Docket.objects.filter(pk__in=keys).values_list("pk", "state", "due_at")
    }
    found: dict[int, list[RefundInfo]] = {}
    for row in refunds:
        assert row.taking.order_id is not None  # asked for above
        found.setdefault(row.taking.order_id, []).append(_refund(row, rows[row.docket][0]))
    return [
        FeeInfo(
            docket=one.docket, number=one.number, state=rows[one.docket][0], payer=one.payer, unit=one.unit, what=one.what,
            what_en=one.what_en, basis=one.basis, about=one.about, amount_fen=one.amount_fen,
            refunded_fen=one.refunded_fen, asked_at=one.asked_at, due_at=rows[one.docket][1], paid_at=one.paid_at,
            refunds=tuple(found.get(one.pk, ())),
        )
        for one in orders
    ]  # fmt: skip


def _refund(row: Refund, state: str) -> RefundInfo:
    order = row.taking.order
    return RefundInfo(
        docket=row.docket, number=row.number, state=state, amount_fen=row.amount_fen, reason=row.reason,
        asked_by=row.asked_by, fee=order.number if order else "",
    )  # fmt: skip


def refund_of(row: Refund) -> RefundInfo:
    """A refund as it crosses the door."""
    return _refund(row, states_of([row.docket])[row.docket])


def refund_behind(docket: int) -> RefundInfo | None:
    """The refund of a docket; the caller has made sure that the reader sees the docket."""
    row = Refund.objects.filter(docket=docket).select_related("taking__order").first()
    return refund_of(row) if row else None


def fee_behind(docket: int) -> FeeInfo | None:
    """The order of a docket; likewise."""
    order = Order.objects.filter(docket=docket).first()
    return fee_of(order) if order else None


def gap_behind(docket: int) -> GapInfo | None:
    """The difference of a docket; likewise."""
    row = Difference.objects.filter(docket=docket).first()
    if row is None:
        return None
    order = Order.objects.filter(reference=row.reference).first()
    return GapInfo(
        docket=row.docket, number=row.number, state=states_of([row.docket])[row.docket], gap=row.gap,
        provider=row.provider, reference=row.reference, transaction=row.transaction, ours_fen=row.ours_fen,
        theirs_fen=row.theirs_fen, day=row.day, about=order.number if order else "",
    )  # fmt: skip


def batch_behind(docket: int) -> BatchInfo | None:
    """The batch of a docket; likewise."""
    row = Batch.objects.filter(docket=docket).first()
    return batch_of(row) if row else None


def batch(number: str) -> BatchInfo:
    """:raises UnknownError: there is none"""
    row = Batch.objects.filter(number=number).first()
    if row is None:
        raise UnknownError(_("没有这个发放批次。"), code="unknown")
    return batch_of(row)


def batch_of(row: Batch) -> BatchInfo:
    """A batch as it crosses the door."""
    rows = list(row.items.values("state").annotate(n=Count("pk"), fen=Sum("amount_fen")))
    return BatchInfo(
        docket=row.docket, number=row.number, state=states_of([row.docket])[row.docket], title=row.title,
        source=row.source, budget=row.budget, basis=row.basis, unit=row.unit, count=row.count, amount_fen=row.amount_fen,
        prepared_by=row.prepared_by, checked_by=row.checked_by, approved_by=row.approved_by,
        counts={one["state"]: one["n"] for one in rows}, sums={one["state"]: one["fen"] for one in rows},
    )  # fmt: skip


def items_of(docket: int, *, states: Iterable[str] = (), after: int = 0, most: int = 50) -> list[ItemInfo]:
    """Items of a batch by place, accounts masked; `after` a place."""
    rows = Item.objects.filter(batch__docket=docket, place__gt=after).select_related("batch")
    wanted = list(states)
    if wanted:
        rows = rows.filter(state__in=wanted)
    return [_item(one) for one in rows.order_by("place")[:most]]


def received_by(party: str, *, most: int = MOST) -> list[ItemInfo]:
    """What was or is to be paid to a party, newest first."""
    rows = Item.objects.filter(payee=party, live=True).exclude(state=ItemState.DROPPED)
    return [_item(one) for one in rows.select_related("batch").order_by("-pk")[:most]]


def item(key: str) -> ItemInfo:
    """What became of one entitlement.

    :raises UnknownError: it is in no batch
    """
    row = Item.objects.filter(key=key).exclude(state=ItemState.DROPPED).select_related("batch").first()
    if row is None:
        raise UnknownError(_("这一笔不在任何发放批次里。"), code="unknown")
    return _item(row)


def _item(one: Item) -> ItemInfo:
    return ItemInfo(
        place=one.place, key=one.key, payee=one.payee, holder=one.holder, account=rules.mask_account(one.account),
        bank=one.bank, amount_fen=one.amount_fen, state=one.state, reason=one.reason, batch=one.batch.number,
        title=one.batch.title, at=one.answered_at,
    )  # fmt: skip


def state_words(fee: FeeInfo) -> str:
    """The state of an order in the reader's language."""
    return str(kernel.flow_of("fee").states[fee.state].label)


def troubles(at: datetime) -> list[str]:
    """What `/healthz` tells: money of which nothing is known for an hour."""
    late = at - timedelta(hours=1)
    sent = Item.objects.filter(state=ItemState.SENDING, claimed_at__lte=late).count()
    back = Refund.objects.filter(waits=True, sent_at__lte=late).count()
    papers = Receipt.objects.filter(digest="", at__lte=late).count()
    told = [
        (sent, "payments sent and not answered"),
        (back, "refunds not answered"),
        (papers, "receipts not made"),
    ]
    return [f"{count} {words}" for count, words in told if count]
