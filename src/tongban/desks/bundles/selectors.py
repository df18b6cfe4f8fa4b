"""Reading providers, offers and orders. Figures and lists cost a constant number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.bundles import rules
from tongban.desks.bundles.contracts import (
    Figures,
    OfferInfo,
    OfferState,
    OrderInfo,
    Price,
    ProviderInfo,
    Statement,
    UnknownError,
    Words,
)
from tongban.desks.bundles.models import Ask, Offer, Order, Provider
from tongban.desks.bundles.reading import shelf
from tongban.kernel import api as kernel

ADMITTED = "admitted"
MOST = 200
OPEN_TO_PROVIDER = frozenset(
    {"accepted", "quoted", "agreed", "delivered", "confirmed", "disputed", "closed", "ended"}
)
"""States in which the provider reads whom to call."""


# Providers


def _provider(row: Provider, name: str) -> ProviderInfo:
    return ProviderInfo(
        docket=row.docket_id, number=row.docket.number, party=row.party, name=name, state=row.docket.state,
        categories=tuple(row.categories), intro=Words(row.intro, row.intro_en or row.intro), phone=row.phone,
        regions=tuple(row.regions), agreement=row.agreement, agreement_from=row.agreement_from,
        agreement_until=row.agreement_until,
    )  # fmt: skip


def _providers(rows: Iterable[Provider]) -> list[ProviderInfo]:
    found = list(rows)
    names = actors.names({row.party for row in found})
    return [_provider(row, names[row.party]) for row in found]


def providers(*, state: str = ADMITTED) -> list[ProviderInfo]:
    """Providers in a state, oldest first."""
    rows = Provider.objects.filter(docket__state=state).select_related("docket").order_by("docket")
    return _providers(rows[:MOST])


def provider(number: str) -> ProviderInfo:
    """An admitted or suspended provider by number: what everybody may read.

    :raises UnknownError: there is none
    """
    row = Provider.objects.filter(docket__number=number, docket__state__in=(ADMITTED, "suspended"))
    found = _providers(row.select_related("docket"))
    if not found:
        raise UnknownError(_("没有这家服务商，或者它已经退出。"))
    return found[0]


def provider_of(party: str) -> ProviderInfo | None:
    """The provider that an organisation is, or was last; None where it never applied."""
    row = Provider.objects.filter(party=party).select_related("docket").order_by("-live", "-docket").first()
    return _providers([row])[0] if row else None


def provider_behind(docket: int) -> ProviderInfo | None:
    """The provider of a docket; the caller has made sure that the reader sees the docket."""
    found = _providers(Provider.objects.filter(pk=docket).select_related("docket"))
    return found[0] if found else None


def figures(providers: Collection[int]) -> dict[int, Figures]:
    """Public figures by provider's docket, in three queries."""
    asks: dict[int, list[tuple[str, int]]] = defaultdict(list)
    counted = (
        Ask.objects.filter(provider__in=providers).values_list("provider", "answer").annotate(n=Count("pk"))
    )
    for who, answer, number in counted.order_by():
        asks[who].append((answer, number))
    disputes = dict(
        Ask.objects.filter(provider__in=providers, disputed=True)
        .values_list("provider")
        .annotate(n=Count("pk"))
        .order_by()
    )
    times, levels = defaultdict(list), defaultdict(list)
    done = Order.objects.filter(provider__in=providers, delivered_at__isnull=False)
    for who, on_time, level in done.values_list("provider", "on_time", "level"):
        times[who].append(bool(on_time))
        if level:
            levels[who].append(level)
    return {one: rules.figures(asks[one], times[one], levels[one], disputes.get(one, 0)) for one in providers}


# Offers


def _offers(rows: Sequence[Offer]) -> list[OfferInfo]:
    known = {one.docket: one for one in _providers({row.provider_id: row.provider for row in rows}.values())}
    counted = figures(known)
    return [
        OfferInfo(
            id=row.pk, provider=known[row.provider_id], need=row.need, title=Words(row.title, row.title_en or row.title),
            scope=row.scope, terms=row.terms, price=Price(row.price), price_fen=row.price_fen, unit=row.unit, days=row.days,
            regions=tuple(row.regions or row.provider.regions), state=OfferState(row.state), reason=row.reason,
            figures=counted[row.provider_id],
        )
        for row in rows
    ]  # fmt: skip


def shown(
    needs: Collection[str], *, region: str, day: date, sort: str = "fair"
) -> dict[str, list[OfferInfo]]:
    """Offers by need that reach a division, of providers admitted now, in the order in which they are shown.

    :param region: empty for everywhere
    :param sort: one of `rules.SORTS`
    """
    rows = _in_force(day).filter(need__in=needs)
    chain = actors.region_chain(region) if region else ()
    found: dict[str, list[OfferInfo]] = {need: [] for need in needs}
    for one in rules.in_order(_offers(list(rows.select_related("provider__docket"))), day=day, sort=sort):
        if not region or rules.serves(one.regions, chain):
            found[one.need].append(one)
    return found


def _in_force(day: date) -> QuerySet[Offer, Offer]:
    """What is offered on a day: shown, of a provider that is admitted and whose agreement has not ended, to the day."""
    return Offer.objects.filter(
        state=OfferState.SHOWN, provider__docket__state=ADMITTED, provider__agreement_until__gte=day
    )


