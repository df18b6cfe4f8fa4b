"""What payers and payees are told."""

from __future__ import annotations

from tongban.kernel.outbox.relay import News, on
from tongban.registers.messages import api as messages
from tongban.registers.payments import events, rules
from tongban.registers.payments.models import Item, Order, Refund


@on(events.FEE_PAID)
def paid(news: News) -> None:
    """The money is there, the receipt can be downloaded."""
    order = Order.objects.get(docket=news.docket or 0)
    messages.send(
        to=order.payer, template="payment.paid", docket=order.number, at=news.at, key=f"event:{news.id}",
        context={
            "what": {"zh": order.what, "en": order.what_en or order.what}, "number": order.number,
            "amount": rules.amount_words(order.amount_fen),
        },
    )  # fmt: skip


@on(events.REFUNDED, "refund.by_hand", "refund.decline")
def refund_decided(news: News) -> None:
    """It was given back, or not."""
    row = Refund.objects.select_related("taking__order").get(docket=news.docket or 0)
    order = row.taking.order
    if order is None:
        return
    template = "payment.not-refunded" if news.topic == "refund.decline" else "payment.refunded"
    messages.send(
        to=order.payer, template=template, docket=order.number, at=news.at, key=f"event:{news.id}",
        context={
            "what": {"zh": order.what, "en": order.what_en or order.what}, "number": order.number,
            "amount": rules.amount_words(row.amount_fen),
        },
    )  # fmt: skip


@on(events.ITEMS_ANSWERED)
def arrived(news: News) -> None:
    """Money of a batch is in somebody's account."""
    keys = [one["key"] for one in news.body["items"] if one["state"] == "paid"]
    for item in Item.objects.filter(key__in=keys, batch__number=news.body["batch"]).select_related("batch"):
        messages.send(
            to=item.payee, template="payment.arrived", docket=item.batch.number, at=news.at,
            key=f"paid:{item.pk}:{item.attempt}",
            context={
                "title": item.batch.title, "amount": rules.amount_words(item.amount_fen), "bank": item.bank,
                "account": rules.mask_account(item.account),
            },
        )  # fmt: skip
