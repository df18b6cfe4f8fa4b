"""Offers, providers and orders of the demo city, by what their pages must show; part of `arranging`."""

from __future__ import annotations


def arranged() -> dict[str, str]:
    """Lantian's delivered order, one that the law firm has to answer, one in dispute: as the demo city has them."""
    from tongban.desks.bundles.models import Offer, Order

    orders = Order.objects.select_related("docket")
    ordered = orders.filter(docket__state="delivered", docket__applicant="organisation:2")[0].docket
    asked = orders.filter(docket__state="asked")[0]
    offer = Offer.objects.filter(need="contract-review", state="shown").select_related("provider__docket")[0]
    return {
        "offer": str(offer.pk), "provider": offer.provider.docket.number, "ordered": ordered.number, "served": ordered.applicant,
        "asked": asked.docket.number, "contested": orders.filter(docket__state="disputed")[0].docket.number,
    }  # fmt: skip
