"""Orders in the export of one's own data, and what goes when their time is over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tongban.desks.bundles import selectors
from tongban.desks.bundles.models import Order, Provider
from tongban.kernel.files.destroying import destroy_attachments
from tongban.registers.identity.privacy import api as privacy


def orders(party: str, _at: datetime) -> Iterable[privacy.Section]:
    """What a company ordered and what it said."""
    records = [
        {
            "number": one.number, "title": one.offer.title.zh, "wish": one.wish, "contact": one.contact, "phone": one.phone,
            "state": one.state, "agreed_fen": one.agreed_fen, "level": one.level, "said": one.said, "at": one.asked_at,
        }
        for one in selectors.orders_of(party)
    ]  # fmt: skip
    yield privacy.Section("service_orders", {"zh": "增值服务订单", "en": "Service orders"}, records)


def destroy_orders(dockets: list[int], _at: datetime) -> int:
    """Who was to be called, what was wanted and said."""
    rows = Order.objects.filter(pk__in=dockets)
    blank = rows.update(
        wish="", contact="", phone="", said="", dispute="", ruling="", quote_says="", delivered_says=""
    )
    return blank + destroy_attachments(dockets)


def destroy_providers(dockets: list[int], _at: datetime) -> int:
    """Evidence and numbers of a provider; its orders have a time of their own."""
    return Provider.objects.filter(pk__in=dockets).update(proof_number="", phone="") + destroy_attachments(
        dockets
    )


privacy.register_source("8-service-orders", orders)
privacy.register_destroyer("service_order", destroy_orders)
privacy.register_destroyer("provider", destroy_providers)
