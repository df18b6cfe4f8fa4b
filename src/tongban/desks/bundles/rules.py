"""Pure decisions of bundles: the order in which offers stand, what an offer may not promise, what a provider's figures are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date

from tongban.desks.bundles.contracts import BAD_FROM, MOST_FEN, Answer, Figures, OfferInfo, Price

SORTS = ("fair", "price", "days", "satisfied")


def turn(offer: int, day: date) -> str:
    """The place of an offer on a day: as if drawn by lot anew every day, and the same for every reader."""
    return hashlib.sha256(f"{day.isoformat()}:{offer}".encode()).hexdigest()


def in_order(offers: Iterable[OfferInfo], *, day: date, sort: str = "fair") -> list[OfferInfo]:
    """Offers as they are shown. No sort knows money paid for a place, since none can be paid.

    ``fair`` is the lot of the day alone; the others put equal ones in its order. Whoever is not rated stands in the middle
    of ``satisfied``, so that newcomers are neither hidden nor preferred; offers by quote come after prices.
    """
    drawn = sorted(offers, key=lambda one: turn(one.id, day))
    if sort == "price":
        return sorted(drawn, key=lambda one: (one.price == Price.QUOTE, one.price_fen or 0))
    if sort == "days":
        return sorted(drawn, key=lambda one: one.days)
    if sort == "satisfied":
        return sorted(drawn, key=lambda one: -_share(one.figures))
    return drawn


def _share(figures: Figures) -> float:
    return figures.satisfied / figures.rated if figures.rated else 0.5


def may_follow(first: OfferInfo, other: OfferInfo) -> bool:
    """Whether an order may pass from one offer to another without asking the company again: never at a higher price.

    A quote binds nobody before the company agrees to it, so an offer by quote may always follow.
    """
    if other.need != first.need or other.id == first.id:
        return False
    if other.price != Price.FIXED:
        return True
    return (
        first.price == Price.FIXED
        and (other.price_fen or 0) <= (first.price_fen or 0)
        and other.unit == first.unit
    )


def serves(regions: Sequence[str], chain: Sequence[str]) -> bool:
    """Whether an offer for these divisions (none: everywhere) reaches a place, given as the chain of its divisions."""
    return not regions or not set(regions).isdisjoint(chain)


def forbidden_in(text: str, words: Iterable[str]) -> str:
    """The first of the words that an offer must not promise; empty where there is none."""
    plain = "".join(text.split())
    return next((word for word in words if word in plain), "")


def is_price(price: str, fen: int | None) -> bool:
    """Whether a price is one: an amount for a marked price, none for a free service or a quote."""
    if price == Price.FIXED:
        return fen is not None and 0 < fen <= MOST_FEN
    return price in Price.values and fen is None


def figures(
    asks: Iterable[tuple[str, int]], delivered: Iterable[bool], levels: Iterable[int], disputes: int
) -> Figures:
    """Figures from counted answers, from whether each delivery was in time, and from levels of satisfaction."""
    counted = dict.fromkeys(Answer.values, 0)
    for answer, number in asks:
        counted[answer] += number
    answered = counted[Answer.ACCEPTED] + counted[Answer.DECLINED] + counted[Answer.GAVE_UP]
    times, said = list(delivered), list(levels)
    return Figures(
        asked=answered + counted[Answer.SILENT], answered=answered, delivered=len(times), on_time=sum(times),
        rated=len(said), satisfied=sum(level < BAD_FROM for level in said), disputes=disputes,
    )  # fmt: skip
