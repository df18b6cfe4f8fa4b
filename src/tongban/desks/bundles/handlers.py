"""What company and provider are told. Whoever makes a move is not told of it; the other one is."""

from __future__ import annotations

from typing import Any

from tongban.desks.bundles.models import Order, Provider
from tongban.desks.bundles.reading import shelf
from tongban.kernel.models import Docket
from tongban.kernel.outbox.relay import News, on
from tongban.registers.messages import api as messages

TO_COMPANY = {
    "agreed": "bundles.agreed", "accepted": "bundles.accepted", "quoted": "bundles.quoted", "returned": "bundles.returned",
    "delivered": "bundles.delivered", "confirmed": "bundles.presumed",
}  # fmt: skip


def _send(to: str, template: str, row: Docket, news: News, **context: Any) -> None:
    if to:
        messages.send(
            to=to, template=template, docket=row.number, at=news.at, key=f"event:{news.id}:{to}",
            context={"number": row.number, "title": row.title, **context},
        )  # fmt: skip


def _order(news: News) -> tuple[Docket, Order]:
    own = Order.objects.select_related("docket", "provider").get(pk=news.docket or 0)
    return own.docket, own


@on("service_order.opened", "service_order.choose", "service_order.pass_on", "service_order.decline")
def asked(news: News) -> None:
    """A provider has a new order to answer, or the company has to choose."""
    row, own = _order(news)
    if row.state == "asked" and own.provider is not None:
        _send(own.provider.party, "bundles.asked", row, news, due=row.due_at or news.at)
    elif row.state == "returned":
        _send(row.applicant, "bundles.returned", row, news)


@on(
    "service_order.accept",
    "service_order.quote",
    "service_order.deliver",
    "service_order.give_up",
    "service_order.presume",
)
def told_company(news: News) -> None:
    """How the order goes on. A delivery says what silence will mean, and until when."""
    row, _own = _order(news)
    template = TO_COMPANY.get(row.state)
    if template:
        days = shelf().market.limits["confirm"].amount
        _send(row.applicant, template, row, news, due=row.due_at or news.at, days=days)


@on("service_order.overdue", "service_order.lapse")
def late(news: News) -> None:
    """The provider is late, or the order ended by time."""
    row, _own = _order(news)
    _send(row.applicant, "bundles.late" if row.state == "agreed" else "bundles.lapsed", row, news)


@on(
    "service_order.agree",
    "service_order.ask_again",
    "service_order.redo",
    "service_order.confirm",
    "service_order.cancel",
)
def told_provider(news: News) -> None:
    """What the company decided."""
    row, own = _order(news)
    if own.provider is not None:
        _send(own.provider.party, "bundles.company-decided", row, news)


@on("service_order.dispute", "service_order.go_on", "service_order.hold", "service_order.part")
def disputed(news: News) -> None:
    """Both parties hear of a dispute and of what came of it."""
    row, own = _order(news)
    template = "bundles.disputed" if row.state == "disputed" else "bundles.ruled"
    for party in {row.applicant, own.provider.party if own.provider else ""}:
        _send(party, template, row, news)


@on(
    "provider.admit", "provider.ask_more", "provider.refuse", "provider.suspend", "provider.resume", "provider.renew",
    "provider.expire", "provider.remove", "provider.show_offer", "provider.refuse_offer",
)  # fmt: skip
def standing(news: News) -> None:
    """How a provider stands, and what became of its offers; the words and the reason are on its page."""
    own = Provider.objects.select_related("docket").get(pk=news.docket or 0)
    _send(own.party, "bundles.provider", own.docket, news)