def offer(key: int, *, day: date) -> OfferInfo:
    """What an admitted provider offers on a day. :raises UnknownError: there is none"""
    found = _offers(list(_in_force(day).filter(pk=key).select_related("provider__docket")))
    if not found:
        raise UnknownError(_("没有这项服务，或者现在不提供。"))
    return found[0]


def offers_among(keys: Collection[int]) -> list[OfferInfo]:
    """Offers by id, whatever became of them."""
    return _offers(list(Offer.objects.filter(pk__in=keys).select_related("provider__docket").order_by("pk")))


def offers_of(provider: int) -> list[OfferInfo]:
    """Every offer of a provider, newest first."""
    rows = Offer.objects.filter(provider=provider).select_related("provider__docket").order_by("-pk")
    return _offers(list(rows[:MOST]))


def waiting_offers(units: Collection[str]) -> list[OfferInfo]:
    """Offers that wait to be checked by these units, oldest first."""
    rows = Offer.objects.filter(state=OfferState.CHECKING, provider__docket__unit__in=units)
    return _offers(list(rows.select_related("provider__docket").order_by("pk")[:MOST]))


# Orders


def _orders(rows: Sequence[Order], *, for_provider: bool) -> list[OrderInfo]:
    offers = {one.id: one for one in _offers(list({row.offer_id: row.offer for row in rows}.values()))}
    names = actors.names({row.docket.applicant for row in rows})
    said: dict[int, list[Statement]] = defaultdict(list)
    for row in rows:
        said[row.pk] = [Statement(one.by, one.amount_fen, one.on) for one in row.statements.all()]
    found = []
    for row in rows:
        docket, hidden = row.docket, for_provider and row.docket.state not in OPEN_TO_PROVIDER
        found.append(
            OrderInfo(
                docket=docket.id, number=docket.number, state=docket.state, company=docket.applicant,
                company_name=names[docket.applicant], offer=offers[row.offer_id], bundle=row.bundle, wish=row.wish,
                contact="" if hidden else row.contact, phone="" if hidden else row.phone, asked_at=docket.opened_at,
                quoted_fen=row.quoted_fen, quoted_days=row.quoted_days, quote_says=row.quote_says, agreed_fen=row.agreed_fen,
                agreed_days=row.agreed_days, delivered_at=row.delivered_at, delivered_says=row.delivered_says,
                on_time=row.on_time, by_silence=row.by_silence, level=row.level, said=row.said, dispute=row.dispute,
                ruling=row.ruling, statements=tuple(said[row.pk]), others_allowed=row.others,
            )
        )  # fmt: skip
    return found


def orders_of(company: str) -> list[OrderInfo]:
    """A company's orders, newest first."""
    rows = Order.objects.filter(docket__applicant=company).order_by("-pk")
    return _orders(_loaded(rows), for_provider=False)


def orders_at(party: str) -> list[OrderInfo]:
    """The orders that lie with a provider, newest first; whom to call only from acceptance on."""
    rows = Order.objects.filter(provider__party=party).order_by("-pk")
    return _orders(_loaded(rows), for_provider=True)


def _loaded(rows: QuerySet[Order, Order]) -> list[Order]:
    return list(
        rows.select_related("docket", "offer__provider__docket").prefetch_related("statements")[:MOST]
    )


def order_behind(docket: int, *, for_provider: bool = False) -> OrderInfo | None:
    """The order of a docket; the caller has made sure that the reader sees the docket."""
    found = _orders(_loaded(Order.objects.filter(pk=docket)), for_provider=for_provider)
    return found[0] if found else None


def titles(dockets: Collection[int]) -> dict[int, Words]:
    """What was ordered, by docket."""
    rows = Order.objects.filter(docket__in=list(dockets)).values_list(
        "docket", "offer__title", "offer__title_en"
    )
    return {docket: Words(title, title_en or title) for docket, title, title_en in rows}


def rated(regions: Collection[str], *, since: datetime, until: datetime) -> dict[int, int]:
    """How many orders of these divisions were rated with each level; a rating closes its order."""
    rows = Order.objects.filter(
        level__isnull=False, docket__region__in=list(regions), docket__closed_at__gte=since, docket__closed_at__lt=until
    )  # fmt: skip
    counted = rows.order_by().values_list("level").annotate(n=Count("pk"))
    return {level: n for level, n in counted if level is not None}


def following(order: Order, *, region: str, day: date) -> list[OfferInfo]:
    """Offers that an order may go to next: the same need, not asked yet, in the order of the day."""
    asked = set(order.asks.values_list("provider", flat=True))
    return [
        one for one in shown([order.offer.need], region=region, day=day)[order.offer.need]
        if one.provider.docket not in asked
    ]  # fmt: skip


def open_orders_of(provider: int, states: Collection[str]) -> list[int]:
    """Dockets of a provider's orders in these states."""
    return list(
        Order.objects.filter(provider=provider, docket__state__in=states).values_list("docket", flat=True)
    )


def confirm_days() -> int:
    """After so many days silence about a delivery counts as confirmation; every page that matters says so."""
    return shelf().market.limits["confirm"].amount


def seen(number: str, *, actor: kernel.Actor) -> kernel.DocketRow:
    """The docket of an order or a provider that the actor sees. :raises UnknownError: there is none"""
    try:
        return kernel.docket(kernel.normalise(number), actor=actor)
    except (ValueError, kernel.NotFound) as error:
        raise UnknownError(_("没有这个编号，或者不是您的。")) from error
