"""`/api/v1/bundles`, `/api/v1/offers`, `/api/v1/service-orders`: what there is, what the market offers, one's own orders.

Moves of an order are those of its docket: `POST /dockets/{number}/moves/{move}`.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Query, Router, Schema

from tongban.actors import api as actors
from tongban.desks.bundles import planning, selectors
from tongban.desks.bundles.contracts import BundlesError, OfferInfo, OrderInfo
from tongban.desks.bundles.reading import shelf
from tongban.kernel.web.rest import acting
from tongban.registers.identity.rest_auth import signed_in
from tongban.web.problems import Refusal, explain

router = Router(tags=["bundles"])

explain(
    BundlesError,
    lambda error: Refusal(
        404 if error.code == "unknown" else 422,
        f"bundles:{error.code}",
        error.reason,
        possible=error.possible,
    ),
)


class BundleOut(Schema):
    """One kind of thing. `needs` are keys of the services that the market offers in it."""

    slug: str
    name: str
    name_en: str
    summary: str
    needs: list[str]


class BundlesOut(Schema):
    items: list[BundleOut]


class OfferOut(Schema):
    """One offer. `price` is fixed, free or quote; `price_fen` integer fen for a fixed one; `days` working days."""

    id: int
    provider: str = Field(description="name of the provider")
    provider_number: str
    title: str
    scope: str
    terms: str
    price: str
    price_fen: int | None
    unit: str
    days: int
    delivered: int
    on_time: int
    rated: int
    satisfied: int
    disputes: int


class Asked(Schema):
    """Which offers: for a need (see `/bundles`), and a division where not the whole city."""

    need: str = Field(pattern=r"^[a-z0-9-]{1,40}$")
    region: str = Field("", pattern=r"^[0-9]{0,12}$")


class OffersOut(Schema):
    """Offers in the order of the day: it cannot be bought, and changes with the date."""

    items: list[OfferOut]


class OrderOut(Schema):
    """One order. Money is integer fen, agreed between the parties; the platform takes none. `side` is company or provider."""

    number: str
    side: str
    state: str
    title: str
    provider: str
    company: str
    agreed_fen: int | None
    agreed_days: int | None
    asked_at: datetime
    delivered_at: datetime | None
    on_time: bool | None
    level: int | None


class OrdersOut(Schema):
    items: list[OrderOut]


@router.get("/bundles", response=BundlesOut, auth=None, summary="一类事 · kinds of things")
def bundles(request: HttpRequest) -> dict[str, Any]:
    """Every kind of thing."""
    del request
    found = [ready.bundle for ready in shelf().bundles.values()]
    return {
        "items": [
            {
                "slug": one.slug, "name": one.name, "name_en": one.name_en, "summary": one.summary,
                "needs": [line.key for line in one.market],
            }
            for one in found
        ]
    }  # fmt: skip


@router.get("/offers", response=OffersOut, auth=None, summary="市场服务 · what the market offers")
def offers(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    """Offers for a need that reach a division (default: the whole city)."""
    del request
    known, day = planning.need_of(asked.need), actors.day_of(timezone.now())
    place = "" if asked.region == settings.ROOT_REGION else asked.region
    return {"items": [_offer(one) for one in selectors.shown([known.key], region=place, day=day)[known.key]]}


@router.get(
    "/service-orders", response=OrdersOut, auth=signed_in, summary="我的增值服务订单 · my service orders"
)
def orders(request: HttpRequest) -> dict[str, Any]:
    """Orders of the companies and of the providers for which the caller acts, newest first, at most 200 each."""
    found = []
    for party in sorted(acting(request).parties):
        found += [_order(one, "company") for one in selectors.orders_of(party)]
        found += [_order(one, "provider") for one in selectors.orders_at(party)]
    return {"items": found}


def _offer(one: OfferInfo) -> dict[str, Any]:
    figures = one.figures
    return {
        "id": one.id, "provider": one.provider.name, "provider_number": one.provider.number, "title": one.title.zh,
        "scope": one.scope, "terms": one.terms, "price": str(one.price.value), "price_fen": one.price_fen, "unit": one.unit,
        "days": one.days, "delivered": figures.delivered, "on_time": figures.on_time, "rated": figures.rated,
        "satisfied": figures.satisfied, "disputes": figures.disputes,
    }  # fmt: skip


def _order(one: OrderInfo, side: str) -> dict[str, Any]:
    return {
        "number": one.number, "side": side, "state": one.state, "title": one.offer.title.zh,
        "provider": one.offer.provider.name, "company": one.company_name, "agreed_fen": one.agreed_fen,
        "agreed_days": one.agreed_days, "asked_at": one.asked_at, "delivered_at": one.delivered_at, "on_time": one.on_time,
        "level": one.level,
    }  # fmt: skip
