"""The panels of a service order and of a provider."""

from __future__ import annotations

from tongban.desks.bundles import api as bundles
from tongban.faces.workbench.panels.base import Asked, Choosing, Panel, register, register_choosing
from tongban.kernel.files.selectors import attachments
from tongban.web import formats


@register("service_order")
def order_panels(asked: Asked) -> list[Panel]:
    """What was ordered from whom, what was agreed, delivered and said; the contact is masked unless revealed."""
    order = bundles.order_behind(asked.row.id)
    if order is None:
        return []
    context = {
        "order": order, "title": _said(order.offer.title), "clear": asked.clear, "hidden": not asked.clear,
        "contact": order.contact if asked.clear else formats.mask_name(order.contact),
        "phone": order.phone if asked.clear else formats.mask_phone(order.phone),
        "level": str(bundles.Level(order.level).label) if order.level else "",
    }  # fmt: skip
    return [Panel("workbench/panels/service_order.html", context)]


def _evidence(asked: Asked) -> set[int]:
    return {one.pk for one in attachments(asked.row.id, slot=bundles.SLOT)}


@register("provider", files=_evidence)
def provider_panels(asked: Asked) -> list[Panel]:
    """Who it is, what it proves, what it offers."""
    provider = bundles.provider_behind(asked.row.id)
    if provider is None:
        return []
    known = bundles.shelf().market.categories
    english = formats.english()
    context = {
        "provider": provider, "intro": _said(provider.intro), "row": asked.row,
        "categories": [(known[key].name_en, known[key].proof_en) if english else (known[key].name, known[key].proof)
                       for key in provider.categories],
        "papers": attachments(asked.row.id, slot=bundles.SLOT),
        "offers": [{"offer": one, "title": _said(one.title), "state": str(one.state.label),
                    "price": _price(one)} for one in bundles.offers_of(asked.row.id)],
    }  # fmt: skip
    return [Panel("workbench/panels/provider.html", context)]


@register_choosing("provider")
def choose_offer(asked: Asked, move: str) -> Choosing:
    """Offers that the move can be made for."""
    states = {
        "show_offer": {bundles.OfferState.CHECKING},
        "refuse_offer": {bundles.OfferState.CHECKING, bundles.OfferState.SHOWN},
        "withdraw_offer": {bundles.OfferState.CHECKING, bundles.OfferState.SHOWN},
    }.get(move)
    if states is None:
        return Choosing()
    found = [one for one in bundles.offers_of(asked.row.id) if one.state in states]
    choices = [(str(one.id), f"{_said(one.title)} · {_price(one)}") for one in found]
    return Choosing(choices={"offer": choices}, initial={"offer": choices[0][0]} if choices else {})


def _said(words: bundles.Words) -> str:
    return words.en if formats.english() else words.zh


def _price(one: bundles.OfferInfo) -> str:
    if one.price == bundles.Price.FIXED:
        return f"{formats.money(one.price_fen)} / {one.unit}"
    return str(one.price.label)
