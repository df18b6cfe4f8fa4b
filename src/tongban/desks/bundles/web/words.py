"""Bundles, offers and orders as pages show them, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from tongban.actors import api as actors
from tongban.desks.bundles.contracts import (
    ORDER,
    PROVIDER,
    Figures,
    Level,
    OfferInfo,
    OrderInfo,
    Price,
    ProviderInfo,
    Words,
)
from tongban.desks.bundles.planning import need_of
from tongban.desks.bundles.reading import shelf
from tongban.kernel import api as kernel
from tongban.web import formats
from tongban.web.contracts import TimelineEntry

TONES = {
    "returned": "near", "quoted": "near", "delivered": "near", "disputed": "overdue", "suspended": "overdue", "expired": "near",
    "asked_more": "near", "asked": "info", "accepted": "info", "agreed": "info", "applied": "info",
}  # fmt: skip


def said(words: Words) -> str:
    """A text in the reader's language."""
    return words.en if formats.english() else words.zh


def state_of(kind: str, state: str, *, told: bool) -> str:
    """A state in words; `told` as the applicant reads it."""
    known = kernel.flow_of(kind).states[state]
    return str((told and known.told) or known.label)


def region_names(codes: Iterable[str]) -> str:
    """Divisions in words."""
    names = []
    for code in codes:
        try:
            found = actors.region(code)
        except actors.NotKnownError:
            continue
        names.append(found.name_en if formats.english() and found.name_en else found.name)
    return (", " if formats.english() else "、").join(names)


def category_names(keys: Iterable[str]) -> str:
    """Categories of providers in words."""
    known = shelf().market.categories
    names = [known[key].name_en if formats.english() else known[key].name for key in keys if key in known]
    return (", " if formats.english() else "、").join(names)


def price_of(one: OfferInfo) -> str:
    """What an offer costs."""
    if one.price == Price.FIXED:
        return f"{formats.money(one.price_fen)} / {unit_of(one.unit)}"
    return str(Price(one.price).label)


def unit_of(unit: str) -> str:
    """What a price is for; in English where the market's file has it."""
    return shelf().market.units.get(unit, unit) if formats.english() else unit


def figures_of(found: Figures) -> list[tuple[str, str]]:
    """Public figures, each with what it is a share of; nothing where nothing was counted."""
    lines = [
        (_("按时接单"), found.answered, found.asked), (_("按期交付"), found.on_time, found.delivered),
        (_("满意"), found.satisfied, found.rated),
    ]  # fmt: skip
    told = [(name, f"{part}/{whole}") for name, part, whole in lines if whole]
    return [*told, (_("争议"), str(found.disputes))] if found.asked or found.disputes else told


def provider_line(one: ProviderInfo, figures: Figures | None = None) -> dict[str, Any]:
    """One provider."""
    return {
        "provider": one, "categories": category_names(one.categories), "regions": region_names(one.regions),
        "intro": said(one.intro), "state": state_of(PROVIDER, one.state, told=True), "tone": TONES.get(one.state, ""),
        "figures": figures_of(figures) if figures else [],
    }  # fmt: skip


def offer_line(one: OfferInfo) -> dict[str, Any]:
    """One offer with its provider's figures."""
    return {
        "offer": one, "title": said(one.title), "price": price_of(one), "figures": figures_of(one.figures),
        "need": said(need_of(one.need).name), "regions": region_names(one.regions), "state": str(one.state.label),
    }  # fmt: skip


def order_line(one: OrderInfo, *, told: bool) -> dict[str, Any]:
    """One order; `told` as the company reads its state."""
    return {
        "order": one, "title": said(one.offer.title), "state": state_of(ORDER, one.state, told=told),
        "tone": TONES.get(one.state, ""), "price": price_of(one.offer), "level": str(Level(one.level).label) if one.level else "",
        "need": said(need_of(one.offer.need).name),
    }  # fmt: skip


def happened(row: kernel.DocketRow, *, at: datetime, told: bool) -> list[TimelineEntry]:
    """What happened, newest first, with the reasons that were given; `told` in the company's words, else in the flow's."""
    found = []
    for entry in kernel.timeline(row, at=at, for_applicant=True):
        given = entry.happening.body.get("data") or {}
        note = next((str(given[key]) for key in ("reason", "ruling") if given.get(key)), "")
        found.append(TimelineEntry(entry.happening.at, entry.told if told else entry.label, note=note))
    return found
